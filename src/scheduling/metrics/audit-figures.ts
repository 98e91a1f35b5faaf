// The figures of a run computed again, in the plainest way, against what is shown.
import type { AttemptRecord, DelaySummary, RunSummary, TaskDelays, TaskRecord } from '../../shared/run.js';
import type { AuditChecks } from './audit-checks.js';
import type { AuditedRun } from './audited-run.js';

export function auditFigures(
  checks: AuditChecks,
  run: AuditedRun,
  { counts, metrics }: Pick<RunSummary, 'counts' | 'metrics'>,
  tasks: readonly TaskRecord[],
  attemptsByTask: ReadonlyMap<string, readonly AttemptRecord[]>,
): void {
  checks.equal('Run', 'The number of tasks', counts.total, tasks.length);
  for (const state of ['pending', 'sent', 'succeeded', 'failed', 'cancelled'] as const) {
    checks.equal('Run', `The number of ${state} tasks`, counts[state], tasks.filter((task) => task.state === state).length);
  }
  checks.equal('Run', 'The number of tasks re-sent', counts.resent, [...attemptsByTask.values()].filter(wasResent).length);

  const accepted = tasks.flatMap((task) => task.acceptedMs ?? []);
  const firstMs = minOf(tasks.map((task) => task.arrivalMs));
  const totalMs = accepted.length === 0 ? null : greatest(accepted) - firstMs;
  checks.equal('Run', 'The total generation delay', metrics.totalGenerationDelayMs, totalMs);

  const delays = tasks.flatMap((task) => (task.state === 'succeeded' ? (task.delays ?? []) : []));
  auditSummary(checks, 'service delay', metrics.service, valuesOf(delays, 'serviceMs'));
  auditSummary(checks, 'waiting delay', metrics.waiting, valuesOf(delays, 'waitingMs'));
  auditSummary(checks, 'control', metrics.control, valuesOf(delays, 'controlMs'));

  const serviceMs = sumOf(valuesOf(delays, 'serviceMs'));
  const controlShare = serviceMs > 0 ? sumOf(valuesOf(delays, 'controlMs')) / serviceMs : null;
  checks.equal('Run', 'The share of control', metrics.machine.controlShare, controlShare);
  if (metrics.efficiency !== null) {
    checks.that(delays.length === tasks.length, 'Run', 'It has an efficiency, though not every task succeeded.');
    checks.equal(
      'Run',
      'The efficiency',
      metrics.efficiency,
      run.lowerBoundMs === null || totalMs === null ? null : run.lowerBoundMs / totalMs,
    );
    checks.that(metrics.efficiency <= 1 + 1e-6, 'Run', `Its efficiency is above 100 %: ${metrics.efficiency}.`);
  }
}

/** A sending follows one that counts; one that a pause took back does not. */
function wasResent(attempts: readonly AttemptRecord[]): boolean {
  const lastEpoch = Math.max(...attempts.map(({ leaseEpoch }) => leaseEpoch));
  return attempts.some(({ state, leaseEpoch }) => state !== 'withdrawn' && leaseEpoch < lastEpoch);
}

function auditSummary(checks: AuditChecks, name: string, stated: DelaySummary | null, valuesMs: readonly number[]): void {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const count = sorted.length;
  const at = (rank: number): number | null => sorted[rank - 1] ?? null;
  const [low, high] = [at(Math.ceil(count / 2)), at(Math.floor(count / 2) + 1)];
  checks.equal('Run', `The mean ${name}`, stated?.meanMs ?? null, count === 0 ? null : sumOf(sorted) / count);
  checks.equal('Run', `The median ${name}`, stated?.medianMs ?? null, low === null || high === null ? null : (low + high) / 2);
  checks.equal('Run', `The 95th percentile of the ${name}`, stated?.p95Ms ?? null, at(Math.ceil(0.95 * count)));
  checks.equal('Run', `The longest ${name}`, stated?.maxMs ?? null, at(count));
}

function valuesOf(delays: readonly TaskDelays[], part: keyof TaskDelays): number[] {
  return delays.map((delay) => delay[part]);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function minOf(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function greatest(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}
