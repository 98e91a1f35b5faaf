import { describe, expect, it } from 'vitest';
import { toServerBars, toWorkBars } from '../../../../src/shared/policy-bars.js';
import { toCurveSeries } from '../../../../src/shared/training-curves.js';
import type { PolicyDetail, TrainingBaselines } from '../../../../src/shared/training.js';
import { buildEpisode } from './training-fixture.js';

const DETAIL: PolicyDetail = {
  checkpointEpisodes: 60,
  episodes: 5,
  meanDelaySec: 8,
  p95DelaySec: 15,
  optTsMeanDelaySec: 7.5,
  optTsP95DelaySec: 14,
  ratioToOptTs: 8 / 7.5,
  entropyNats: 0.5,
  perServer: [
    { server: 0, capacityGigacyclesPerSec: 30, share: 0.7, shareOfWork: 0.8 },
    { server: 1, capacityGigacyclesPerSec: 10, share: 0.3, shareOfWork: 0.2 },
  ],
  byWork: [
    { fromGigacycles: 0, toGigacycles: 0.5, count: 10, meanDelaySec: 6, p95DelaySec: 9, optTsMeanDelaySec: 7 },
    { fromGigacycles: 0.5, toGigacycles: 2, count: 5, meanDelaySec: 12, p95DelaySec: 20, optTsMeanDelaySec: 8 },
  ],
};

const BASELINES: TrainingBaselines = { episodes: 10, optTsDelaySec: 8, capacityProportionalDelaySec: 8.8, limitDelaySec: 4 };

describe('the bars of a policy', () => {
  it('go from the slowest edge server to the fastest, with shares in percent', () => {
    const { labels, series } = toServerBars(DETAIL);
    expect(labels).toEqual(['ES 2: 10', 'ES 1: 30']);
    expect(series.map(({ name, values }) => [name, values.map((value) => Math.round(value ?? NaN))])).toEqual([
      ['Tasks', [30, 70]],
      ['Work', [20, 80]],
      ['Capacity', [25, 75]],
    ]);
    // There are six colors.
    expect(new Set(series.map(({ colorIndex }, index) => (colorIndex ?? index) % 6)).size).toBe(series.length);
  });

  it('set the delay of each size of task beside that of Opt-TS', () => {
    expect(toWorkBars(DETAIL, 'LAD-TS')).toEqual({
      labels: ['0 to 0.5', '0.5 to 2'],
      series: [
        { name: 'LAD-TS', values: [6, 12] },
        { name: 'Opt-TS, same arrivals', values: [7, 8] },
      ],
    });
  });
});

describe('the levels of a learning curve', () => {
  const curve = [buildEpisode(1), buildEpisode(2)];

  it('are the delays of the baselines over every episode', () => {
    const levels = toCurveSeries(curve, 'delay', BASELINES).filter(({ look }) => look === 'level');
    expect(levels.map(({ points }) => points.map(({ x, y }) => [x, y]))).toEqual([
      [
        [1, 8.8],
        [2, 8.8],
      ],
      [
        [1, 4],
        [2, 4],
      ],
    ]);
  });

  it('are ratios to Opt-TS in the chart of ratios', () => {
    const levels = toCurveSeries(curve, 'ratio', BASELINES).filter(({ look }) => look === 'level');
    expect(levels.map(({ points }) => points[0]?.y)).toEqual([1.1, 0.5]);
  });

  it('are left out of charts of other numbers', () => {
    const learned = [buildEpisode(1, { entropy: 2 })];
    expect(toCurveSeries(learned, 'entropy', BASELINES)).toHaveLength(1);
  });
});
