import { describe, expect, it } from 'vitest';
import { formatInterval } from '../../../../src/shared/format.js';
import { groupBySeed, toGroupRow, toGroupSeries, type TrainingCurve } from '../../../../src/renderer/views/train/seed-groups.js';
import type { TrainingSpec } from '../../../../src/shared/training.js';
import { buildEpisode, buildSpec, buildTraining } from './training-fixture.js';

/** A training whose episodes have these delays; Opt-TS takes 10 s. */
function buildCurve(spec: Partial<TrainingSpec>, delaysSec: readonly number[], convergenceEpisode: number | null = null): TrainingCurve {
  const training = buildTraining({ spec: buildSpec(spec), state: 'succeeded', convergenceEpisode });
  const curve = delaysSec.map((meanDelaySec, index) => buildEpisode(index + 1, { meanDelaySec, ratioToOptTs: meanDelaySec / 10 }));
  return { training, curve };
}

describe('trainings taken together by seed', () => {
  it('differ in their seed only', () => {
    const groups = groupBySeed([
      buildCurve({ seed: 1 }, [8]),
      buildCurve({ seed: 2 }, [8]),
      buildCurve({ seed: 1, method: 'sac-ts' }, [8]),
      buildCurve({ seed: 3, changes: { slots: 5 } }, [8]),
    ]);
    expect(groups.map(({ name, members }) => [name, members.length])).toEqual([
      ['LAD-TS, reference', 2],
      ['SAC-TS, reference', 1],
      ['LAD-TS, reference, |T| 5', 1],
    ]);
  });

  it('take the order of their settings for nothing', () => {
    const { settings } = buildSpec();
    const turned = Object.fromEntries(Object.entries(settings).reverse());
    expect(groupBySeed([buildCurve({ seed: 1 }, [8]), buildCurve({ seed: 2, settings: turned }, [8])])).toHaveLength(1);
  });

  it('count a seed once, by the training that has come farthest', () => {
    const [group] = groupBySeed([buildCurve({ seed: 1 }, [8]), buildCurve({ seed: 1 }, [8, 7])]);
    expect(group?.members.map(({ curve }) => curve.length)).toEqual([2]);
  });

  it('are distinguished where only a setting differs', () => {
    const { settings } = buildSpec();
    const groups = groupBySeed([buildCurve({}, [8]), buildCurve({ settings: { ...settings, discount: 0.9 } }, [8])]);
    expect(groups.map(({ name }) => name)).toEqual(['LAD-TS, reference (1)', 'LAD-TS, reference (2)']);
  });
});

describe('the line of several seeds', () => {
  it('is their mean with its interval, up to where the first of them ends', () => {
    const groups = groupBySeed([buildCurve({ seed: 1 }, [10, 8, 6]), buildCurve({ seed: 2 }, [12, 10])]);
    const [line] = toGroupSeries(groups, 'delay');
    expect(line?.name).toBe('LAD-TS, reference (2 seeds)');
    expect(line?.points.map(({ x, y }) => [x, y])).toEqual([
      [1, 11],
      [2, 9],
    ]);
    // Two values 2 apart: standard error 1, and the t of one degree of freedom.
    expect(line?.points[0]?.halfWidth).toBeCloseTo(12.706, 3);
  });

  it('leaves out a seed that has not started, and says so', () => {
    const [line] = toGroupSeries(groupBySeed([buildCurve({ seed: 1 }, [8]), buildCurve({ seed: 2 }, [])]), 'delay');
    expect([line?.name, line?.points.length]).toEqual(['LAD-TS, reference (1 of 2 seeds)', 1]);
  });

  it('has no interval of a single seed', () => {
    const [line] = toGroupSeries(groupBySeed([buildCurve({}, [8])]), 'ratio');
    expect(line?.points).toEqual([{ x: 1, y: 0.8, halfWidth: null }]);
  });

  it('is left out before there is a value', () => {
    expect(toGroupSeries(groupBySeed([buildCurve({}, [])]), 'delay')).toEqual([]);
  });
});

describe('the row of several seeds', () => {
  it('has the means of the last 10 episodes and says how many seeds settled', () => {
    const long = [...Array.from({ length: 5 }, () => 100), ...Array.from({ length: 10 }, () => 9)];
    const [group] = groupBySeed([buildCurve({ seed: 1 }, long, 20), buildCurve({ seed: 2 }, long, null)]);
    const row = group && toGroupRow(group);
    expect(row).toMatchObject({ seeds: 2, endedSeeds: 2, settledSeeds: 1, convergenceEpisode: 20, episodeCpuMs: 400 });
    expect(formatInterval(row?.delaySec ?? null, 2)).toBe('9.00 ± 0.00');
    expect(row?.ratioToOptTs?.mean).toBeCloseTo(0.9);
  });

  it('has no figures before the first episode', () => {
    const [group] = groupBySeed([buildCurve({}, [])]);
    expect(group && toGroupRow(group)).toMatchObject({ delaySec: null, ratioToOptTs: null, episodeCpuMs: null });
  });
});
