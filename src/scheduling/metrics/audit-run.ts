// Recomputes every figure of a run from its raw rows and looks for orders that can't be: what `run audit` says, and what every run has to
// pass at its end. Deliberately does not use the code that made the figures.
import type { AttemptRecord, RunSummary, TaskRecord } from '../../shared/run.js';
import type { RunAudit } from '../../shared/run-audit.js';
import { AuditChecks } from './audit-checks.js';
import { auditFigures } from './audit-figures.js';
import { auditQueues } from './audit-queues.js';
import { auditTask } from './audit-task.js';
import type { AuditedRun } from './audited-run.js';
import { lowerBound } from './lower-bound.js';

export interface AuditInput {
  run: AuditedRun;
  /** The figures as they are shown. */
  summary: Pick<RunSummary, 'counts' | 'metrics'>;
  tasks: readonly TaskRecord[];
  attempts: readonly AttemptRecord[];
}

/** Real ms by which a node's axis may be off the run's: as far as an agent keeps the axis it was told first (src/agent/runs.ts). */
const AXIS_TOLERANCE_REAL_MS = 1000;

export function auditRun({ run, summary, tasks, attempts }: AuditInput): RunAudit {
  const checks = new AuditChecks();
  const hasEnded = run.finishedAtMs !== null;
  if (!hasEnded) checks.skip('The run continues: what has to be when all tasks have ended.');
  if (run.axis === 'nodes')
    checks.skip('Instants of computations against those of the run: an earlier version recorded them on other axes.');
  auditTaskList(checks, run, tasks);
  const attemptsByTask = Map.groupBy(attempts, (attempt) => attempt.taskId);
  const context = {
    hasEnded,
    isOneAxis: run.axis === 'run',
    shiftLimitMs: AXIS_TOLERANCE_REAL_MS * run.timeScale,
    nodeIds: new Set(run.nodesSnapshot.map((node) => node.id)),
    endMs: endOf(run),
  };
  for (const task of tasks) auditTask(checks, task, attemptsByTask.get(task.id) ?? [], context);
  auditWorkers(checks, run, tasks, attemptsByTask);
  auditQueues(checks, tasks, attemptsByTask, {
    queueOrder: run.spec.queueOrder ?? 'first-come-first-served',
    toleranceMs: AXIS_TOLERANCE_REAL_MS * run.timeScale,
    nodeNames: new Map(run.nodesSnapshot.map((node) => [node.id, node.name])),
  });
  auditBound(checks, run, tasks);
  auditFigures(checks, run, summary, tasks, attemptsByTask);
  return checks.report(run.id);
}

function endOf({ startedAtMs, finishedAtMs, clockStoppedMs, timeScale }: AuditedRun): number | null {
  return startedAtMs === null || finishedAtMs === null ? null : (finishedAtMs - startedAtMs - clockStoppedMs) * timeScale;
}

function auditTaskList(checks: AuditChecks, run: AuditedRun, tasks: readonly TaskRecord[]): void {
  checks.equal('Run', 'The number of tasks', run.spec.taskCount, tasks.length);
  checks.equal('Run', 'The number of different tasks', tasks.length, new Set(tasks.map((task) => task.ordinal)).size);
}

/** One worker computes one task at a time. Compared on the node's own axis, on which both instants were taken. */
function auditWorkers(
  checks: AuditChecks,
  run: AuditedRun,
  tasks: readonly TaskRecord[],
  attemptsByTask: ReadonlyMap<string, readonly AttemptRecord[]>,
): void {
  const names = new Map(run.nodesSnapshot.map((node) => [node.id, node.name]));
  const intervals = tasks.flatMap((task) => {
    const { edgeServerId, computeStartMs, computeEndMs, ordinal } = task;
    if (edgeServerId === null || computeStartMs === null || computeEndMs === null) return [];
    const shiftMs = attemptsByTask.get(task.id)?.find((attempt) => attempt.state === 'succeeded')?.axisShiftMs ?? 0;
    return [{ edgeServerId, ordinal, startMs: computeStartMs - shiftMs, endMs: computeEndMs - shiftMs }];
  });
  for (const [nodeId, ofNode] of Map.groupBy(intervals, (interval) => interval.edgeServerId)) {
    const inOrder = [...ofNode].sort((a, b) => a.startMs - b.startMs);
    inOrder.slice(1).forEach((interval, index) => {
      const before = inOrder[index];
      if (!before) return;
      const subject = names.get(nodeId) ?? nodeId;
      const ended = `the end of task ${before.ordinal + 1} on the same worker`;
      checks.order(subject, [ended, before.endMs], [`Task ${interval.ordinal + 1} started to compute`, interval.startMs]);
    });
  }
}

function auditBound(checks: AuditChecks, run: AuditedRun, tasks: readonly TaskRecord[]): void {
  if (run.lowerBoundMs === null) return;
  const arriving = tasks.map((task) => ({ arrivalSec: task.arrivalMs / 1000, qualitySteps: task.computedSteps }));
  const bound = lowerBound({ tasks: arriving, nodes: run.nodesSnapshot });
  checks.equal('Run', 'The lower bound', run.lowerBoundMs, bound === null ? null : bound.lowerBoundSec * 1000);
}
