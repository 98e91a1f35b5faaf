// How a series goes through its cells, on runs that end as the test says.
import { describe, expect, it } from 'vitest';
import { describeCells } from '../../../src/main/domain/series/series-cells.js';
import { planSeries } from '../../../src/main/domain/series/plan-series.js';
import { SeriesExecution } from '../../../src/main/domain/series/series-execution.js';
import type { RunSummary } from '../../../src/shared/run.js';
import type { SeriesSpec } from '../../../src/shared/series.js';
import type { RunSeriesCell } from '../../../src/shared/series-cell.js';
import { buildRunSummary } from '../../support/run-fixtures.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';
import { buildTestbed } from '../../support/storage-fixtures.js';

type End = 'valid' | 'invalid' | 'failed';
const never = new AbortController().signal;

/** Runs end at once, the n-th as `ends` says, those after the last as the last. */
function execution(ends: readonly End[], change: Partial<SeriesSpec> = {}, open: RunSummary[] = []) {
  const spec = buildSeriesSpec(change);
  const runs: RunSummary[] = [...open];
  const log: string[] = [];
  const resumed: string[] = [];
  const learnedFrom: string[][] = [];
  const find = (id: string): RunSummary => runs.find((run) => run.id === id)!;
  const put = (run: RunSummary): RunSummary => ((runs[runs.findIndex(({ id }) => id === run.id)] = run), run);
  let started = 0;
  const series = new SeriesExecution({
    series: { id: 'series-1', spec, testbedName: 'Lab', datasetName: 'Flickr8k', programVersion: '0.1.0' },
    runs: {
      start(request, series: RunSeriesCell | null = null) {
        const run = buildRunSummary({
          id: `run-${++started}`,
          spec: request,
          state: 'running',
          series,
          createdAtMs: started,
          finishedAtMs: null,
        });
        runs.push(run);
        return Promise.resolve(run);
      },
      ended(id) {
        const run = find(id);
        const end = ends[Math.min(started, ends.length) - 1] ?? 'valid';
        const validity = { isValid: end === 'valid', reasons: end === 'valid' ? [] : ['A node was lost.'], limitations: [] };
        return Promise.resolve(put({ ...run, state: end === 'failed' ? 'failed' : 'succeeded', validity, finishedAtMs: started }));
      },
      get: find,
      resume: (id) => (resumed.push(id), Promise.resolve(find(id))),
      pause: (id) => Promise.resolve(put({ ...find(id), state: 'paused' })),
      stopNow: (id) => Promise.resolve(put({ ...find(id), state: 'stopped' })),
      standstill: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    getTestbed: () => buildTestbed(),
    untilConnected: () => Promise.resolve(),
    readCelsius: () => Promise.resolve(null),
    learn: ({ trainingId, runIds }) => (learnedFrom.push([...runIds]), Promise.resolve(`${trainingId}-after-${runIds.length}`)),
    listRuns: () => runs,
    cells: () => describeCells(planSeries(spec), runs, { ...spec, triesSinceMs: 0 }),
    pausedRunId: open[0]?.id ?? null,
    changed: () => undefined,
    log: (text) => log.push(text),
    nowMs: () => 0,
  });
  return {
    series,
    runs,
    log,
    resumed,
    learnedFrom,
    states: () => describeCells(planSeries(spec), runs, { ...spec, triesSinceMs: 0 }).map(({ state }) => state),
  };
}

describe('a series under way', () => {
  it('repeats an invalid and a failed run of a cell, and continues with the next', async () => {
    const { series, runs, log, states } = execution(['valid', 'invalid', 'failed', 'valid']);
    await series.run(never);
    expect(states()).toEqual(Array.from({ length: 8 }, () => 'valid'));
    expect(runs).toHaveLength(10);
    expect(runs.slice(1, 4).map((run) => run.series)).toEqual([runs[1]!.series, runs[1]!.series, runs[1]!.series]);
    expect(log).toEqual([
      expect.stringMatching(/^Run run-2 .* is invalid: A node was lost\.$/),
      expect.stringMatching(/^Run run-3 .* has failed: /),
    ]);
  });

  it('gives a cell up after its tries, and continues with the next', async () => {
    const { series, states } = execution(['invalid', 'invalid', 'valid'], { maxTries: 2 });
    await series.run(never);
    expect(states()).toEqual(['invalid', ...Array.from({ length: 7 }, () => 'valid')]);
  });

  it('stops where cell after cell is given up, and says why: the rest of the night would go the same way', async () => {
    const { series, runs } = execution(['failed'], { maxTries: 2 });
    await expect(series.run(never)).rejects.toMatchObject({
      ...{ code: 'partial-failure', message: '3 cells in a row have no valid run, the last because: A node was lost.' },
    });
    expect(runs).toHaveLength(6);
  });

  it('takes invalid runs as they are where that is asked for', async () => {
    const { series, runs, states } = execution(['invalid'], { keepInvalid: true });
    await series.run(never);
    expect(runs).toHaveLength(8);
    expect(new Set(states())).toEqual(new Set(['invalid']));
  });

  it('warms every node up before the first cell, which no cell counts', async () => {
    const { series, runs } = execution(['valid'], { warmUpTasksPerNode: 2 });
    await series.run(never);
    expect(runs[0]).toMatchObject({ spec: { taskCount: 2, allowOverload: true }, series: { repetition: 0 } });
    expect(runs).toHaveLength(9);
  });

  it('first ends the run that it was paused with, and needs no warm-up then', async () => {
    const cell = { seriesId: 'series-1', ...planSeries(buildSeriesSpec())[0]! };
    const paused = buildRunSummary({ id: 'run-0', state: 'paused', series: cell, finishedAtMs: null });
    const { series, runs, resumed } = execution(['valid'], { warmUpTasksPerNode: 2 }, [paused]);
    await series.run(never);
    expect(resumed).toEqual(['run-0']);
    expect(runs).toHaveLength(8);
  });
});

describe('a series that measures learning on the job', () => {
  const schedulers: SeriesSpec['schedulers'] = [{ scheduler: 'learned', trainingId: 'training-1', learning: 'measured' }];
  const conditions = buildSeriesSpec().conditions.slice(1);

  it('learns before each run of the row but the first, from its runs that count, and is decided by what came of it', async () => {
    const { series, runs, learnedFrom } = execution(['valid'], { schedulers, conditions, repetitions: 3 });
    await series.run(never);
    expect(learnedFrom).toEqual([['run-1'], ['run-1', 'run-2']]);
    expect(runs.map(({ spec }) => [spec.trainingId, spec.learning])).toEqual([
      ['training-1', 'measured'],
      ['training-1-after-1', 'measured'],
      ['training-1-after-2', 'measured'],
    ]);
  });

  it('learns nothing from a run that does not count: it is made again by the same version', async () => {
    const { series, runs, learnedFrom } = execution(['valid', 'invalid', 'valid'], { schedulers, conditions, repetitions: 2 });
    await series.run(never);
    expect(learnedFrom).toEqual([['run-1'], ['run-1']]);
    expect(runs.map(({ spec }) => spec.trainingId)).toEqual(['training-1', 'training-1-after-1', 'training-1-after-1']);
  });

  it('leaves rows that do not learn as they are named', async () => {
    const frozen: SeriesSpec['schedulers'] = [...schedulers, { scheduler: 'learned', trainingId: 'training-1' }];
    const { series, runs } = execution(['valid'], { schedulers: frozen, conditions, repetitions: 2 });
    await series.run(never);
    const ofFrozen = runs.filter(({ spec }) => spec.learning === undefined);
    expect(ofFrozen.map(({ spec }) => spec.trainingId)).toEqual(['training-1', 'training-1']);
  });
});
