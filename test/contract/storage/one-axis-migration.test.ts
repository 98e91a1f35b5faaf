// A database of the version before: what its rows allow is computed, what they do not is marked.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { buildSpec, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const STARTED_AT_MS = 1_700_000_000_000;

let dataDir: string;
let runs: RunRepository;
let close: () => void;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version <= 12) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  const spec = JSON.stringify(buildSpec());
  const insertRun = old.prepare(
    `INSERT INTO runs (id, name, spec_json, spec_sha256, testbed_id, testbed_name, dataset_id, dataset_name, state, time_scale,
       is_simulated, program_version, created_at_ms, started_at_ms)
     VALUES (?, 'Old', ?, '${'a'.repeat(64)}', 'testbed-1', 'Lab', 'dataset-1', 'Captions', ?, 20, 1, '0.1.0', 1, ?)`,
  );
  insertRun.run('run-1', spec, 'succeeded', STARTED_AT_MS);
  insertRun.run('run-2', spec, 'queued', null);
  const insertNode = old.prepare('INSERT INTO run_nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  insertNode.run('run-1', 'node-1', 0, 'Virtual', 3.8, 1, 1, 1000, '0.1.0', 'null');
  insertNode.run('run-1', 'node-2', 1, 'Never measured', 3.8, 1, 1, null, '0.1.0', 'null');
  insertNode.run('run-1', 'node-3', 2, 'Measured', 2.5, 0.7, 1, null, '0.1.0', 'null');
  const insertTask = old.prepare(
    `INSERT INTO tasks (id, run_id, ordinal, prompt_id, prompt, seed, quality_steps, arrival_ms, base_station_id, edge_server_id, state,
       attempt_count, lease_epoch, upload_ms, waiting_ms, compute_ms, download_ms, control_ms, service_ms, compute_start_ms,
       compute_end_ms, accepted_ms)
     VALUES (?, ?, ?, 1, 'a dog', 1, 10, 500, 'node-1', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  insertTask.run('once', 'run-1', 0, 'node-1', 'succeeded', 1, 1, 1, 2, 13_800, 3, 4, 13_810, 300_000, 313_800, 14_400);
  insertTask.run('twice', 'run-1', 1, 'node-1', 'succeeded', 2, 2, 1, 2, 13_800, 3, 4, 13_810, 40_000, 53_800, 54_500);
  insertTask.run('paused', 'run-1', 3, 'node-1', 'succeeded', 1, 2, 1, 8_002, 13_800, 3, 4, 21_810, 60_000, 73_800, 74_400);
  old.prepare("UPDATE tasks SET waited_ms = 8000 WHERE id = 'paused'").run();
  insertTask.run('given-up', 'run-1', 2, null, 'cancelled', 1, 1, ...Array.from({ length: 9 }, () => null));
  const insertAttempt = old.prepare(
    `INSERT INTO attempts (task_id, lease_epoch, base_station_id, edge_server_id, state, sent_at_ms, ended_at_ms) VALUES (?, ?, 'node-1', ?, ?, ?, ?)`,
  );
  // Ends by the wall clock where a result was accepted or a task cancelled, by the run's where a lease was lost.
  insertAttempt.run('once', 1, 'node-1', 'succeeded', 530, STARTED_AT_MS + 720);
  insertAttempt.run('twice', 1, null, 'failed', 530, 36_000);
  insertAttempt.run('twice', 2, 'node-1', 'succeeded', 36_230, STARTED_AT_MS + 2_725);
  // Taken back by a pause after 8 s, re-sent 30 s later.
  insertAttempt.run('paused', 1, null, 'superseded', 530, 8_530);
  insertAttempt.run('paused', 2, 'node-1', 'succeeded', 38_530, STARTED_AT_MS + 3_720);
  insertAttempt.run('given-up', 1, null, 'cancelled', 530, STARTED_AT_MS + 1_000);
  old.close();
  const database = openDatabase({ dataDir, nowMs: 2 });
  runs = new RunRepository(database, () => STARTED_AT_MS);
  close = () => database.close();
});
afterEach(() => {
  close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a run of the version before', () => {
  it('has its attempts on the axis of the run', () => {
    expect(runs.listAttempts('run-1').map(({ taskId, leaseEpoch, sentMs, endedMs }) => [taskId, leaseEpoch, sentMs, endedMs])).toEqual([
      ['once', 1, 530, 14_400],
      ['twice', 1, 530, 36_000],
      ['twice', 2, 36_230, 54_500],
      ['given-up', 1, 530, 20_000],
      ['paused', 1, 530, 8_530],
      ['paused', 2, 38_530, 74_400],
    ]);
  });

  it('has service delays from the arrival of its tasks, and what its base station measured beside them', () => {
    const [once, twice] = runs.listTasks('run-1');
    expect(once?.delays).toMatchObject({ serviceMs: 13_840, controlMs: 34, resendMs: 0 });
    expect(twice?.delays).toMatchObject({ serviceMs: 13_810 + 35_730, controlMs: 34, resendMs: 35_700 });
    expect(runs.listAttempts('run-1').map((attempt) => attempt.stationServiceMs)).toEqual([13_810, null, 13_810, null, null, 13_810]);
  });

  it('has what a pause took back as waiting, until it was re-sent', () => {
    expect(runs.listAttempts('run-1').find(({ taskId }) => taskId === 'paused')?.state).toBe('withdrawn');
    const paused = runs.listTasks('run-1').find(({ id }) => id === 'paused');
    expect(paused?.delays).toMatchObject({ waitingMs: 2 + 38_000, controlMs: 34, resendMs: 0, serviceMs: 13_810 + 30 + 38_000 });
  });

  it('is marked for what is not known of it any more', () => {
    expect(runs.getRun('run-1')).toMatchObject({ axis: 'nodes', hostDelay: null });
    expect(runs.getRun('run-1')?.nodesSnapshot.map((node) => node.timingSource)).toEqual(['setting', 'assumed', 'calibration']);
  });

  it('that had not started is like any other', () => {
    expect(runs.getRun('run-2')).toMatchObject({ axis: 'run' });
  });
});
