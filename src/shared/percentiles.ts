// Percentiles of measured values, the same in every figure, list and report.

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
