// Every expected number is worked out by hand, beside it, or by scipy (test/fixtures/series/statistics.json).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildRunComparison } from '../../../src/main/domain/run-comparison/build-run-comparison.js';
import type { RunComparison, RunGrouping } from '../../../src/shared/run-comparison.js';
import { buildListedRun, type FixtureRun } from '../../support/comparison-fixtures.js';
import { buildRun } from '../../support/storage-fixtures.js';

function compare(runs: readonly FixtureRun[], groupBy: RunGrouping = 'scheduler', reference: string | null = null): RunComparison {
  return buildRunComparison(runs.map(buildListedRun), { groupBy, reference }, []);
}

const random = (id: string, seed: number, serviceSec: number[], totalSec: number): FixtureRun => ({
  ...{ id, serviceSec, totalSec, spec: { scheduler: 'random', seed } },
});
const robin = (id: string, seed: number, serviceSec: number[], totalSec: number): FixtureRun => ({
  ...{ id, serviceSec, totalSec, spec: { scheduler: 'round-robin', seed } },
});

describe('what differs', () => {
  it('is the scheduler alone of two runs that differ in it alone', () => {
    const { differing, identical } = compare([random('a', 1, [1, 2], 2), robin('b', 1, [1, 2], 2)]);
    expect(differing.map(({ title, values }) => [title, values])).toEqual([['Scheduler', ['Random', 'Round-robin']]]);
    expect(identical.length).toBeGreaterThan(25);
  });

  it('is told among all runs, not from the first', () => {
    const { differing } = compare([random('a', 1, [1], 1), random('b', 1, [1], 1), random('c', 2, [1], 1)]);
    expect(differing.map(({ title, values }) => [title, values])).toEqual([['Seed', ['1', '1', '2']]]);
  });

  it('counts the nodes in each power mode, and takes none that is reported for another', () => {
    const [node] = buildRun().nodesSnapshot;
    const withModes = (id: string, modes: (string | null)[]): FixtureRun => ({
      ...random(id, 1, [1], 1),
      stored: { nodesSnapshot: modes.map((powerMode) => ({ ...node!, facts: { powerMode } })) },
    });
    const { differing } = compare([
      withModes('a', ['MAXN', 'MAXN', '30W']),
      withModes('b', ['MAXN', 'MAXN', 'MAXN']),
      withModes('c', [null, null, null]),
    ]);
    expect(differing.map(({ title, values }) => [title, values])).toEqual([['Power mode', ['MAXN ×2, 30W ×1', 'MAXN', null]]]);
  });

  it('tells two datasets of one name apart', () => {
    const of = (id: string, datasetId: string): FixtureRun => ({ ...random(id, 1, [1], 1), spec: { scheduler: 'random', datasetId } });
    expect(compare([of('a', 'd-1'), of('b', 'd-2')]).differing.map(({ values }) => values)).toEqual([['Flickr8k (d-1)', 'Flickr8k (d-2)']]);
  });
});

describe('groups', () => {
  it('never hold simulated and measured runs, nor other numbers of tasks', () => {
    const simulated: FixtureRun = { ...random('b', 1, [1, 1], 1), summary: { isSimulated: true } };
    const { groups } = compare([random('a', 1, [1, 1], 1), simulated, random('c', 1, [1, 1, 1], 1)]);
    expect(groups.map(({ name, runIds }) => [name, runIds])).toEqual([
      ['Random, |N| = 2, measured', ['a']],
      ['Random, |N| = 2, simulated', ['b']],
      ['Random, |N| = 3, measured', ['c']],
    ]);
  });

  it('are held to the group of the reference run, but not where the work is another amount', () => {
    const { groups, referenceGroupId } = compare(
      [random('a', 1, [1, 1], 14), robin('b', 1, [1, 1], 10), robin('c', 1, [1], 5)],
      'run',
      'b',
    );
    expect(referenceGroupId).toBe('b');
    // 14 / 10 - 1
    expect(groups.map(({ figures }) => figures.difference)).toEqual([{ sec: 4, share: 0.4 }, null, null]);
  });
});

