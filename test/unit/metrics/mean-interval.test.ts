import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../../src/shared/mean-interval.js';

/** Values whose standard error is 1, so that the half width is the quantile itself. */
function unitError(count: number): number[] {
  const raw = Array.from({ length: count }, (_, i) => i);
  const { mean } = meanInterval(raw);
  const variance = raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return raw.map((value) => (value - mean) / Math.sqrt(variance / count));
}

describe('the mean with its interval', () => {
  it('of one value has no width', () => {
    expect(meanInterval([3])).toEqual({ mean: 3, halfWidth95: null });
  });

  it('of equal values has the width zero', () => {
    expect(meanInterval([2, 2, 2])).toEqual({ mean: 2, halfWidth95: 0 });
  });

  // Tables of Student's t, 97.5 %.
  it.each([
    [2, 12.7062],
    [5, 2.7764],
    [11, 2.2281],
    [12, 2.201],
    [20, 2.093],
    [50, 2.0096],
    [1000, 1.9623],
  ])('of %i values uses the quantile %f', (count, quantile) => {
    expect(meanInterval(unitError(count)).halfWidth95).toBeCloseTo(quantile, 3);
  });
});
