// A database of the version before: runs stay runs of their own, jobs stay with what goes with them, and there can be series.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JobRepository } from '../../../src/main/adapters/storage/job-repository.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { SeriesRepository } from '../../../src/main/adapters/storage/series-repository.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('brings a database of the version before to the one with series', () => {
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 19) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  old
    .prepare(
      `INSERT INTO runs (id, name, spec_json, spec_sha256, testbed_id, testbed_name, dataset_id, dataset_name, state, time_scale, is_simulated,
         program_version, created_at_ms) VALUES ('run-1', 'Batch', ?, ?, 'testbed-1', 'Lab', 'dataset-1', 'Flickr8k', 'succeeded', 1, 1, '0.1.0', 1)`,
    )
    .run(JSON.stringify({ testbedId: 'testbed-1', datasetId: 'dataset-1', taskCount: 1 }), 'a'.repeat(64));
  old.exec(`
    INSERT INTO jobs (id, kind, title, subject_kind, subject_id, subject_name, state, created_at_ms)
    VALUES ('wheels-1', 'wheels', 'Fetch wheels', 'wheels', NULL, 'JetPack 6', 'succeeded', 5);
    INSERT INTO jobs (id, kind, title, subject_kind, subject_id, subject_name, state, created_at_ms)
    VALUES ('study-1', 'study', 'Run study', 'study', 'study-1', 'fig-6a', 'paused', 6);
    INSERT INTO study_runs (id, study_json, first_seed, seeds, program_version) VALUES ('study-1', '{}', 1, 1, '0.1.0');
  `);
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });
  const jobs = new JobRepository(database);
  expect(new RunRepository(database, () => 1).getRun('run-1')).toMatchObject({ testbedName: 'Lab', series: null });
  expect(jobs.get('wheels-1')).toMatchObject({ kind: 'wheels', title: 'Fetch wheels' });
  jobs.delete(['study-1']);
  expect(database.prepare<object, { count: number }>('SELECT count(*) AS count FROM study_runs').get({})?.count).toBe(0);

  const spec = buildSeriesSpec();
  new SeriesRepository(database).add({ id: 'series-1', spec, testbedName: 'Lab', datasetName: 'Flickr8k', programVersion: '0.1.0' }, []);
  const subject = { kind: 'series', id: 'series-1', name: spec.name } as const;
  const life = { state: 'queued', outcome: null, error: null, createdAtMs: 7, startedAtMs: null, finishedAtMs: null } as const;
  jobs.save({ id: 'series-1', kind: 'series', title: 'Run series', subject, ...life, detail: null, log: [] });
  expect(jobs.list('series')).toHaveLength(1);
  database.close();
});
