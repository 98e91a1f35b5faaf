import { describe, expect, it } from 'vitest';
import { planSeries, specOfCell, specOfWarmUp } from '../../../src/main/domain/series/plan-series.js';
import { planRun } from '../../../src/main/domain/runs/plan-run.js';
import type { SeriesCellKey } from '../../../src/shared/series-cell.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';

const schedulers = (count: number) =>
  (['random', 'round-robin', 'capacity-proportional', 'local-only', 'shortest-expected-completion'] as const)
    .slice(0, count)
    .map((scheduler) => ({ scheduler }));

/** The schedulers of each repetition of the first condition, in their order. */
function ordersOf(plan: readonly SeriesCellKey[]): number[][] {
  const repetitions = Map.groupBy(
    plan.filter(({ condition }) => condition === 0),
    ({ repetition }) => repetition,
  );
  return [...repetitions.values()].map((cells) => cells.map(({ scheduler }) => scheduler));
}

describe('the plan of a series', () => {
  it('has every cell once, block by block', () => {
    const spec = buildSeriesSpec({ schedulers: schedulers(3), repetitions: 4 });
    const plan = planSeries(spec);
    expect(plan).toHaveLength(3 * 2 * 4);
    expect(new Set(plan.map((cell) => JSON.stringify(cell))).size).toBe(plan.length);
    for (let block = 0; block < 8; block++) {
      const cells = plan.slice(block * 3, block * 3 + 3);
      expect(new Set(cells.map(({ condition, repetition }) => `${condition} ${repetition}`)).size).toBe(1);
      expect(cells.map(({ scheduler }) => scheduler).sort()).toEqual([0, 1, 2]);
    }
  });

  it.each([2, 3, 4, 5])('puts each of %i schedulers equally often at each place', (count) => {
    const orders = ordersOf(planSeries(buildSeriesSpec({ schedulers: schedulers(count), repetitions: count * 2 })));
    for (let place = 0; place < count; place++) {
      for (let scheduler = 0; scheduler < count; scheduler++) {
        expect(orders.filter((order) => order[place] === scheduler)).toHaveLength(2);
      }
    }
  });

  it.each([2, 3, 4, 5])('puts each of %i schedulers equally often right after each other one', (count) => {
    const orders = ordersOf(planSeries(buildSeriesSpec({ schedulers: schedulers(count), repetitions: count * 2 })));
    const follows = orders.flatMap((order) => order.slice(1).map((scheduler, index) => `${order[index]} ${scheduler}`));
    const times = [...Map.groupBy(follows, (pair) => pair).values()].map((pairs) => pairs.length);
    expect(times).toEqual(Array.from({ length: count * (count - 1) }, () => 2));
  });

  it('is the same for the same seed, and another one for another', () => {
    const spec = buildSeriesSpec({ schedulers: schedulers(5), repetitions: 10 });
    expect(planSeries(spec)).toEqual(planSeries(spec));
    expect(planSeries(spec)).not.toEqual(planSeries({ ...spec, seed: 2 }));
  });

  it('only grows with more repetitions', () => {
    const spec = buildSeriesSpec({ schedulers: schedulers(3), repetitions: 4 });
    const longer = planSeries({ ...spec, repetitions: 9 });
    expect(longer.slice(0, 24)).toEqual(planSeries(spec));
  });
});

describe('the runs of a repetition', () => {
  const spec = buildSeriesSpec({ schedulers: [...schedulers(2), { scheduler: 'learned', trainingId: 'training-1' }], seed: 7 });
  const prompts = Array.from({ length: 40 }, (_, id) => ({ id, text: `prompt ${id}` }));
  const plan = (key: SeriesCellKey) =>
    planRun({ runId: 'run', spec: specOfCell(spec, key), prompts, baseStationIds: ['node-1', 'node-2'] });

  it('differ in the scheduler alone: prompts, seeds, steps and arrivals are the same', () => {
    expect(plan({ condition: 1, scheduler: 0, repetition: 2 })).toEqual(plan({ condition: 1, scheduler: 1, repetition: 2 }));
    expect(specOfCell(spec, { condition: 1, scheduler: 2, repetition: 2 })).toMatchObject({
      ...{ scheduler: 'learned', trainingId: 'training-1', seed: 8, taskCount: 20 },
    });
  });

  it('have other prompts in the next repetition', () => {
    expect(plan({ condition: 1, scheduler: 0, repetition: 2 })).not.toEqual(plan({ condition: 1, scheduler: 0, repetition: 3 }));
  });

  it('start from the pictures of the dataset where the series has a strength, and so does the warm-up', () => {
    const key = { condition: 1, scheduler: 0, repetition: 1 };
    expect(specOfCell({ ...spec, strength: 0.4 }, key)).toMatchObject({ strength: 0.4 });
    expect(specOfWarmUp({ ...spec, strength: 0.4 }, 2)).toMatchObject({ strength: 0.4 });
    expect(specOfCell(spec, key)).not.toHaveProperty('strength');
  });

  it('have names that fit a run, however long that of the series is', () => {
    const { name } = specOfCell({ ...spec, name: 'x'.repeat(80) }, { condition: 1, scheduler: 0, repetition: 3 });
    expect(name).toHaveLength(80);
    expect(name).toMatch(/: Random, \|N\| = 20, repetition 3$/);
  });
});

it('the warm-up gives every node the same number of images', () => {
  expect(specOfWarmUp(buildSeriesSpec(), 6)).toMatchObject({ taskCount: 6, scheduler: 'round-robin', arrivals: { kind: 'all-at-once' } });
});
