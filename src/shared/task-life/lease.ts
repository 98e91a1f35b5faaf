// A lease is the right to bring one task's outcome home, given by the control center to one base station. Everything that is said of a
// task names its lease whole; what is older than, or other than, the lease that the hearer has is not its business.
import type { Task, TaskOutcome } from '../rpc/gen/agent_pb.js';

export interface Lease {
  readonly runId: string;
  readonly taskId: string;
  readonly baseStationId: string;
  /** Grows by one each time the control center sends the task again; it alone issues epochs. */
  readonly epoch: number;
}

/** No task is sent so often. A larger epoch is a forgery or a fault, and would make every later lease look old. */
export const MAX_LEASE_EPOCH = 1_000_000;

export function isSameLease(a: Lease, b: Lease): boolean {
  return a.epoch === b.epoch && a.taskId === b.taskId && a.baseStationId === b.baseStationId && a.runId === b.runId;
}

/** One text per task of a run, whatever the lease. JSON, because ids come from outside and may hold any separator. */
export function taskKey({ runId, taskId }: Pick<Lease, 'runId' | 'taskId'>): string {
  return JSON.stringify([runId, taskId]);
}

export function leaseKey({ runId, taskId, baseStationId, epoch }: Lease): string {
  return JSON.stringify([runId, taskId, baseStationId, epoch]);
}

export function leaseOfTask({ id, runId, baseStationId, leaseEpoch }: Pick<Task, 'id' | 'runId' | 'baseStationId' | 'leaseEpoch'>): Lease {
  return { runId, taskId: id, baseStationId, epoch: leaseEpoch };
}

export function leaseOfOutcome(outcome: Pick<TaskOutcome, 'taskId' | 'runId' | 'baseStationId' | 'leaseEpoch'>): Lease {
  const { runId, taskId, baseStationId, leaseEpoch } = outcome;
  return { runId, taskId, baseStationId, epoch: leaseEpoch };
}
