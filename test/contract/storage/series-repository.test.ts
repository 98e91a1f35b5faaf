import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planSeries } from '../../../src/main/domain/series/plan-series.js';
import { JobRepository } from '../../../src/main/adapters/storage/job-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { SeriesRepository, type StoredSeries } from '../../../src/main/adapters/storage/series-repository.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';
import { buildRun, openTemporaryDatabase } from '../../support/storage-fixtures.js';

const spec = buildSeriesSpec({
  coolDown: { sec: 60, belowCelsius: 55 },
  schedulers: [{ scheduler: 'learned', trainingId: 'training-1' }, { scheduler: 'random' }],
});
const STORED: StoredSeries = { id: 'series-1', spec, testbedName: 'Lab', datasetName: 'Flickr8k', programVersion: '0.1.0' };

let opened: ReturnType<typeof openTemporaryDatabase>;
let series: SeriesRepository;
let runs: RunRepository;
let jobs: JobRepository;

beforeEach(() => {
  opened = openTemporaryDatabase();
  series = new SeriesRepository(opened.database);
  runs = new RunRepository(opened.database, () => 1);
  jobs = new JobRepository(opened.database);
  series.add(STORED, planSeries(spec));
});
afterEach(() => opened.dispose());

describe('a series on record', () => {
  it('is read back with its cells in their order', () => {
    expect(series.get('series-1')).toEqual(STORED);
    expect(series.list()).toEqual([STORED]);
    expect(series.cells('series-1')).toEqual(planSeries(spec));
    expect(series.get('series-2')).toBeNull();
  });

  it('has its cells replaced: new ones, another order, fewer', () => {
    const longer = { ...spec, repetitions: 3 };
    const reversed = planSeries(longer).reverse();
    series.replaceCells('series-1', reversed, longer);
    expect(series.cells('series-1')).toEqual(reversed);
    expect(series.get('series-1')?.spec.repetitions).toBe(3);
    series.replaceCells('series-1', reversed.slice(0, 2));
    expect(series.cells('series-1')).toEqual(reversed.slice(0, 2));
  });

  it('goes with its job, and its job with it', () => {
    const subject = { kind: 'series', id: 'series-1', name: 'Table V' } as const;
    const life = { state: 'running', outcome: null, error: null, createdAtMs: 1, startedAtMs: 1, finishedAtMs: null } as const;
    jobs.save({ id: 'series-1', kind: 'series', title: 'Run series', subject, ...life, detail: null, log: [] });
    jobs.delete(['series-1']);
    expect(series.list()).toEqual([]);
    expect(series.cells('series-1')).toEqual([]);
  });
});

describe('a run of a series', () => {
  const cell = { seriesId: 'series-1', condition: 1, scheduler: 0, repetition: 2 };

  it('knows its cell and is found by its series, oldest first', () => {
    runs.insertRun(buildRun({ id: 'run-2', createdAtMs: 2, series: cell }), []);
    runs.insertRun(buildRun({ id: 'run-1', createdAtMs: 1, series: { ...cell, repetition: 0 } }), []);
    runs.insertRun(buildRun({ id: 'run-3', createdAtMs: 3 }), []);
    expect(runs.listIdsOfSeries('series-1')).toEqual(['run-1', 'run-2']);
    expect(runs.getRun('run-2')?.series).toEqual(cell);
    expect(runs.getRun('run-3')?.series).toBeNull();
  });

  it('stays when its series is removed, as a run of its own', () => {
    const subject = { kind: 'series', id: 'series-1', name: 'Table V' } as const;
    const life = { state: 'succeeded', outcome: null, error: null, createdAtMs: 1, startedAtMs: 1, finishedAtMs: 2 } as const;
    jobs.save({ id: 'series-1', kind: 'series', title: 'Run series', subject, ...life, detail: null, log: [] });
    runs.insertRun(buildRun({ id: 'run-2', series: cell }), []);
    jobs.delete(['series-1']);
    expect(runs.getRun('run-2')?.series).toBeNull();
  });
});
