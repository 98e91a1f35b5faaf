// Keeps the clocks of nodes that allow it: every few minutes each is measured over SSH, and moved where it is off. Never while anything uses its
// testbed, and never against a time server that the node follows by itself.
import { setTimeout as delay } from 'node:timers/promises';
import type { ClockKeeping, KeptClock } from '../../../../shared/clock-keeping.js';
import { AppError, notThere, toErrorShape } from '../../../../shared/errors.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import type { Log } from '../../../adapters/log/log.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { NodeConnector } from '../access/node-connector.js';
import { type KeptLook, lookAtKeptClock } from './look-at-kept-clock.js';

export interface ClockKeeperOptions {
  testbeds: Pick<TestbedRepository, 'listTestbeds' | 'getTestbed'>;
  connector: Pick<NodeConnector, 'connect'>;
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
  log: Pick<Log, 'warn'>;
  nowMs: () => number;
  /** Real ms between two looks; ten minutes when absent: a quartz of a board drifts by some 30 ms in that time. */
  intervalMs?: number;
  /** Real ms for which a testbed's clocks are left alone after `hold`; a minute when absent. */
  holdMs?: number;
}

const INTERVAL_MS = 600_000;
const HOLD_MS = 60_000;
const NODES_AT_ONCE = 8;

export class ClockKeeper {
  readonly #options: ClockKeeperOptions;
  readonly #closing = new AbortController();
  readonly #looks = new Map<string, KeptLook>();
  /** One look at a testbed at a time. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #heldUntilMs = new Map<string, number>();
  #schedule: Promise<void> | null = null;

  constructor(options: ClockKeeperOptions) {
    this.#options = options;
  }

  /** Looks at all kept clocks from now on, until `close`. */
  start(): void {
    this.#schedule ??= this.#keepLooking();
  }

  /** Throws `not-found`. */
  status(testbedId: string): ClockKeeping {
    const testbed = this.#testbed(testbedId);
    return {
      testbedId,
      isScheduled: this.#schedule !== null,
      intervalMs: this.#intervalMs,
      waitsFor: this.#options.describeUse(testbedId),
      nodes: testbed.nodes.filter(({ kind }) => kind !== 'virtual').map((node) => this.#describe(node)),
    };
  }

  /** Measures the kept clocks of a testbed now, and moves those that are off. Throws `not-found`, and `conflict` while something uses the testbed. */
  async look(testbedId: string): Promise<ClockKeeping> {
    const testbed = this.#testbed(testbedId);
    const use = this.#options.describeUse(testbedId);
    if (use)
      throw new AppError('conflict', `The clocks of testbed "${testbed.name}" are left alone while ${use}.`, 'Wait until it has ended.');
    await this.#lookAt(testbed);
    return this.status(testbedId);
  }

  /** Resolves when no clock of the testbed is being moved, and none will be for a minute: by then what is about to use it is known. */
  async hold(testbedId: string): Promise<void> {
    this.#heldUntilMs.set(testbedId, performance.now() + (this.#options.holdMs ?? HOLD_MS));
    await this.#underWay.get(testbedId);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#schedule, ...this.#underWay.values()]);
  }

  get #intervalMs(): number {
    return this.#options.intervalMs ?? INTERVAL_MS;
  }

  async #keepLooking(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // What waits for its time keeps no program alive.
      await delay(this.#intervalMs, null, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      const kept = this.#options.testbeds.listTestbeds().filter(({ nodes }) => nodes.some(isKept));
      for (const testbed of kept) if (this.#mayMove(testbed.id)) await this.#lookAt(testbed);
    }
  }

  #mayMove(testbedId: string): boolean {
    return this.#options.describeUse(testbedId) === null && performance.now() >= (this.#heldUntilMs.get(testbedId) ?? 0);
  }

  /** Never throws. */
  async #lookAt(testbed: Testbed): Promise<void> {
    const before = this.#underWay.get(testbed.id);
    const looking = (async () => {
      await before;
      const waiting = testbed.nodes.filter(isKept).values();
      const lane = async (): Promise<void> => {
        for (const node of waiting) await this.#lookAtOne(node);
      };
      await Promise.all(Array.from({ length: NODES_AT_ONCE }, lane));
    })();
    this.#underWay.set(testbed.id, looking);
    await looking;
    if (this.#underWay.get(testbed.id) === looking) this.#underWay.delete(testbed.id);
  }

  async #lookAtOne(node: TestbedNode): Promise<void> {
    const { connector, nowMs, recordEvent, log } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted) return;
    const former = this.#looks.get(node.id);
    try {
      const look = await lookAtKeptClock(node, { connector, nowMs, signal, mayMove: () => this.#mayMove(node.testbedId) });
      const moved = look.movedAtMs === null && former ? { movedAtMs: former.movedAtMs, movedByMs: former.movedByMs } : {};
      this.#looks.set(node.id, { ...look, ...moved });
      if (look.movedByMs !== null) {
        const message = `Moved the clock of node "${node.name}" by ${look.movedByMs} ms.`;
        recordEvent({ kind: 'clock-moved', subjectId: node.id, message });
      }
      if (look.problem !== null && look.problem !== former?.problem) log.warn(`${node.name}: ${look.problem}`);
    } catch (thrown) {
      if (signal.aborted) return;
      const { message } = toErrorShape(thrown);
      if (message !== former?.problem) log.warn(`The clock of node "${node.name}" was not looked at: ${message}`);
      const known = former ?? { offsetMs: null, errorMs: null, movedAtMs: null, movedByMs: null };
      this.#looks.set(node.id, { ...known, lookedAtMs: nowMs(), offsetMs: null, errorMs: null, problem: message });
    }
  }

  #describe(node: TestbedNode): KeptClock {
    const look = this.#looks.get(node.id) ?? {
      lookedAtMs: null,
      offsetMs: null,
      errorMs: null,
      movedAtMs: null,
      movedByMs: null,
      problem: null,
    };
    return { nodeId: node.id, nodeName: node.name, isKept: isKept(node), ...look };
  }

  #testbed(testbedId: string): Testbed {
    const testbed = this.#options.testbeds.getTestbed(testbedId);
    if (!testbed) throw notThere('testbed', testbedId);
    return testbed;
  }
}

function isKept({ kind, facts }: TestbedNode): boolean {
  return kind !== 'virtual' && facts?.isClockKept === true;
}
