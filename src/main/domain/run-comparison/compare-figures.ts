// The figures of a run, and of a group of runs: means over its runs, with intervals only where they are repetitions. Pure.
import { formatQuantity } from '../../../shared/format.js';
import { type MeanInterval, meanInterval } from '../../../shared/mean-interval.js';
import { COMPARED_PERCENTILES, type ComparedFigures, type ComparedPercentile, MIN_REPETITIONS } from '../../../shared/run-comparison.js';
import { minSampleFor, percentileOf } from '../../../shared/percentiles.js';
import { compareSettings, SEED_SETTING } from './compare-settings.js';
import type { CountedRun } from './compared-input.js';

type MeasuredRun = Pick<CountedRun, 'summary' | 'totalSec' | 'digest'>;

/** Why the runs have no interval: too few, or no repetitions of one experiment. Null where they are. */
export function findIntervalProblem(runs: readonly Pick<CountedRun, 'summary' | 'stored'>[]): string | null {
  if (runs.some(isOfSequence)) return 'No interval: its policy learns on the job, so its runs are a sequence and no repetitions.';
  if (runs.length < MIN_REPETITIONS) {
    return `No interval: ${formatQuantity(runs.length, 'repetition')}, and it takes ${MIN_REPETITIONS}.`;
  }
  const others = compareSettings(runs).differing.filter(({ id }) => id !== SEED_SETTING);
  if (others.length === 0) return null;
  return `No interval: its runs are no repetitions, they differ in ${others.map(({ title }) => title).join(', ')}.`;
}

/** Whether a run comes after what the ones before it taught its policy. */
export function isOfSequence({ summary }: Pick<CountedRun, 'summary'>): boolean {
  return summary.spec.learning !== undefined;
}

/** Of at least one run. `difference` is for the caller, who knows the reference. */
export function figuresOf(runs: readonly MeasuredRun[], hasIntervals: boolean): ComparedFigures {
  const over = (values: readonly number[]): MeanInterval => {
    const figure = meanInterval(values);
    return hasIntervals ? figure : { ...figure, halfWidth95: null };
  };
  const overKnown = (values: readonly (number | null)[]): MeanInterval | null => {
    const known = values.filter((value) => value !== null);
    return known.length < values.length ? null : over(known);
  };
  const sum = (read: (run: MeasuredRun) => number): number => runs.reduce((total, run) => total + read(run), 0);
  return {
    runCount: runs.length,
    totalSec: over(runs.map(({ totalSec }) => totalSec)),
    efficiency: overKnown(runs.map(({ summary }) => summary.metrics.efficiency)),
    percentiles: COMPARED_PERCENTILES.map((percentile) => percentileFigure(percentile, runs, over)),
    imagesPerMin: over(runs.map(({ summary, totalSec }) => (summary.counts.succeeded / totalSec) * 60)),
    controlShare: overKnown(runs.map(({ summary }) => summary.metrics.machine.controlShare)),
    failed: sum(({ summary }) => summary.counts.failed),
    canceled: sum(({ summary }) => summary.counts.cancelled),
    resent: sum(({ summary }) => summary.counts.resent),
    difference: null,
  };
}

/** The mean over the runs of each one's percentile; hidden where one of them has too few tasks for it. */
function percentileFigure(
  percentile: number,
  runs: readonly MeasuredRun[],
  over: (values: readonly number[]) => MeanInterval,
): ComparedPercentile {
  const values = runs.map(({ digest }) => percentileOf(digest.sortedSec, percentile));
  const known = values.filter((value) => value !== null);
  if (known.length === values.length) return { percentile, figure: over(known), hidden: null };
  const who = runs.length === 1 ? 'It' : 'A run';
  return { percentile, figure: null, hidden: `${who} has too few tasks: it takes ${minSampleFor(percentile)}.` };
}
