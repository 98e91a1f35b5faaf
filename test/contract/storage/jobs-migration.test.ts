// A database of the version before: every life that was on record is a job now, and what it kept beside it stays.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import type { Database } from '../../../src/main/adapters/storage/database.js';
import { JobRepository } from '../../../src/main/adapters/storage/job-repository.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { ProvisioningRepository } from '../../../src/main/adapters/storage/provisioning-repository.js';
import { StudyRepository } from '../../../src/main/adapters/storage/study-repository.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { TrainingRepository } from '../../../src/main/adapters/storage/training-repository.js';
import { startTrainingInput } from '../../../src/shared/api/training-inputs.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';
import { buildStudy } from '../../support/study-files.js';

const DIVERGED = JSON.stringify({ code: 'training-diverged', message: 'The loss is not finite', hint: null });

let dataDir: string;
let database: Database;
let jobs: JobRepository;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 15) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  old.exec(`
    INSERT INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'real', 1, 1);
    INSERT INTO provisioning_runs (id, testbed_id, kind, state, started_at_ms, finished_at_ms) VALUES
      ('provisioning-1', 'testbed-1', 'apply', 'failed', 10, 20), ('provisioning-2', 'testbed-1', 'remove', 'running', 30, NULL);
    INSERT INTO provisioning_nodes (provisioning_run_id, node_id, ordinal, node_name, state) VALUES
      ('provisioning-1', 'node-1', 0, 'Orin', 'failed');
    INSERT INTO provisioning_steps (provisioning_run_id, node_id, ordinal, name, state) VALUES
      ('provisioning-1', 'node-1', 0, 'connect', 'failed');
  `);
  const { spec, environment } = planTraining(startTrainingInput.parse({ method: 'sac-ts', preset: 'reference', seed: 4 }));
  const insertTraining = old.prepare(
    `INSERT INTO trainings (id, spec_json, environment_json, state, program_version, checkpoint_episodes, error_json, created_at_ms,
       started_at_ms, finished_at_ms) VALUES (?, ?, ?, ?, '0.1.0', 2, ?, ?, ?, ?)`,
  );
  insertTraining.run('training-1', JSON.stringify(spec), JSON.stringify(environment), 'running', null, 40, 41, null);
  insertTraining.run('training-2', JSON.stringify(spec), JSON.stringify(environment), 'failed', DIVERGED, 42, 43, 44);
  old.exec(`
    INSERT INTO training_episodes (training_id, episode, mean_delay_sec, opt_ts_delay_sec, ratio_to_opt_ts, cpu_ms) VALUES
      ('training-1', 1, 9, 6, 1.5, 100), ('training-1', 2, 8, 6, 1.3, 100), ('training-2', 1, 9, 6, 1.5, 100);
  `);
  old
    .prepare(
      `INSERT INTO study_runs (id, study_json, first_seed, seeds, state, error_json, program_version, created_at_ms, finished_at_ms)
       VALUES ('study-1', ?, 1, 2, 'paused', NULL, '0.1.0', 50, NULL)`,
    )
    .run(JSON.stringify(buildStudy()));
  old.exec(`
    INSERT INTO study_failures (run_id, point_index, method, seed, error_json)
    VALUES ('study-1', 0, 'lad-ts', 1, '{"code":"io","message":"It died","hint":null}');
  `);
  old.close();
  database = openDatabase({ dataDir, nowMs: 2 });
  jobs = new JobRepository(database);
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the lives that were on record', () => {
  it('of provisionings are jobs of their testbeds, newest first', () => {
    expect(jobs.list('provisioning')).toMatchObject([
      { id: 'provisioning-2', title: 'Remove what was installed', state: 'running', finishedAtMs: null },
      {
        ...{ id: 'provisioning-1', title: 'Provision', subject: { kind: 'testbed', id: 'testbed-1', name: 'Lab' } },
        ...{ state: 'failed', createdAtMs: 10, startedAtMs: 10, finishedAtMs: 20 },
      },
    ]);
    expect(new ProvisioningRepository(database).get('provisioning-1')?.nodes[0]?.steps[0]?.state).toBe('failed');
  });

  it('of trainings are jobs by what they learn, with their errors', () => {
    expect(jobs.get('training-1')).toMatchObject({
      ...{ state: 'running', error: null, createdAtMs: 40, startedAtMs: 41, detail: null, log: [] },
      subject: { kind: 'training', id: 'training-1', name: 'sac-ts, reference, seed 4' },
    });
    expect(jobs.get('training-2')).toMatchObject({ state: 'failed', error: { code: 'training-diverged' }, finishedAtMs: 44 });
    const trainings = new TrainingRepository(database);
    expect(trainings.get('training-1')).toMatchObject({ spec: { method: 'sac-ts', seed: 4 }, checkpointEpisodes: 2 });
    expect(trainings.episodes('training-1')).toBe(2);
  });

  it('of studies are jobs by their names', () => {
    expect(jobs.get('study-1')).toMatchObject({ state: 'paused', subject: { kind: 'study', name: 'small' }, createdAtMs: 50 });
    expect(new StudyRepository(database).failures('study-1')).toHaveLength(1);
  });
});

describe('what goes together', () => {
  it('a removed job takes what its kind kept, and nothing else', () => {
    jobs.delete(['training-1', 'study-1', 'provisioning-1']);
    const trainings = new TrainingRepository(database);
    expect([trainings.get('training-1'), trainings.episodes('training-1')]).toEqual([null, 0]);
    expect(trainings.episodes('training-2')).toBe(1);
    expect(new StudyRepository(database).list()).toEqual([]);
    expect(new ProvisioningRepository(database).get('provisioning-1')).toBeNull();
  });

  it('a removed testbed takes the jobs of its provisionings', () => {
    new TestbedRepository(database).deleteTestbed('testbed-1');
    expect(jobs.list('provisioning')).toEqual([]);
    expect(jobs.list('training')).toHaveLength(2);
  });
});
