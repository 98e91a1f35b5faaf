// Held to numbers that scipy made: test/fixtures/series/make_statistics.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adjustByHolm, pairedDifference } from '../../../src/main/domain/series/paired-difference.js';
import { minSampleFor, percentileOf, showPercentile } from '../../../src/shared/percentiles.js';
import { meanInterval } from '../../../src/shared/mean-interval.js';
import { quantile975, twoSidedP } from '../../../src/shared/student-t.js';

interface Statistics {
  quantiles: { degrees: number; t: number }[];
  pValues: { t: number; degrees: number; p: number }[];
  intervals: { values: number[]; mean: number; halfWidth95: number }[];
  paired: {
    pairs: [number, number][];
    mean: number;
    halfWidth95: number;
    reduction: number;
    effectSize: number;
    effectSizeExact: number;
    pValue: number;
  }[];
  holm: { pValues: number[]; adjusted: number[] };
  minSamples: { percentile: number; count: number }[];
}
const path = join(import.meta.dirname, '../../fixtures/series/statistics.json');
const scipy = JSON.parse(readFileSync(path, 'utf8')) as Statistics;

describe("Student's t", () => {
  it.each(scipy.quantiles)('has the quantile $t for $degrees degrees of freedom', ({ degrees, t }) => {
    expect(Math.abs(quantile975(degrees) - t)).toBeLessThan(1e-8);
  });

  it.each(scipy.pValues)('gives t = $t with $degrees degrees of freedom the p-value $p', ({ t, degrees, p }) => {
    expect(Math.abs(twoSidedP(t, degrees) - p)).toBeLessThan(1e-13);
    expect(twoSidedP(-t, degrees)).toBe(twoSidedP(t, degrees));
  });
});

describe('the mean with its interval', () => {
  it.each(scipy.intervals)('of $values.length values is that of scipy', ({ values, mean, halfWidth95 }) => {
    const interval = meanInterval(values);
    expect(interval.mean).toBeCloseTo(mean, 9);
    expect(interval.halfWidth95).toBeCloseTo(halfWidth95, 7);
  });
});

describe('the paired difference', () => {
  it.each(scipy.paired)('of $pairs.length pairs is that of scipy', ({ pairs, effectSizeExact, ...expected }) => {
    const found = pairedDifference(pairs);
    expect(found?.pairs).toBe(pairs.length);
    for (const key of ['mean', 'halfWidth95', 'reduction', 'effectSize', 'pValue'] as const)
      expect(found?.[key]).toBeCloseTo(expected[key], 7);
    // The approximation of the correction for small samples is coarsest where there are three pairs.
    expect(Math.abs((found?.effectSize ?? 0) / effectSizeExact - 1)).toBeLessThan(0.02);
  });

  it('of one pair has no width and no p-value', () => {
    expect(pairedDifference([[3, 2]])).toEqual({ pairs: 1, mean: 1, halfWidth95: null, reduction: -0.5, effectSize: null, pValue: null });
  });

  it('of none is none', () => {
    expect(pairedDifference([])).toBeNull();
  });

  it('that is always the same has no effect size, for it is beyond all measure', () => {
    expect(
      pairedDifference([
        [3, 2],
        [4, 3],
        [5, 4],
      ]),
    ).toMatchObject({ mean: 1, halfWidth95: 0, effectSize: null, pValue: 0 });
    expect(
      pairedDifference([
        [3, 3],
        [4, 4],
      ]),
    ).toMatchObject({ mean: 0, halfWidth95: 0, pValue: 1 });
  });
});

describe('p-values that are held to one level together', () => {
  it('are adjusted by Holm', () => {
    const adjusted = adjustByHolm(scipy.holm.pValues);
    scipy.holm.adjusted.forEach((p, index) => expect(adjusted[index]).toBeCloseTo(p, 12));
  });

  it('leave out those that are not known', () => {
    expect(adjustByHolm([null, 0.02, null])).toEqual([null, 0.02, null]);
  });
});

describe('a percentile', () => {
  it.each(scipy.minSamples)('$percentile is shown of $count values on', ({ percentile, count }) => {
    expect(minSampleFor(percentile)).toBe(count);
    const values = Array.from({ length: count }, (_, index) => index + 1);
    // Of an even number of values the median is between the two middle ones, as a run's own is.
    expect(percentileOf(values, percentile)).toBe(percentile === 0.5 ? (count + 1) / 2 : Math.ceil(percentile * count));
    expect(percentileOf(values.slice(1), percentile)).toBeNull();
    expect([count, count - 1].map((each) => showPercentile(7, percentile, each))).toEqual([7, null]);
  });
});
