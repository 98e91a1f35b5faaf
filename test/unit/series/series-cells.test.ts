import { describe, expect, it } from 'vitest';
import { countCells, describeCells, type CellRun, waitingBlocks } from '../../../src/main/domain/series/series-cells.js';
import { cutCells, extendCells, reorderCells } from '../../../src/main/domain/series/change-plan.js';
import { planSeries } from '../../../src/main/domain/series/plan-series.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';

const KEY = { condition: 0, scheduler: 0, repetition: 1 };
const RULES = { keepInvalid: false, maxTries: 2, triesSinceMs: 0 };
const VALID = { isValid: true, reasons: [], limitations: [] };
const INVALID = { isValid: false, reasons: ['A node was lost.'], limitations: [] };

function run(id: string, change: Partial<CellRun> = {}): CellRun {
  return { id, state: 'succeeded', validity: VALID, createdAtMs: 1, series: { seriesId: 'series-1', ...KEY }, ...change };
}
const standing = (runs: CellRun[], rules: Partial<typeof RULES> = {}) => describeCells([KEY], runs, { ...RULES, ...rules })[0];

describe('a cell', () => {
  it('waits before its first run', () => {
    expect(standing([])).toMatchObject({ state: 'waiting', runId: null, tries: 0 });
  });

  it('is running while a run of it is open, paused or not', () => {
    expect(standing([run('run-1', { validity: INVALID }), run('run-2', { state: 'paused' })])).toMatchObject({
      state: 'running',
      runId: 'run-2',
    });
  });

  it('has the last run that is valid, whatever came after it', () => {
    const runs = [run('run-1', { validity: INVALID }), run('run-2'), run('run-3', { state: 'failed', validity: INVALID })];
    expect(standing(runs)).toMatchObject({ state: 'valid', runId: 'run-2', tries: 3, reasons: [] });
  });

  it('waits for another try when its run is invalid, failed or was stopped', () => {
    for (const state of ['succeeded', 'failed', 'stopped'] as const) {
      expect(standing([run('run-1', { state, validity: INVALID })])).toMatchObject({ state: 'waiting', reasons: ['A node was lost.'] });
    }
  });

  it('is given up after its tries: with an invalid run, or with none', () => {
    const failed = run('run-2', { state: 'failed', validity: INVALID });
    expect(standing([run('run-1', { validity: INVALID }), failed])).toMatchObject({ state: 'invalid', runId: 'run-1' });
    expect(standing([failed, failed])).toMatchObject({ state: 'failed', runId: 'run-2' });
  });

  it('takes an invalid run at once where that is asked for, but none that did not succeed', () => {
    expect(standing([run('run-1', { validity: INVALID })], { keepInvalid: true })).toMatchObject({ state: 'invalid', runId: 'run-1' });
    expect(standing([run('run-1', { state: 'stopped', validity: INVALID })], { keepInvalid: true })).toMatchObject({ state: 'waiting' });
  });

  it('gets its tries again when the series is resumed', () => {
    const tried = [1, 2].map((ms) => run(`run-${ms}`, { validity: INVALID, createdAtMs: ms }));
    expect(standing(tried, { triesSinceMs: 3 })).toMatchObject({ state: 'waiting', tries: 2 });
  });

  it('counts no warm-up', () => {
    expect(standing([run('run-1', { series: { seriesId: 'series-1', ...KEY, repetition: 0 } })])).toMatchObject({
      state: 'waiting',
      tries: 0,
    });
  });
});

it('cells are counted by what they are', () => {
  expect(countCells([{ state: 'valid' }, { state: 'waiting' }, { state: 'valid' }])).toEqual({
    ...{ total: 3, valid: 2, invalid: 0, failed: 0, running: 0, waiting: 1 },
  });
});

describe('what is left of a plan', () => {
  const spec = buildSeriesSpec({ repetitions: 3 });
  const plan = planSeries(spec);
  const first = { seriesId: 'series-1', ...plan[0]! };
  const cells = describeCells(plan, [run('run-1', { series: first })], RULES);
  const blocksOf = (keys: readonly { condition: number; repetition: number }[]) => [
    ...new Set(keys.map(({ condition, repetition }) => `${condition + 1}.${repetition}`)),
  ];

  it('is the blocks of which no run was started', () => {
    expect([...waitingBlocks(cells).keys()]).toEqual(['2.1', '1.2', '2.2', '1.3', '2.3']);
  });

  it('is reordered by block, behind the one that has started', () => {
    expect(blocksOf(reorderCells(cells, ['2.3', '1.2']))).toEqual(['1.1', '2.3', '1.2', '2.1', '2.2', '1.3']);
    expect(reorderCells(cells, ['2.3']).map(({ scheduler }) => scheduler)).toHaveLength(12);
    expect(() => reorderCells(cells, ['1.1'])).toThrow('Block 1.1 does not wait');
  });

  it('is cut, and comes back with more repetitions', () => {
    const cut = cutCells(spec, cells);
    expect(blocksOf(cut.cells)).toEqual(['1.1']);
    expect(cut.spec.repetitions).toBe(1);
    const longer = extendCells(cut.spec, cut.cells, 1);
    expect(longer.spec.repetitions).toBe(2);
    expect(blocksOf(longer.cells)).toEqual(['1.1', '2.1', '1.2', '2.2']);
    expect(longer.cells).toHaveLength(8);
    expect(() => cutCells(spec, describeCells(plan, [], RULES))).toThrow('no block has started');
  });
});
