import type { Task } from '../../shared/rpc/gen/agent_pb.js';
import { startHomeLife, type HomeLife } from '../../shared/task-life/home-tasks.js';
import { leaseOfTask } from '../../shared/task-life/lease.js';

/** A task of this base station, from its arrival until its outcome is stored. */
export interface HomeTask extends HomeLife {
  readonly task: Task;
  /** Arrival here on the agent's clock, model ms: the start of its service delay. */
  readonly enteredMs: number;
  /** The edge server's process that took it; another one knows nothing of it. */
  edgeInstanceId: string | null;
  /** Duration of the accepted offer, model ms; 0 at the local edge server. */
  uploadMs: number;
  offersRefused: number;
  /** The offer under way, so that a cancellation or an early outcome can wait for its answer. */
  offering: Promise<void> | null;
  /** The outcome being fetched, so that a repeated delivery waits for the first. */
  receiving: Promise<void> | null;
  /** Real ms when its edge server was last asked about it. */
  checkedAtMs: number;
}

export function createHomeTask(task: Task, enteredMs: number): HomeTask {
  return {
    ...startHomeLife(leaseOfTask(task)),
    task,
    enteredMs,
    edgeInstanceId: null,
    uploadMs: 0,
    offersRefused: 0,
    offering: null,
    receiving: null,
    checkedAtMs: 0,
  };
}
