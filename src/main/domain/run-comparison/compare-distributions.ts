// How the delays of tasks are distributed, in few enough numbers that a hundred runs stay small. Pure.
import { type Box, type Distribution, MAX_QUANTILES, type RunComparison, type RunGroup } from '../../../shared/run-comparison.js';
import { minSampleFor, percentileOf } from '../../../shared/percentiles.js';

type Sorted = Float64Array;

/** About so many bins for the longest delay. */
const BINS = 30;
const BAND_POINTS = 100;

/** Bins of a round width from zero to the longest delay. */
export function chooseBins(sorted: readonly Sorted[]): RunComparison['histogram'] {
  const longest = Math.max(0, ...sorted.map((each) => each.at(-1) ?? 0));
  if (longest === 0) return null;
  const raw = longest / BINS;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((each) => each * magnitude >= raw) ?? 10;
  const binSec = Number((factor * magnitude).toPrecision(12));
  return { binSec, binCount: Math.floor(longest / binSec) + 1 };
}

/** `sorted` ascends and is not empty. */
export function distributionOf(sorted: Sorted, bins: RunComparison['histogram']): Distribution {
  return { taskCount: sorted.length, quantilesSec: thin(sorted), box: boxOf(sorted), binShares: bins ? binShares(sorted, bins) : [] };
}

/** Values at the ranks ceil(i n / 500): the curve through them is part of the whole one. Whole milliseconds: a drawing shows no more. */
function thin(sorted: Sorted): number[] {
  const count = Math.min(MAX_QUANTILES, sorted.length);
  return Array.from({ length: count }, (_, index) => Math.round((sorted[rank((index + 1) / count, sorted)] ?? 0) * 1000) / 1000);
}

/** Position of the nearest rank. */
function rank(share: number, { length }: Sorted): number {
  return Math.max(0, Math.ceil(share * length - 1e-9) - 1);
}

function boxOf(sorted: Sorted): Box | null {
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((percentile) => percentileOf(sorted, percentile));
  if (q1 == null || median == null || q3 == null) return null;
  // p5 needs as many as p95 does.
  const hasWhiskers = sorted.length >= minSampleFor(0.95);
  return { q1, median, q3, low: hasWhiskers ? percentileOf(sorted, 0.05) : null, high: percentileOf(sorted, 0.95) };
}

function binShares(sorted: Sorted, { binSec, binCount }: NonNullable<RunComparison['histogram']>): number[] {
  const counts = new Array<number>(binCount).fill(0);
  for (const value of sorted) {
    const bin = Math.min(binCount - 1, Math.floor(value / binSec));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / sorted.length);
}

/** Between which quantiles the runs of a group lie; of one run there is nothing between. */
export function bandOf(sorted: readonly Sorted[]): RunGroup['band'] {
  if (sorted.length < 2) return [];
  return Array.from({ length: BAND_POINTS }, (_, index) => {
    const share = (index + 1) / BAND_POINTS;
    const values = sorted.map((each) => each[rank(share, each)] ?? 0);
    return { share, lowSec: Math.min(...values), highSec: Math.max(...values) };
  });
}

/** The tasks of all of them. */
export function pool(sorted: readonly Sorted[]): Sorted {
  const [first] = sorted;
  if (first && sorted.length === 1) return first;
  const all = new Float64Array(sorted.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const each of sorted) {
    all.set(each, offset);
    offset += each.length;
  }
  return all.sort();
}
