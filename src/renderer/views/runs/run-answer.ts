// What came of a run in figures, each with what it is made of; pure. All in the units of Table V, so that they can be compared.
import { describeMissingEfficiency } from '../../../shared/describe-efficiency.js';
import { formatWh, namePowerSource } from '../../../shared/energy.js';
import { formatCount, formatDuration, formatFactor, formatPercent, formatSeconds } from '../../../shared/format.js';
import { explainLeftOut, showPercentile } from '../../../shared/percentiles.js';
import type { RunSummary } from '../../../shared/run.js';
import { hasEnded } from './describe-run.js';

export interface RunFigure {
  label: string;
  value: string;
  note?: string | null;
  isHeadline?: boolean;
}

/** The answer: total, bound, efficiency, what a task took, images, energy. */
export function listAnswer(run: RunSummary): RunFigure[] {
  const { metrics, counts, energy } = run;
  const perImageMs =
    metrics.totalGenerationDelayMs === null || counts.succeeded === 0 ? null : metrics.totalGenerationDelayMs / counts.succeeded;
  return [
    { label: 'Total generation delay', value: formatSeconds(metrics.totalGenerationDelayMs), note: noteTotal(run), isHeadline: true },
    { label: 'Lower bound', value: formatSeconds(metrics.lowerBoundMs), note: noteBound(run) },
    { label: 'Efficiency', value: describeMissingEfficiency(metrics) ?? formatPercent(metrics.efficiency), note: noteEfficiency(run) },
    { label: 'Time per image', value: formatSeconds(perImageMs, 2), note: 'total / images' },
    { label: 'Images', value: formatCount(counts.succeeded), note: counts.resent > 0 ? `${formatCount(counts.resent)} re-sent` : null },
    ...(energy ? [{ label: 'Energy', ...describeEnergy(energy) }] : []),
  ];
}

/** What this machine and the programs added: what a run is valid by. */
export function listMachineFigures({ metrics: { machine }, timeScale }: RunSummary): RunFigure[] {
  const { controlShare, hostDelayMs, hostDelayShare } = machine;
  const scaled = timeScale === 1 ? '' : `times time scale ${formatFactor(timeScale)}: `;
  return [
    { label: 'Control', value: formatPercent(controlShare), note: 'of the mean service delay; limit 5 %' },
    {
      label: 'Host delay',
      value: hostDelayMs === null ? '–' : `${hostDelayMs.toFixed(1)} ms`,
      note: hostDelayMs === null ? 'not recorded' : `${scaled}${formatPercent(hostDelayShare)} of the mean service delay; limit 5 %`,
    },
  ];
}

/** Columns of the table of delays, and which percentile each is. */
const DELAY_COLUMNS = [
  ['meanMs', 'Mean'],
  ['medianMs', 'Median', 0.5],
  ['p95Ms', 'p95', 0.95],
  ['maxMs', 'Max'],
] as const;
export const DELAY_HEADS = DELAY_COLUMNS.map(([, head]) => head);

export interface DelayCell {
  ms: number | null;
  /** Why it is not shown. */
  reason?: string;
}

/** A row of the table of delays: its figures, but for percentiles of too few tasks. */
export function listDelayCells({ metrics, counts }: Pick<RunSummary, 'metrics' | 'counts'>, row: TaskDelayKey): DelayCell[] {
  return DELAY_COLUMNS.map(([key, , percentile]) => {
    const ms = metrics[row]?.[key] ?? null;
    if (ms === null || percentile === undefined || showPercentile(ms, percentile, counts.succeeded) !== null) return { ms };
    return { ms: null, reason: explainLeftOut(percentile) };
  });
}

type TaskDelayKey = (typeof TASK_DELAYS)[number][0];

/** Rows of the table of delays. */
export const TASK_DELAYS = [
  ['service', 'Service', 'From the arrival of the task to the receipt of its result at its base station, however often it was sent'],
  ['waiting', 'Waiting', 'In the queue of the edge server'],
  [
    'control',
    'Control',
    'Dispatch, decision, calls and bookkeeping: service less upload, waiting, compute, download and what re-sending lost',
  ],
] as const;

/** The bound is of all tasks, the total of those that were made. */
function noteBound({ state, counts }: RunSummary): string {
  if (!hasEnded({ state }) || counts.succeeded === counts.total) return 'no scheduler can beat it';
  return `of all ${formatCount(counts.total)} tasks; ${formatCount(counts.succeeded)} were made`;
}

function noteTotal(run: RunSummary): string | null {
  const totalMs = run.metrics.totalGenerationDelayMs;
  if (!hasEnded(run)) return 'so far';
  if (totalMs === null) return null;
  const notes = [
    ...(formatDuration(totalMs) === formatSeconds(totalMs) ? [] : [formatDuration(totalMs)]),
    ...(run.timeScale === 1 ? [] : [`real time ${formatDuration(totalMs / run.timeScale)}`]),
  ];
  return notes.join('; ') || null;
}

function noteEfficiency(run: RunSummary): string {
  const { efficiency, efficiencyProblem } = run.metrics;
  if (efficiencyProblem !== null) return efficiencyProblem;
  if (efficiency !== null) return 'lower bound / total';
  return hasEnded(run) ? 'none: not every task succeeded' : 'known when every task succeeded';
}

function describeEnergy(energy: NonNullable<RunSummary['energy']>): Omit<RunFigure, 'label'> {
  if (energy.whPer1kImages === null) return { value: '–', note: energy.problem ?? 'known when an image is there' };
  const covered = energy.coveredShare < 0.995 ? `; ${formatPercent(energy.coveredShare, 0)} of the run covered` : '';
  return {
    value: `${formatWh(energy.whPer1kImages)} Wh`,
    note: `per 1,000 images, at the ${namePowerSource(energy.source)}; not wall power${covered}`,
  };
}
