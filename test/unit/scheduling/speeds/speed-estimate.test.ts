import { describe, expect, it } from 'vitest';
import { SpeedEstimate } from '../../../../src/scheduling/speeds/speed-estimate.js';

describe('the speed of a node as it is seen', () => {
  it('is that on record at first, and nears what is measured by its weight', () => {
    const estimate = new SpeedEstimate(0.5);
    expect(estimate.slowness).toBe(1);
    estimate.observe(20, 10);
    expect(estimate.slowness).toBe(1.5);
    estimate.observe(20, 10);
    expect(estimate.slowness).toBe(1.75);
  });

  it('is the last computation alone with a weight of 1', () => {
    const estimate = new SpeedEstimate(1);
    for (const measured of [10, 20, 5]) estimate.observe(measured, 10);
    expect(estimate.slowness).toBe(0.5);
  });

  it('takes nothing from what has no length, and believes no single computation beyond reason', () => {
    const estimate = new SpeedEstimate(1);
    for (const [measured, expected] of [
      [0, 10],
      [10, 0],
      [NaN, 10],
      [-1, 10],
    ] as const) {
      estimate.observe(measured, expected);
    }
    expect(estimate.slowness).toBe(1);
    estimate.observe(1e9, 1);
    expect(estimate.slowness).toBe(100);
  });
});
