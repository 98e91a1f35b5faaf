// How a run ends before its tasks have: all of it, what does not compute, or one task.
import { CANCELLED_ON_REQUEST } from '../../../scheduling/metrics/run-end.js';
import { isOpen } from '../../../shared/task-life/control-center-rules.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import type { NodeTalks } from './node-talks.js';
import type { RunLife } from './run-life.js';
import type { NodeLines, RunNodes } from './run-nodes.js';
import type { TaskBoard } from './task-board.js';

export interface RunStopOptions {
  board: TaskBoard;
  life: RunLife;
  nodes: RunNodes;
  talks: NodeTalks;
  lines: NodeLines;
  /** Nodes were told what was cancelled, or can't be: the run may end. */
  told(): void;
}

export class RunStop {
  readonly #options: RunStopOptions;
  #tellingCount = 0;

  constructor(options: RunStopOptions) {
    this.#options = options;
  }

  /** Nodes are being told what was cancelled here: the run has not ended before they were. */
  get isTelling(): boolean {
    return this.#tellingCount > 0;
  }

  /** Cancels all that does not compute now; what computes is let end. */
  async cancelRest(): Promise<void> {
    const { board, nodes } = this.#options;
    await this.#beginToStop();
    await this.#telling(async () => {
      board.cancel(board.pending());
      await nodes.sayHold();
      await nodes.tellAll((client) => this.withdrawWaiting(client));
    });
  }

  /** Cancels everything, running computations too. */
  async stopNow(): Promise<void> {
    const { board, life, nodes } = this.#options;
    await this.#beginToStop();
    await this.#telling(async () => {
      board.cancel([...board.pending(), ...board.sent()]);
      await nodes.tellAll((client) => client.cancelTasks({ runId: life.run.id, all: true, keepRunning: false }));
    });
  }

  /** False when the task had already ended. */
  async cancelTask(taskId: string): Promise<boolean> {
    const { board, life, lines } = this.#options;
    const task = board.get(taskId);
    if (!task || !isOpen(task.state)) return false;
    const lease = task.state === 'sent' ? board.leaseOf(task) : null;
    await this.#telling(async () => {
      board.cancel([task], CANCELLED_ON_REQUEST);
      if (lease) await lines.connectedClient(lease.baseStationId)?.cancelTasks({ runId: life.run.id, leases: [lease] });
    });
    return true;
  }

  /** Cancels what a node has not begun. */
  async withdrawWaiting(client: AgentClient): Promise<void> {
    const { board, life } = this.#options;
    board.cancelLeases(await client.cancelTasks({ runId: life.run.id, all: true, keepRunning: true }));
  }

  async #beginToStop(): Promise<void> {
    this.#options.life.update({ state: 'stopping' });
    await this.#options.talks.ended();
  }

  async #telling(tell: () => Promise<void>): Promise<void> {
    this.#tellingCount += 1;
    try {
      await tell();
    } finally {
      this.#tellingCount -= 1;
      this.#options.told();
    }
  }
}
