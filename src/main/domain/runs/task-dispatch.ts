// Sends the tasks of a run to their base stations when they have arrived. All decisions about which edge server executes a task are the
// agents'.
import type { Lease } from '../../../shared/task-life/lease.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import type { NodeTalks } from './node-talks.js';
import type { RunLife } from './run-life.js';
import type { RunNodes } from './run-nodes.js';
import type { BoardTask, TaskBoard } from './task-board.js';

export interface TaskDispatchOptions {
  board: TaskBoard;
  life: RunLife;
  nodes: RunNodes;
  talks: NodeTalks;
  /** Does what no one awaits. */
  attempt(work: () => void): void;
}

const SUBMIT_BATCH = 250;
const IMAGE_SIZE_PX = 512;

export class TaskDispatch {
  readonly #options: TaskDispatchOptions;
  #isQueued = false;
  #isClosed = false;
  #arrivalTimer: NodeJS.Timeout | undefined;

  constructor(options: TaskDispatchOptions) {
    this.#options = options;
  }

  /** Looks for tasks to send when the events of now are through. */
  soon(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    setImmediate(() => {
      this.#isQueued = false;
      this.#options.attempt(() => this.#sendDue());
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#arrivalTimer);
  }

  #sendDue(): void {
    const { board, life } = this.#options;
    clearTimeout(this.#arrivalTimer);
    if (this.#isClosed || life.state !== 'running') return;
    const { elapsedMs } = life;
    const byStation = new Map<string, BoardTask[]>();
    let nextArrivalMs = Infinity;
    for (const task of board.pending()) {
      if (task.arrivalMs > elapsedMs) {
        nextArrivalMs = Math.min(nextArrivalMs, task.arrivalMs);
        continue;
      }
      const station = this.#stationFor(task);
      if (station === null) continue;
      const batch = byStation.get(station) ?? [];
      byStation.set(station, batch);
      batch.push(task);
    }
    if (Number.isFinite(nextArrivalMs)) {
      this.#arrivalTimer = setTimeout(() => this.soon(), (nextArrivalMs - elapsedMs) / life.run.timeScale);
    }
    for (const [station, tasks] of byStation) {
      for (let from = 0; from < tasks.length; from += SUBMIT_BATCH) this.#send(station, tasks.slice(from, from + SUBMIT_BATCH));
    }
  }

  /** The task's own base station; another one when that is lost; null while it may come back or none is there. */
  #stationFor(task: BoardTask): string | null {
    const { nodes } = this.#options;
    if (nodes.readyClient(task.baseStationId)) return task.baseStationId;
    if (!nodes.isLost(task.baseStationId)) return null;
    const standing = nodes.standing();
    return standing[task.ordinal % standing.length] ?? null;
  }

  #send(stationId: string, batch: readonly BoardTask[]): void {
    const { board, nodes, talks } = this.#options;
    const client = nodes.readyClient(stationId);
    if (!client) return;
    const messages = board.send(stationId, batch).map(({ task, lease }) => toMessage(task, lease));
    void talks
      .say(stationId, () => client.submitTasks(messages))
      // Whether it arrived is not known, and one that refused may have forgotten the run: the node is asked what it has before anything else.
      .catch(() => nodes.unsettle(stationId));
  }
}

function toMessage({ prompt, seed, qualitySteps }: BoardTask, lease: Lease): Parameters<AgentClient['submitTasks']>[0][number] {
  const { taskId, runId, baseStationId, epoch } = lease;
  const size = { widthPx: IMAGE_SIZE_PX, heightPx: IMAGE_SIZE_PX };
  return { id: taskId, runId, baseStationId, leaseEpoch: epoch, prompt, seed, qualitySteps, ...size };
}
