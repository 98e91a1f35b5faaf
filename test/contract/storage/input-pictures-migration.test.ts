// A database of the version before: its tasks computed all steps that they were asked for, and its datasets are of captions alone.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { openStorage } from '../../../src/main/adapters/storage/open-storage.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => (dataDir = makeTemporaryFolder()));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('keeps tasks with the steps that they computed, and datasets without pictures', () => {
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 18) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  const hash = 'a'.repeat(64);
  const counts = '{"lines":1,"kept":1,"blank":0,"oneLetter":0,"repeated":0,"malformed":0,"malformedAt":[]}';
  old.exec(`
    INSERT INTO datasets (id, name, format, source_name, sha256, counts_json, options_json, prompt_count, created_at_ms)
      VALUES ('d', 'Old', 'plain-text', 'a.txt', '${hash}', '${counts}', '{"keepOneLetter":false,"keepRepeated":true}', 1, 5);
    INSERT INTO prompts (dataset_id, ordinal, text, image_name) VALUES ('d', 0, 'a dog', '1.jpg');
    INSERT INTO runs (id, name, spec_json, spec_sha256, testbed_id, testbed_name, dataset_id, dataset_name, state, time_scale, is_simulated,
      program_version, created_at_ms) VALUES ('r', 'r', '{}', '${hash}', 't', 't', 'd', 'd', 'succeeded', 1, 1, '1', 1);
    INSERT INTO tasks (id, run_id, ordinal, prompt_id, prompt, seed, quality_steps, arrival_ms, base_station_id)
      VALUES ('k', 'r', 0, 1, 'a dog', 1, 17, 0, 'n');`);
  old.close();
  const storage = openStorage({ dataDir, nowMs: () => 2 });
  expect(storage.runs.listTasks('r')).toMatchObject([{ qualitySteps: 17, computedSteps: 17, picture: null }]);
  expect(storage.datasets.get('d')).toMatchObject({ pictureCount: 0 });
  expect(storage.datasets.listPrompts('d')).toMatchObject([{ text: 'a dog', imageName: '1.jpg', picture: null }]);
  storage.close();
});
