// What the control center makes of what base stations say about tasks. No I/O, no clock.
//
//   pending -> sent (epoch + 1) -> succeeded        Only the base station of the current lease is heard, and only about that lease.
//      ^        |    \-> failed, cancelled
//      +--------+
import type { TaskState } from '../run.js';
import { type Lease, leaseKey } from './lease.js';

export interface LeasedTask {
  readonly id: string;
  readonly state: TaskState;
  readonly baseStationId: string;
  readonly leaseEpoch: number;
  /** Outcomes that say that the task itself went wrong; what was lost with a node or a connection does not count. */
  readonly failureCount: number;
}

/** What a task may become next; one that has ended becomes nothing more. */
const NEXT_STATES: Readonly<Record<TaskState, readonly TaskState[]>> = {
  pending: ['sent', 'cancelled'],
  sent: ['pending', 'succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
};

export function mayBecome(from: TaskState, to: TaskState): boolean {
  return NEXT_STATES[from].includes(to);
}

export function isOpen(state: TaskState): boolean {
  return NEXT_STATES[state].length > 0;
}

/**
 * Whether what someone says of a lease counts: only its base station is heard, and only while it is the current one. The rest is older or
 * not the sender's business: it is acknowledged, so that it goes away there, and forgotten.
 */
export function isHeard(task: LeasedTask | undefined, said: { fromId: string; runId: string; lease: Lease }): boolean {
  const { fromId, runId, lease } = said;
  return lease.runId === runId && lease.baseStationId === fromId && isCurrent(task, lease);
}

/** True while the task is out under exactly this lease. */
export function isCurrent<Task extends LeasedTask>(task: Task | undefined, lease: Omit<Lease, 'runId'>): task is Task {
  return (
    task?.state === 'sent' && task.id === lease.taskId && task.baseStationId === lease.baseStationId && task.leaseEpoch === lease.epoch
  );
}

/** Sends of one task before it is given up, whatever ended them: a task that takes every node down with it must end too. */
const MAX_SENDS_PER_ATTEMPT = 10;

/** Whether a lease's end is the task's: after `maxAttempts` failures of its own, or very many sends. */
export function isLastFailure(
  task: LeasedTask & { readonly attempts: number },
  end: { countsAsFailure: boolean; isRetryable: boolean; maxAttempts: number },
): boolean {
  if (!end.isRetryable) return true;
  const failureCount = task.failureCount + (end.countsAsFailure ? 1 : 0);
  return failureCount >= end.maxAttempts || task.attempts >= end.maxAttempts * MAX_SENDS_PER_ATTEMPT;
}

/**
 * What a base station says it has, against what it should have. `asked` are its leases that were with it before it was asked: what is on its
 * way to it is not lost.
 */
export function checkKnownLeases(
  taskOf: (taskId: string) => LeasedTask | undefined,
  said: { fromId: string; runId: string; asked: readonly Lease[]; known: readonly Lease[] },
): { lost: Lease[]; stale: Lease[] } {
  const own = said.known.filter((lease) => lease.runId === said.runId && lease.baseStationId === said.fromId);
  const there = new Set(own.map(leaseKey));
  return {
    lost: said.asked.filter((lease) => !there.has(leaseKey(lease)) && isCurrent(taskOf(lease.taskId), lease)),
    stale: own.filter((lease) => !isCurrent(taskOf(lease.taskId), lease)),
  };
}
