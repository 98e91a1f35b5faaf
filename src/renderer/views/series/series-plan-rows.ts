// What a plan takes, run by run and in all, from the estimate. Pure.
import { formatNumber } from '../../../shared/format.js';
import { nameSeriesScheduler, type SeriesEstimate, type SeriesSpec } from '../../../shared/series.js';

export interface PlanRow {
  scheduler: string;
  /** Of a run under each condition, real minutes; null where it is not known. */
  minutes: (number | null)[];
  /** Of all repetitions of all conditions, without rests, real seconds. */
  totalSec: number | null;
}

export interface PlanRows {
  /** Whether the minutes are what runs here usually take; else what no schedule can beat. */
  isLikely: boolean;
  rows: PlanRow[];
}

/** The bound is of the work, not of who schedules it: every scheduler has the same. */
export function planRows(spec: Pick<SeriesSpec, 'schedulers' | 'repetitions'>, estimate: Pick<SeriesEstimate, 'conditions'>): PlanRows {
  const isLikely = estimate.conditions.length > 0 && estimate.conditions.every(({ likelySec }) => likelySec !== null);
  const seconds = estimate.conditions.map(({ atLeastSec, likelySec }) => (isLikely ? likelySec : atLeastSec));
  const isKnown = seconds.every((sec) => sec !== null);
  const totalSec = isKnown ? seconds.reduce<number>((sum, sec) => sum + (sec ?? 0), 0) * spec.repetitions : null;
  const minutes = seconds.map((sec) => (sec === null ? null : sec / 60));
  return { isLikely, rows: spec.schedulers.map((scheduler) => ({ scheduler: nameSeriesScheduler(scheduler), minutes, totalSec })) };
}

/** `0.3`, `6.2`, `62`; `< 0.1` of what is shorter; a dash of what is not known. */
export function formatMinutes(minutes: number | null): string {
  if (minutes === null) return '–';
  if (minutes > 0 && minutes < 0.1) return '< 0.1';
  return formatNumber(minutes, minutes < 10 ? 1 : 0);
}
