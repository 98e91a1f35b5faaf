import type { DelaySummary } from '../../shared/run.js';

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
 * Mean, median, 95th percentile and maximum; null of nothing. The percentile is the nearest rank: the smallest value that at least 95 %
 * of the values do not exceed, never interpolated.
 */
export function summarizeDelays(valuesMs: readonly number[]): DelaySummary | null {
  // Numbers as such sort ten times as fast as by a comparison.
  const sorted = Float64Array.from(valuesMs).sort();
  const medianMs = medianOfSorted(sorted);
  const p95Ms = sorted[Math.ceil(0.95 * sorted.length) - 1];
  const maxMs = sorted.at(-1);
  if (medianMs === null || p95Ms === undefined || maxMs === undefined) return null;
  return { meanMs: sorted.reduce((sum, value) => sum + value, 0) / sorted.length, medianMs, p95Ms, maxMs };
}
