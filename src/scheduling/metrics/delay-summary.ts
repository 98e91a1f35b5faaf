import { medianOfSorted, percentileOfSorted } from '../../shared/percentiles.js';
import type { DelaySummary } from '../../shared/run.js';

/**
 * Mean, median, 95th percentile and maximum; null of nothing. The percentile is the nearest rank: the smallest value that at least 95 %
 * of the values do not exceed, never interpolated.
 */
export function summarizeDelays(valuesMs: readonly number[]): DelaySummary | null {
  // Numbers as such sort ten times as fast as by a comparison.
  const sorted = Float64Array.from(valuesMs).sort();
  const medianMs = medianOfSorted(sorted);
  const p95Ms = percentileOfSorted(sorted, 0.95);
  const maxMs = sorted.at(-1);
  if (medianMs === null || maxMs === undefined) return null;
  return { meanMs: sorted.reduce((sum, value) => sum + value, 0) / sorted.length, medianMs, p95Ms, maxMs };
}
