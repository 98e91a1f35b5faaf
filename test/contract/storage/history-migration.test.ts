// A database of the version before: its runs can be found by the words of their prompts, and everything can be marked.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HistoryMarksRepository } from '../../../src/main/adapters/storage/history-marks-repository.js';
import { HistoryRepository } from '../../../src/main/adapters/storage/history-repository.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { HISTORY_KINDS, type HistoryKind } from '../../../src/shared/history.js';
import { askHistory } from '../../support/history-fixtures.js';
import { buildSpec, makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A run of two tasks and a record of every other kind, as the version before kept them. */
function writeOldDatabase(): void {
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 21) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  old
    .prepare(
      `INSERT INTO runs (id, name, spec_json, spec_sha256, testbed_id, testbed_name, dataset_id, dataset_name, state, time_scale, is_simulated,
         program_version, created_at_ms, finished_at_ms)
       VALUES ('run-1', 'Batch', ?, ?, 'testbed-1', 'Lab', 'dataset-1', 'Flickr8k', 'succeeded', 1, 1, '0.1.0', 1, 2)`,
    )
    .run(JSON.stringify(buildSpec()), 'a'.repeat(64));
  const task = old.prepare(
    `INSERT INTO tasks (id, run_id, ordinal, prompt_id, prompt, seed, quality_steps, arrival_ms, base_station_id)
     VALUES (?, 'run-1', ?, 1, ?, 1, 10, 0, 'node-1')`,
  );
  task.run('task-1', 0, 'A dog catches a frisbee');
  task.run('task-2', 1, 'Park benches in the rain');
  const job = old.prepare(
    `INSERT INTO jobs (id, kind, title, subject_kind, subject_id, subject_name, state, created_at_ms)
     VALUES (?, ?, 'Title', 'testbed', 'testbed-1', 'Lab', 'succeeded', 5)`,
  );
  for (const kind of HISTORY_KINDS.filter((each) => each !== 'run')) job.run(`${kind}-1`, kind);
  old.exec(`
    INSERT INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'virtual', 1, 1);
    INSERT INTO series (id, spec_json, testbed_name, dataset_name, program_version) VALUES ('series-1', '{"name":"Overnight"}', 'Lab', 'Flickr8k', '0.1.0');
    INSERT INTO trainings (id, spec_json, environment_json, program_version) VALUES ('training-1', '{"method":"lad-ts"}', '{}', '0.1.0');
    INSERT INTO study_runs (id, study_json, first_seed, seeds, program_version) VALUES ('study-1', '{}', 1, 1, '0.1.0');
    INSERT INTO provisioning_runs (id, testbed_id) VALUES ('provisioning-1', 'testbed-1');
  `);
  old.close();
}

it('finds the runs of a database of the version before by the words of their prompts', () => {
  writeOldDatabase();
  const database = openDatabase({ dataDir, nowMs: 2 });
  const history = new HistoryRepository(database);
  const idsOf = (query: string): string[] => askHistory(history, query).items.map(({ id }) => id);
  expect(idsOf('dog frisbee')).toEqual(['run-1']);
  expect(idsOf('fris')).toEqual(['run-1']);
  expect(idsOf('"catches a frisbee"')).toEqual(['run-1']);
  // From the end of one prompt to the start of the next there is no phrase.
  expect(idsOf('"frisbee park"')).toEqual([]);
  expect(idsOf('cat')).toEqual(['run-1']);
  expect(idsOf('"cat"')).toEqual([]);
  expect(askHistory(history, '').total).toBe(HISTORY_KINDS.length);
  database.close();
});

const DELETES: Readonly<Record<HistoryKind, string>> = {
  run: "DELETE FROM runs WHERE id = 'run-1'",
  series: "DELETE FROM jobs WHERE id = 'series-1'",
  training: "DELETE FROM jobs WHERE id = 'training-1'",
  study: "DELETE FROM jobs WHERE id = 'study-1'",
  provisioning: "DELETE FROM testbeds WHERE id = 'testbed-1'",
  calibration: "DELETE FROM jobs WHERE id = 'calibration-1'",
};

it.each(HISTORY_KINDS)('takes tags, notes and the place in the bin away with a %s', (kind) => {
  writeOldDatabase();
  const database = openDatabase({ dataDir, nowMs: 2 });
  const marks = new HistoryMarksRepository(database);
  const items = HISTORY_KINDS.map((each) => ({ kind: each, id: `${each}-1` }));
  marks.tag(items, { add: ['orin'], remove: [] });
  for (const item of items) marks.setNote(item, 'A note');
  marks.setBinned(items, 3);
  const count = (table: string): number =>
    database.prepare<object, { count: number }>(`SELECT count(*) AS count FROM ${table}`).get({})?.count ?? 0;
  expect([count('history_marks'), count('history_tags')]).toEqual([items.length, items.length]);
  database.prepare(DELETES[kind]).run({});
  expect([count('history_marks'), count('history_tags')]).toEqual([items.length - 1, items.length - 1]);
  expect(marks.listBin()).toEqual(expect.not.arrayContaining([{ kind, id: `${kind}-1` }]));
  if (kind === 'run') expect([count('searched_runs'), count('run_words')]).toEqual([0, 0]);
  database.close();
});

it('takes a record out of the bin that is resumed', () => {
  writeOldDatabase();
  const database = openDatabase({ dataDir, nowMs: 2 });
  const marks = new HistoryMarksRepository(database);
  marks.setBinned([{ kind: 'training', id: 'training-1' }], 3);
  database.prepare("UPDATE jobs SET state = 'running' WHERE id = 'training-1'").run({});
  expect(marks.listBin()).toEqual([]);
  database.close();
});
