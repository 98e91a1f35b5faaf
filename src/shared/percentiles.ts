// Percentiles of measured values, the same in every figure, list and report, and how many values it takes before one may be shown. Pure.

/** The middle value, or the mean of the two middle ones; null of nothing. `sorted` ascends. */
export function medianOfSorted(sorted: ArrayLike<number>): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** The smallest value that at least this share (0..1] of the values do not exceed (nearest rank, never interpolated); NaN of nothing. */
export function percentileOfSorted(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

/**
 * The smallest sample whose least and greatest value enclose the percentile with a probability of 95 %, whatever the distribution: the
 * smallest n with 1 - p^n - (1 - p)^n >= 0.95 (order statistics; S. S. Wilks, Determination of sample sizes for setting tolerance limits,
 * Annals of Mathematical Statistics 12, 1941). 6 for the median, 59 for p95, 299 for p99. Below it the figure would be little but the
 * largest value under another name.
 */
export function minSampleFor(percentile: number): number {
  let count = 1;
  while (1 - percentile ** count - (1 - percentile) ** count < 0.95) count++;
  return count;
}

/** The median, or the nearest rank, as a run's own median and p95 are; null of a sample too small for it. `sorted` ascends. */
export function percentileOf(sorted: ArrayLike<number>, percentile: number): number | null {
  if (sorted.length < minSampleFor(percentile)) return null;
  if (percentile === 0.5) return medianOfSorted(sorted);
  return percentileOfSorted(sorted, percentile);
}

/** One that was computed of so many values as it may be shown: null where they are too few for it. */
export function showPercentile(value: number | null | undefined, percentile: number, count: number): number | null {
  return value == null || count < minSampleFor(percentile) ? null : value;
}

/** Of a dash in place of a run's percentile. */
export function explainLeftOut(percentile: number): string {
  return `Left out with fewer than ${minSampleFor(percentile)} tasks`;
}

/** Of the dashes in a table of these percentiles, in one sentence. */
export function explainDashes(percentiles: readonly number[]): string {
  const samples = percentiles.map((each) => `${minSampleFor(each)} for ${each === 0.5 ? 'the median' : `p${each * 100}`}`);
  return `A percentile is left out (–) where a run has too few tasks for it: it takes ${samples.join(', ')}.`;
}
