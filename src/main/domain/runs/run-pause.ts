// How a run comes to stand still, and continues.
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import { agreeOnClock, type ClockOptions } from './agree-on-clock.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { RunNodes } from './run-nodes.js';
import type { TaskBoard } from './task-board.js';

export interface RunPauseOptions extends ClockOptions {
  board: TaskBoard;
  leases: LeaseKeeper;
  nodes: RunNodes;
  /** Tries at once whether what keeps a run from being stored is over. */
  tryStorage(): Promise<boolean>;
  /** The run continues: what waited meanwhile can be done. */
  wentOn(): void;
  record(kind: string, message: string): void;
}

export class RunPause {
  readonly #options: RunPauseOptions;
  #isTakingBack = false;

  constructor(options: RunPauseOptions) {
    this.#options = options;
  }

  /**
   * Sends nothing more, takes back what waits on the nodes, and lets end what computes there. When the last of it is home the run stands
   * still, and its clock with it: its figures hold as if there had been no pause, but for the moments in which nodes had run dry.
   */
  async pause(): Promise<void> {
    const { life } = this.#options;
    if (life.state !== 'running') return;
    life.update({ state: 'paused' });
    await this.#takeBackAll();
  }

  async resume(): Promise<void> {
    const { life, nodes, closed, wentOn } = this.#options;
    if (life.state !== 'paused' || life.isResuming) return;
    if (life.isHeldByStorage) return void (await this.#options.tryStorage());
    if (life.isStandingStill) {
      const startsAtMs = await this.#gatherAgain();
      if (closed.aborted || life.state !== 'paused') return;
      life.update({ state: 'running' }, startsAtMs);
    } else {
      life.update({ state: 'running' });
    }
    await nodes.sayHold();
    wentOn();
  }

  /** Call now and then: again and again until the run stands still, because a task that an agent offered while it was asked is still out. */
  check(): void {
    const { board, life } = this.#options;
    if (life.isPausedByUser && board.sentCount > 0 && !this.#isTakingBack) void this.#takeBackAll();
  }

  /** Takes back what a node that was asked to start nothing new has not started: as if it had never been sent, with the time it has waited. */
  async takeBackFrom(nodeId: string, client: AgentClient): Promise<void> {
    const { board, leases, life } = this.#options;
    if (!life.isPausedByUser) return;
    const asked = leases.askBack(nodeId);
    if (asked.length > 0) board.takeBack(await client.cancelTasks({ runId: life.run.id, leases: asked, keepRunning: true }));
  }

  standStillIfQuiet(): void {
    const { board, life, nowMs, closed, record } = this.#options;
    const isQuiet = board.sentCount === 0 && board.openCount > 0;
    const { state, clockStoppedAtMs, spec } = life.run;
    if (closed.aborted || state !== 'paused' || !life.hasStarted || clockStoppedAtMs !== null || !isQuiet) return;
    life.update({ clockStoppedAtMs: Math.ceil(nowMs()) });
    record('run-stands-still', `Run “${spec.name}” is paused with ${board.openCount} tasks to go.`);
  }

  /** Its clock continues when the nodes know it again, as at the start. */
  async #gatherAgain(): Promise<number> {
    const { life, nodes, closed } = this.#options;
    life.isResuming = true;
    try {
      nodes.startOver();
      await nodes.gather('when the run resumed', () => closed.aborted || life.state !== 'paused');
      return await agreeOnClock(this.#options);
    } finally {
      life.isResuming = false;
    }
  }

  async #takeBackAll(): Promise<void> {
    this.#isTakingBack = true;
    await this.#options.nodes.sayHold();
    this.#isTakingBack = false;
    this.standStillIfQuiet();
  }
}
