// What has to be true of one task and its sendings.
import type { AttemptRecord, TaskRecord } from '../../shared/run.js';
import type { AuditChecks } from './audit-checks.js';

export interface TaskAuditContext {
  hasEnded: boolean;
  /** All instants of the run are on one axis. */
  isOneAxis: boolean;
  /** By how much a computation may have been moved onto the run's axis, model ms. */
  shiftLimitMs: number;
  nodeIds: ReadonlySet<string>;
  /** The run's end, model ms; null while it is in progress. */
  endMs: number | null;
}

/** Clocks of two nodes drift: parts measured on one may exceed the whole measured on the other by this fraction. */
const DRIFT_FRACTION = 1e-3;

export function auditTask(checks: AuditChecks, task: TaskRecord, attempts: readonly AttemptRecord[], context: TaskAuditContext): void {
  const subject = `Task ${task.ordinal + 1}`;
  const inOrder = [...attempts].sort((a, b) => a.leaseEpoch - b.leaseEpoch);
  auditAttempts(checks, subject, task, inOrder, context);
  if (context.hasEnded) {
    checks.that(task.state !== 'pending' && task.state !== 'sent', subject, `It is ${task.state}, though the run has ended.`);
  }
  if (task.state === 'succeeded') auditSuccess(checks, subject, task, inOrder, context);
  else {
    checks.that(task.acceptedMs === null && task.delays === null, subject, `It is ${task.state}, yet it has a result's delays.`);
    checks.that(task.imageSha256 === null, subject, `It is ${task.state}, yet it has an image.`);
  }
}

function auditAttempts(
  checks: AuditChecks,
  subject: string,
  task: TaskRecord,
  attempts: readonly AttemptRecord[],
  { hasEnded, endMs }: TaskAuditContext,
): void {
  // What a pause took back does not count as a sending.
  const counted = attempts.filter((attempt) => attempt.state !== 'withdrawn');
  checks.equal(subject, 'Its number of sendings', task.attempts, counted.length);
  checks.equal(subject, 'Its lease', task.leaseEpoch, attempts.at(-1)?.leaseEpoch ?? 0);
  const succeeded = attempts.filter((attempt) => attempt.state === 'succeeded').length;
  checks.equal(subject, 'The number of its accepted results', task.state === 'succeeded' ? 1 : 0, succeeded);
  attempts.forEach((attempt, index) => {
    const which = `sending ${index + 1}`;
    if (hasEnded) checks.that(attempt.state !== 'sent', subject, `${which} has not ended, though the run has.`);
    checks.order(subject, ['its arrival', task.arrivalMs], [`It was sent (${which})`, attempt.sentMs]);
    checks.order(subject, [`it was sent (${which})`, attempt.sentMs], [`The ${which} ended`, attempt.endedMs]);
    checks.order(subject, [`the ${which} ended`, attempt.endedMs], ['The run ended', endMs]);
    const next = attempts[index + 1];
    if (next) checks.order(subject, [`it was sent (${which})`, attempt.sentMs], ['It was re-sent', next.sentMs]);
  });
}

function auditSuccess(
  checks: AuditChecks,
  subject: string,
  task: TaskRecord,
  attempts: readonly AttemptRecord[],
  context: TaskAuditContext,
): void {
  const { delays, edgeServerId } = task;
  checks.that(task.imageSha256 !== null, subject, 'It has succeeded without an image.');
  checks.that(edgeServerId !== null && context.nodeIds.has(edgeServerId), subject, 'Its edge server is none of the nodes of the run.');
  const last = attempts.find((attempt) => attempt.state === 'succeeded');
  const [first] = attempts;
  if (delays === null || last === undefined || first === undefined) {
    checks.that(false, subject, 'It has succeeded without delays or without a sending.');
    return;
  }
  checks.equal(subject, 'When it was accepted', task.acceptedMs, last.endedMs);
  checks.that(last.edgeServerId === edgeServerId, subject, 'Its edge server is not that of its accepted sending.');

  const { uploadMs, waitingMs, computeMs, downloadMs, resendMs, controlMs, serviceMs } = delays;
  const parts = { uploadMs, waitingMs, computeMs, downloadMs, resendMs, controlMs };
  for (const [part, valueMs] of Object.entries(parts)) checks.that(valueMs >= 0, subject, `Its ${part} is negative: ${valueMs}.`);
  const sumMs = Object.values(parts).reduce((sum, valueMs) => sum + valueMs, 0);
  const isSum = Math.abs(sumMs - serviceMs) <= DRIFT_FRACTION * serviceMs + 1e-6 && sumMs >= serviceMs - 1e-6 * (1 + serviceMs * 1e-3);
  checks.that(isSum, subject, `Its service delay is ${serviceMs}, its parts sum up to ${sumMs}.`);
  checks.that(
    resendMs <= last.sentMs - first.sentMs + 1e-6,
    subject,
    `${resendMs} of it was lost to re-sending, within ${last.sentMs - first.sentMs}.`,
  );
  if (last.stationServiceMs !== null) {
    const heldMs = Math.max(0, first.sentMs - task.arrivalMs);
    checks.equal(subject, 'Its service delay', serviceMs, heldMs + (last.sentMs - first.sentMs) + last.stationServiceMs);
  }
  // What a base station has received can only then be brought home. Its delay and the run's axis are on two clocks.
  const received: [string, number] = ['its base station received the result', task.arrivalMs + serviceMs];
  checks.order(subject, received, ['It was accepted', task.acceptedMs], DRIFT_FRACTION * serviceMs);
  if (!context.isOneAxis) return;
  checks.order(subject, ['it was first sent', first.sentMs], ['It started to compute', task.computeStartMs]);
  checks.order(subject, ['its computation ended', task.computeEndMs], ['It was accepted', task.acceptedMs]);
  const intervalMs = task.computeStartMs === null || task.computeEndMs === null ? null : task.computeEndMs - task.computeStartMs;
  checks.equal(subject, 'The length of its computation', computeMs, intervalMs);
  const shiftMs = Math.abs(last.axisShiftMs ?? 0);
  checks.that(shiftMs <= context.shiftLimitMs, subject, `The clock of its edge server was off the run's by ${Math.round(shiftMs)} ms.`);
}
