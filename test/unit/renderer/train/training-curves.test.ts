import { describe, expect, it } from 'vitest';
import { canCancel, canResume, describeLeft, nameApart } from '../../../../src/renderer/views/train/describe-training.js';
import { nameTraining } from '../../../../src/shared/name-training.js';
import { toTrainCommand } from '../../../../src/shared/train-command.js';
import {
  formatDelayInterval,
  formatDelaySec,
  joinCurve,
  toComparisonSeries,
  toCurveSeries,
} from '../../../../src/shared/training-curves.js';
import { buildEpisode, buildSpec, buildTraining } from './training-fixture.js';

describe('the lines of a learning curve', () => {
  it('show the policy beside Opt-TS on the same arrivals', () => {
    const series = toCurveSeries([buildEpisode(1), buildEpisode(2, { meanDelaySec: 7 })], 'delay');
    expect(series.map(({ name, points }) => [name, points.map(({ y }) => y)])).toEqual([
      ['Policy', [8, 7]],
      ['Opt-TS, same arrivals', [10, 10]],
    ]);
  });

  it('leave out what the method does not have', () => {
    const series = toCurveSeries([buildEpisode(1), buildEpisode(2, { criticLoss: 3 })], 'loss');
    expect(series.map(({ name }) => name)).toEqual(['Critic']);
    expect(series[0]?.points[0]).toEqual({ x: 1, y: null });
  });

  it('keep a training’s color when another has no value', () => {
    const curves = [
      { name: 'a', curve: [buildEpisode(1)] },
      { name: 'b', curve: [buildEpisode(1, { entropy: 2 })] },
    ];
    expect(toComparisonSeries(curves, 'entropy').map(({ name, colorIndex }) => [name, colorIndex])).toEqual([['b', 1]]);
  });

  it('take newer points instead of older ones of the same episodes', () => {
    const newer = [buildEpisode(2, { meanDelaySec: 5 }), buildEpisode(3)];
    expect(joinCurve([buildEpisode(1), buildEpisode(2)], newer).map((point) => [point.episode, point.meanDelaySec])).toEqual([
      [1, 8],
      [2, 5],
      [3, 8],
    ]);
    expect(joinCurve([buildEpisode(1)], [])).toHaveLength(1);
  });
});

describe('delays of a training', () => {
  it('have three figures that count, however short they are', () => {
    expect([0.06643, 0.0595, 7.8249, 12.34, 1921.5, 0].map(formatDelaySec)).toEqual(['0.0664', '0.0595', '7.82', '12.3', '1,922', '0.00']);
    expect([formatDelaySec(null), formatDelaySec(NaN)]).toEqual(['–', '–']);
  });

  it('have an interval as fine as the mean', () => {
    expect(formatDelayInterval({ mean: 0.06643, halfWidth95: 0.00312 })).toBe('0.0664 ± 0.0031');
    expect(formatDelayInterval({ mean: 7.82, halfWidth95: null })).toBe('7.82');
    expect(formatDelayInterval(null)).toBe('–');
  });
});

describe('the words for a training', () => {
  it('name what sets it apart', () => {
    expect(nameTraining(buildSpec({ changes: { baseStations: 3 }, seed: 7 }))).toBe('LAD-TS, reference, B 3, seed 7');
  });

  it('tell equal ones apart', () => {
    const names = nameApart([buildTraining({ id: 'training-aaaa' }), buildTraining({ id: 'training-bbbb' })]);
    expect([...names.values()]).toEqual(['LAD-TS, reference, seed 1 (aaaa)', 'LAD-TS, reference, seed 1 (bbbb)']);
  });

  it('say how long it still takes', () => {
    expect(describeLeft({ state: 'running', remainingSec: 90 })).toBe('About 1 min 30 s left');
    expect(describeLeft({ state: 'succeeded', remainingSec: null })).toBeNull();
  });

  it('offer no resuming of one that diverged, and no cancelling of one that has ended', () => {
    const error = { code: 'training-diverged', message: 'The loss is not finite', hint: null } as const;
    expect(canResume({ state: 'failed', error })).toBe(false);
    expect(canResume({ state: 'paused', error: null })).toBe(true);
    expect([canCancel({ state: 'paused' }), canCancel({ state: 'succeeded' })]).toEqual([true, false]);
  });
});

describe('the command that makes a training again', () => {
  it('leaves out what is the method’s own', () => {
    expect(toTrainCommand(buildSpec())).toBe(
      'npm run cli -- train --method lad-ts --preset reference --episodes 60 --seed 1 --checkpoint-every 5',
    );
  });

  it('names every change, quoted for a shell', () => {
    const { settings } = buildSpec();
    const observationScale = { sizeMbit: 1, workGigacycles: 1, backlogGigacycles: 1 };
    const changed = { ...settings, targetEntropy: 1, chainNoise: 'half', observationScale };
    const spec = buildSpec({ changes: { maxTasksPerSlot: 5 }, settings: changed });
    expect(toTrainCommand(spec)).toContain(
      `--max-tasks 5 --set targetEntropy=1 --set chainNoise=half --set 'observationScale={"sizeMbit":1,"workGigacycles":1,"backlogGigacycles":1}'`,
    );
  });
});