describe('intervals', () => {
  const { intervals, paired } = JSON.parse(readFileSync(new URL('../../fixtures/series/statistics.json', import.meta.url), 'utf8')) as {
    intervals: { values: number[]; mean: number; halfWidth95: number }[];
    paired: { pairs: [number, number][]; mean: number; halfWidth95: number; pValue: number; reduction: number }[];
  };
  const sample = (size: number) => intervals.find(({ values }) => values.length === size)!;

  it('are those of scipy over three repetitions or more', () => {
    for (const size of [3, 5, 10]) {
      const { values, mean, halfWidth95 } = sample(size);
      const { groups } = compare(values.map((totalSec, index) => random(`r${index}`, index, [1], totalSec)));
      expect(groups[0]?.figures.totalSec.mean).toBeCloseTo(mean, 9);
      expect(groups[0]?.figures.totalSec.halfWidth95).toBeCloseTo(halfWidth95, 9);
      expect(groups[0]?.intervalProblem).toBeNull();
    }
  });

  it('are left out of two repetitions, with the reason', () => {
    const { groups } = compare(sample(2).values.map((totalSec, index) => random(`r${index}`, index, [1], totalSec)));
    expect(groups[0]?.figures.totalSec).toEqual({ mean: expect.closeTo(sample(2).mean, 9) as number, halfWidth95: null });
    expect(groups[0]?.intervalProblem).toBe('No interval: 2 repetitions, and it takes 3.');
  });

  it('are left out of runs that are no repetitions, with what they differ in', () => {
    const runs = [random('a', 1, [1], 1), robin('b', 1, [1], 2), random('c', 2, [1], 3)];
    const { groups } = compare(runs, 'testbed');
    expect(groups[0]?.figures.totalSec.halfWidth95).toBeNull();
    expect(groups[0]?.intervalProblem).toBe('No interval: its runs are no repetitions, they differ in Scheduler.');
  });

  it('of paired totals are those of scipy, from three pairs on', () => {
    const expected = paired.find(({ pairs }) => pairs.length === 3)!;
    const runs = expected.pairs.flatMap(([first, second], seed) => [
      robin(`b${seed}`, seed, [1], second),
      random(`a${seed}`, seed, [1], first),
    ]);
    const [pairing] = compare(runs).pairings;
    expect(pairing?.totals?.meanSec).toBeCloseTo(expected.mean, 9);
    expect(pairing?.totals?.halfWidth95Sec).toBeCloseTo(expected.halfWidth95, 9);
    expect(pairing?.totals?.pValue).toBeCloseTo(expected.pValue, 9);
    expect(pairing?.totalSentence).toContain('k = 3 pairs of runs');
    const two = compare(runs.slice(0, 4)).pairings[0];
    expect(two?.totals).toMatchObject({ halfWidth95Sec: null, pValue: null });
    expect(two?.totalSentence).toContain('an interval takes 3 pairs');
  });
});

describe('figures', () => {
  it('hide a percentile below the sample that supports it', () => {
    const delays = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
    const [small, large] = compare([random('a', 1, delays(58), 60), robin('b', 1, delays(100), 100)]).groups;
    // 1 - 0.9^29 - 0.1^29 is the first above 0.95; of 58 sorted delays the median is between the 29th and the 30th, p90 the 53rd.
    expect(small?.figures.percentiles.map(({ figure }) => figure?.mean ?? null)).toEqual([29.5, 53, null, null]);
    expect(small?.figures.percentiles[2]?.hidden).toBe('It has too few tasks: it takes 59.');
    expect(large?.figures.percentiles.map(({ figure }) => figure?.mean ?? null)).toEqual([50.5, 90, 95, null]);
  });

  it('count finished images per minute', () => {
    // 2 of 3 images in 30 s
    const [group] = compare([{ id: 'a', serviceSec: [1, 2, null], totalSec: 30 }, random('b', 1, [1], 1)]).groups;
    expect(group?.figures).toMatchObject({ imagesPerMin: { mean: 4 }, failed: 1 });
  });

  it('split the mean delay into its parts', () => {
    // Mean delay 2 s: a tenth waiting, the rest computing.
    const [group] = compare([random('a', 1, [1, 3], 3), robin('b', 1, [1, 1], 1)]).groups;
    expect(group?.parts.waiting).toBeCloseTo(0.2, 12);
    expect(group?.parts.compute).toBeCloseTo(1.8, 12);
  });
});

