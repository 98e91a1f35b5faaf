// Percentiles of service delays, and how many tasks it takes before one may be shown. Pure.

/** The percentiles of a series: the median and two of the tail. */
export const PERCENTILES = [0.5, 0.95, 0.99] as const;

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

/** The nearest rank, never interpolated, as a run's own p95 is; null of a sample too small for it. `sorted` ascends. */
export function percentileOf(sorted: ArrayLike<number>, percentile: number): number | null {
  if (sorted.length < minSampleFor(percentile)) return null;
  return sorted[Math.ceil(percentile * sorted.length) - 1] ?? null;
}
