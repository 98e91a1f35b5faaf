// Whether edge servers executed their queues in the order of the run. Which tasks waited there at the same time is reckoned back from rows:
// admitted is started less waiting, both on that server's own clock.
import type { AttemptRecord, TaskRecord } from '../../shared/run.js';
import type { QueueOrder } from '../../shared/scheduling-settings.js';
import type { AuditChecks } from './audit-checks.js';

interface Executed {
  ordinal: number;
  steps: number;
  admittedMs: number;
  startMs: number;
}

export interface QueueAudit {
  queueOrder: QueueOrder;
  /** Instants of one server that are closer than this may be in either order: its axis may have moved in between. Model ms. */
  toleranceMs: number;
  nodeNames: ReadonlyMap<string, string>;
}

/** Tasks that were sent more than once are left out: a newer lease takes the place of the older in the queue, and rows do not say when that came. */
export function auditQueues(
  checks: AuditChecks,
  tasks: readonly TaskRecord[],
  attemptsByTask: ReadonlyMap<string, readonly AttemptRecord[]>,
  { queueOrder, toleranceMs, nodeNames }: QueueAudit,
): void {
  const executed = tasks.flatMap((task) => executedOf(task, attemptsByTask.get(task.id) ?? []));
  for (const [nodeId, ofNode] of Map.groupBy(executed, ({ nodeId: id }) => id)) {
    const inOrder = ofNode.toSorted((a, b) => a.startMs - b.startMs);
    const isBefore = queueOrder === 'shortest-first' ? isShorter : isEarlier;
    const rule = queueOrder === 'shortest-first' ? 'is shorter and waited there too' : 'had come there before it';
    // From the last one on, so that the tasks that started later are at hand: the one that should have come before any of them is enough.
    const later: Executed[] = [];
    for (const task of inOrder.toReversed()) {
      const passed = later.find((other) => other.admittedMs + toleranceMs < task.startMs && isBefore(other, task, toleranceMs));
      checks.that(
        passed === undefined,
        nodeNames.get(nodeId) ?? nodeId,
        `Task ${task.ordinal + 1} was executed before task ${(passed?.ordinal ?? 0) + 1}, which ${rule}.`,
      );
      keepFirst(later, task, queueOrder);
    }
  }
}

function isShorter(other: Executed, task: Executed): boolean {
  return other.steps < task.steps;
}

function isEarlier(other: Executed, task: Executed, toleranceMs: number): boolean {
  return other.admittedMs + toleranceMs < task.admittedMs;
}

/** Of the tasks that started later only those matter that no other one is both before in the order and admitted no later than. */
function keepFirst(later: Executed[], task: Executed, queueOrder: QueueOrder): void {
  const isCovered = (one: Executed, by: Executed): boolean =>
    by.admittedMs <= one.admittedMs && (queueOrder !== 'shortest-first' || by.steps <= one.steps);
  if (later.some((other) => isCovered(task, other))) return;
  const kept = later.filter((other) => !isCovered(other, task));
  later.splice(0, later.length, ...kept, task);
}

function executedOf(task: TaskRecord, attempts: readonly AttemptRecord[]): (Executed & { nodeId: string })[] {
  const [attempt] = attempts;
  const { edgeServerId, delays, computeStartMs, ordinal, computedSteps } = task;
  if (attempts.length !== 1 || attempt?.state !== 'succeeded' || edgeServerId === null || delays === null || computeStartMs === null)
    return [];
  const startMs = computeStartMs - (attempt.axisShiftMs ?? 0);
  return [{ nodeId: edgeServerId, ordinal, steps: computedSteps, startMs, admittedMs: startMs - delays.waitingMs }];
}
