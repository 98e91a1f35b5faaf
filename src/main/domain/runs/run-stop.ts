// How a run ends before its tasks have: all of it, what does not compute, or one task.
import { CANCELED_ON_REQUEST } from '../../../scheduling/metrics/run-end.js';
import { isOpen } from '../../../shared/task-life/control-center-rules.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import type { NodeTalks } from './node-talks.js';
import type { RunLife } from './run-life.js';
import type { NodeConnections, RunNodes } from './run-nodes.js';
import type { TaskBoard } from './task-board.js';

export interface RunStopOptions {
  board: TaskBoard;
  life: RunLife;
  nodes: RunNodes;
  talks: NodeTalks;
  connections: NodeConnections;
  /** Nodes were sent what was canceled, or can't be reached: the run may end. */
  notified(): void;
}

export class RunStop {
  readonly #options: RunStopOptions;
  #notifyingCount = 0;

  constructor(options: RunStopOptions) {
    this.#options = options;
  }

  /** Nodes are being sent what was canceled here: the run has not ended before they were. */
  get isNotifying(): boolean {
    return this.#notifyingCount > 0;
  }

  /** Cancels all that does not compute now; what computes is let end. */
  async cancelRemaining(): Promise<void> {
    const { board, nodes } = this.#options;
    await this.#startStopping();
    await this.#notifying(async () => {
      board.cancel(board.pending());
      await nodes.sayHold();
      await nodes.notifyAll((client) => this.withdrawWaiting(client));
    });
  }

  /** Cancels everything, running computations too. */
  async stopNow(): Promise<void> {
    const { board, life, nodes } = this.#options;
    await this.#startStopping();
    await this.#notifying(async () => {
      board.cancel([...board.pending(), ...board.sent()]);
      await nodes.notifyAll((client) => client.cancelTasks({ runId: life.run.id, all: true, keepRunning: false }));
    });
  }

  /** False when the task had already ended. */
  async cancelTask(taskId: string): Promise<boolean> {
    const { board, life, connections } = this.#options;
    const task = board.get(taskId);
    if (!task || !isOpen(task.state)) return false;
    const lease = task.state === 'sent' ? board.leaseOf(task) : null;
    await this.#notifying(async () => {
      board.cancel([task], CANCELED_ON_REQUEST);
      if (lease) await connections.connectedClient(lease.baseStationId)?.cancelTasks({ runId: life.run.id, leases: [lease] });
    });
    return true;
  }

  /** Cancels what a node has not started. */
  async withdrawWaiting(client: AgentClient): Promise<void> {
    const { board, life } = this.#options;
    board.cancelLeases(await client.cancelTasks({ runId: life.run.id, all: true, keepRunning: true }));
  }

  async #startStopping(): Promise<void> {
    this.#options.life.update({ state: 'stopping' });
    await this.#options.talks.ended();
  }

  async #notifying(notify: () => Promise<void>): Promise<void> {
    this.#notifyingCount += 1;
    try {
      await notify();
    } finally {
      this.#notifyingCount -= 1;
      this.#options.notified();
    }
  }
}