describe('distribution', () => {
  it('keeps at most 500 quantiles of a run, each of them a delay that was measured', () => {
    const delays = Array.from({ length: 2000 }, (_, index) => index + 1);
    const [run] = compare([random('a', 1, delays, 1), robin('b', 1, [1], 1)]).runs;
    // Ranks 4, 8, ... 2000.
    expect(run?.distribution?.quantilesSec).toHaveLength(500);
    expect(run?.distribution?.quantilesSec.slice(0, 3)).toEqual([4, 8, 12]);
    expect(run?.distribution?.quantilesSec.at(-1)).toBe(2000);
  });

  it('has a box of the median and nearest ranks, whiskers at p5 and p95 from 59 tasks on', () => {
    const delays = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
    const boxes = compare([random('a', 1, delays(100), 1), robin('b', 1, delays(20), 1), robin('c', 1, delays(10), 1)], 'run').groups;
    expect(boxes.map(({ distribution }) => distribution.box)).toEqual([
      { low: 5, q1: 25, median: 50.5, q3: 75, high: 95 },
      { low: null, q1: 5, median: 10.5, q3: 15, high: null },
      null,
    ]);
  });

  it('has bins of one round width for all groups, whose shares add up to one', () => {
    const { groups, histogram } = compare([random('a', 1, [0, 9, 10, 59], 1), robin('b', 1, [30], 1)]);
    // 59 / 30 bins is 1.97 s, so bins of 2 s: the delays lie in bins 0, 4, 5 and 29.
    expect(histogram).toEqual({ binSec: 2, binCount: 30 });
    const [shares] = groups.map(({ distribution }) => distribution.binShares);
    expect([shares?.[0], shares?.[4], shares?.[5], shares?.[29]]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

describe('pairs', () => {
  it('are the tasks of runs of one workload that succeeded in both', () => {
    const fast: FixtureRun = { id: 'a', spec: { scheduler: 'random', seed: 1 }, serviceSec: [1, 2, 3, null], totalSec: 3 };
    const slow: FixtureRun = { id: 'b', spec: { scheduler: 'round-robin', seed: 1 }, serviceSec: [5, 1, 10, 4], totalSec: 10 };
    const [pairing] = compare([fast, slow]).pairings;
    // The other less the reference: 4, -1, 7; median 4, slower in two of three.
    expect(pairing).toMatchObject({ runPairs: 1, taskPairs: 3, medianSec: 4 });
    expect(pairing?.slowerShare).toBeCloseTo(2 / 3, 12);
    expect(pairing?.sentence).toBe('Random is 4.0 s faster per task than Round-robin (median of 3 pairs; faster in 67 % of the pairs).');
  });

  it('are none of other seeds, which the sentence names', () => {
    const [pairing] = compare([random('a', 1, [1], 1), robin('b', 2, [2], 2)]).pairings;
    expect(pairing).toMatchObject({ runPairs: 0, taskPairs: 0, medianSec: null, totals: null });
    expect(pairing?.sentence).toBe('Round-robin and Random: no pairs: seeds 1 and 2.');
  });

  it('take each run once', () => {
    const runs = [random('a', 1, [1], 1), robin('b', 1, [2], 2), robin('c', 1, [3], 3)];
    expect(compare(runs).pairings[0]).toMatchObject({ runPairs: 1, taskPairs: 1 });
  });
});

it('looks stay while runs are hidden, and names tell runs apart', () => {
  const listed = [random('a', 1, [1], 1), robin('b', 1, [1], 1), robin('c', 2, [1], 1)].map((run) =>
    buildListedRun({ ...run, spec: { ...run.spec, name: 'Same' } }),
  );
  const [first] = listed;
  const hidden = [{ ...first!, leftOut: 'hidden' as const, counted: null }, ...listed.slice(1)];
  const { groups, runs } = buildRunComparison(hidden, { groupBy: 'scheduler', reference: null }, []);
  expect(groups.map(({ position, runIds }) => [position, runIds])).toEqual([[1, ['b', 'c']]]);
  expect(runs.map(({ name, leftOut }) => [name, leftOut])).toEqual([
    ['Same #1', 'hidden'],
    ['Same #2', null],
    ['Same #3', null],
  ]);
});

describe('runs of a policy that learns on the job', () => {
  const learns = (id: string, seed: number, trainingId: string, totalSec: number): FixtureRun => ({
    ...{ id, serviceSec: [1, 2], totalSec, spec: { scheduler: 'learned', trainingId, learning: 'measured', seed } },
    summary: { series: { seriesId: 'series-1', condition: 0, scheduler: 0, repetition: seed } },
  });

  it('are one group a version, apart from those of the same version that does not learn', () => {
    const fixed: FixtureRun = { ...random('d', 1, [1, 2], 2), spec: { scheduler: 'learned', trainingId: 'training-1', seed: 1 } };
    const { groups } = compare([learns('a', 1, 'training-1', 2), learns('b', 2, 'training-1', 2), learns('c', 3, 'training-2', 2), fixed]);
    expect(groups.map(({ runIds }) => runIds)).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  it('have no interval, however many there are, nor has what they differ by', () => {
    const seeds = [1, 2, 3, 4];
    const own = seeds.map((seed) => learns(`l${seed}`, seed, 'training-1', 100 + seed));
    const others = seeds.map((seed) => random(`r${seed}`, seed, [1, 2], 110 + 2 * seed));
    const { groups, pairings } = compare([...own, ...others]);
    const learned = groups.find(({ runIds }) => runIds.includes('l1'));
    expect(learned?.intervalProblem).toContain('a sequence and no repetitions');
    expect(learned?.figures?.totalSec.halfWidth95).toBeNull();
    expect(groups.find(({ runIds }) => runIds.includes('r1'))?.figures?.totalSec.halfWidth95).toBeGreaterThan(0);
    expect(pairings[0]?.totals).toMatchObject({ halfWidth95Sec: null, pValue: null });
    expect(pairings[0]?.totalSentence).toContain('no interval: what learns on the job makes a sequence');
  });
});
