// Samples one node over SSH while anyone watches it: one connection with one command, started again when it breaks, ended with the last
// watcher. What was sampled stays for the window, so that a look away leaves a gap and no more.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, toErrorShape } from '../../../../shared/errors.js';
import { type NodeTelemetry, TELEMETRY_INTERVAL_MS, TELEMETRY_WINDOW_MS } from '../../../../shared/telemetry.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import { silentInput } from '../../../adapters/ssh/silent-input.js';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';
import type { ConnectOutcome } from '../access/connect-outcome.js';
import { TelemetryParser } from './parse-telemetry.js';
import { TELEMETRY_COMMAND } from './telemetry-command.js';

export interface NodeSamplerOptions {
  node: TestbedNode;
  connect: (node: TestbedNode, signal: AbortSignal) => Promise<ConnectOutcome>;
  nowMs: () => number;
  /** Real ms before it is tried again after a failure; 5,000 when absent. */
  retryMs?: number;
  /** Real ms without a sample after which the command counts as stuck; seven intervals when absent. */
  silenceMs?: number;
}

const DEFAULT_RETRY_MS = 5_000;
const DEFAULT_SILENCE_MS = 7 * TELEMETRY_INTERVAL_MS;
/** Real ms that the command gets to end by itself; then its connection is closed, which ends it too. */
const END_WITHIN_MS = 1_000;
/** No command of SSH may be without a limit; this one is a matter of form: the longest that a timer can wait. */
const NO_LIMIT_MS = 2 ** 31 - 1;

export class NodeSampler {
  readonly topic = new ChangeTopic();
  readonly #options: NodeSamplerOptions;
  #state: NodeTelemetry;
  #watchers = 0;
  #running: { cancelling: AbortController; ended: Promise<void> } | null = null;

  constructor(options: NodeSamplerOptions) {
    this.#options = options;
    this.#state = {
      nodeId: options.node.id,
      state: 'connecting',
      source: null,
      isOfHost: options.node.kind === 'virtual',
      problem: null,
      samples: [],
    };
  }

  snapshot(): NodeTelemetry {
    const since = this.#options.nowMs() - TELEMETRY_WINDOW_MS;
    return { ...this.#state, samples: this.#state.samples.filter(({ atMs }) => atMs >= since) };
  }

  /** Samples until the returned function is called, and as long as others watch. */
  watch(): () => void {
    if (this.#watchers++ === 0) this.#start();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#watchers === 0) this.#running?.cancelling.abort();
    };
  }

  /** Ends what runs, and waits for its end. */
  async close(): Promise<void> {
    this.#running?.cancelling.abort();
    await this.#running?.ended;
  }

  #start(): void {
    const cancelling = new AbortController();
    const former = this.#running?.ended ?? Promise.resolve();
    this.#running = { cancelling, ended: former.then(() => this.#run(cancelling.signal)) };
  }

  /** Never throws: a failure is reported and tried again. */
  async #run(signal: AbortSignal): Promise<void> {
    const { retryMs = DEFAULT_RETRY_MS } = this.#options;
    while (!signal.aborted) {
      this.#change({ state: 'connecting' });
      try {
        const problem = await this.#sample(signal);
        if (signal.aborted) return;
        if (problem) this.#change({ state: 'failed', problem: problem.toShape() });
      } catch (thrown) {
        if (signal.aborted) return;
        this.#change({ state: 'failed', problem: toErrorShape(thrown) });
      }
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until the signal, or until it can't continue: returns why. */
  async #sample(signal: AbortSignal): Promise<AppError | null> {
    const { node, connect, nowMs, silenceMs = DEFAULT_SILENCE_MS } = this.#options;
    const outcome = await connect(node, signal);
    if (outcome.kind !== 'connected') return outcome.error;
    const { connection } = outcome;
    const ending = new AbortController();
    const givingUp = new AbortController();
    let patience: NodeJS.Timeout | undefined;
    ending.signal.addEventListener('abort', () => (patience = setTimeout(() => givingUp.abort(), END_WITHIN_MS)), { once: true });
    const endNow = (): void => ending.abort();
    signal.addEventListener('abort', endNow, { once: true });
    if (signal.aborted) endNow();
    const parser = new TelemetryParser();
    let isSilent = false;
    let silence: NodeJS.Timeout | undefined;
    const expectMore = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        isSilent = true;
        ending.abort();
      }, silenceMs);
    };
    try {
      const { stderr } = await connection.exec(TELEMETRY_COMMAND, {
        // Open until it is enough: its end is what ends the command on the node.
        stdin: silentInput(untilAborted(ending.signal)),
        signal: givingUp.signal,
        timeoutMs: NO_LIMIT_MS,
        maxOutputBytes: 1024,
        onOutput: (chunk, stream) => {
          const samples = stream === 'stdout' ? parser.take(chunk, nowMs()) : [];
          // Before its first word it is not silent but not there yet, which SSH bounds.
          if (samples.length === 0 && silence !== undefined) return;
          expectMore();
          if (samples.length > 0) this.#keep(samples, parser.source);
        },
      });
      if (!signal.aborted && !isSilent) return endedError(node, stderr);
    } catch (thrown) {
      // Given up after it was asked to end: that is no failure of its own.
      if (!ending.signal.aborted) throw thrown;
    } finally {
      clearTimeout(silence);
      // Also lets go of an input that no one reads any more.
      ending.abort();
      clearTimeout(patience);
      signal.removeEventListener('abort', endNow);
      connection.close();
    }
    return isSilent ? silentError(node) : null;
  }

  #keep(samples: NodeTelemetry['samples'], source: NodeTelemetry['source']): void {
    const kept = this.snapshot().samples;
    this.#change({ state: 'live', source, problem: null, samples: [...kept, ...samples] });
  }

  #change(change: Partial<NodeTelemetry>): void {
    this.#state = { ...this.#state, ...change };
    this.topic.announce();
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function silentError(node: TestbedNode): AppError {
  return new AppError(
    'ssh-command-failed',
    `Node "${node.name}" no longer reports anything about its hardware.`,
    'It is tried again. Look at the load of the node.',
  );
}

function endedError(node: TestbedNode, stderr: string): AppError {
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  return new AppError(
    'ssh-command-failed',
    `The telemetry of node "${node.name}" ended by itself${said ? ` (${said.replace(/\p{C}/gu, ' ')})` : ''}.`,
    `It is tried again. Check that the account ${node.user} has a shell there.`,
  );
}
