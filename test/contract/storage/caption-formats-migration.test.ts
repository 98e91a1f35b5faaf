// A database of the version before: its datasets keep format and prompts, and new formats fit in.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/main/adapters/storage/database.js';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

const COUNTS = { lines: 1, kept: 1, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] };

let dataDir: string;
let database: Database;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 16) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  old
    .prepare(
      `INSERT INTO datasets (id, name, format, source_name, sha256, counts_json, options_json, prompt_count, created_at_ms)
       VALUES ('dataset-1', 'Old', 'captions-csv', 'captions.txt', '${'a'.repeat(64)}', ?, '{"keepOneLetter":false,"keepRepeated":true}', 1, 5)`,
    )
    .run(JSON.stringify(COUNTS));
  old.exec("INSERT INTO prompts (dataset_id, ordinal, text, image_name) VALUES ('dataset-1', 0, 'a dog', '1.jpg')");
  old.close();
  database = openDatabase({ dataDir, nowMs: 2 });
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('keeps the datasets that were there, and takes those of other formats', () => {
  const datasets = new DatasetRepository(database);
  expect(datasets.get('dataset-1')).toMatchObject({ name: 'Old', format: 'captions-csv', counts: COUNTS, promptCount: 1 });
  expect(datasets.listPrompts('dataset-1')).toMatchObject([{ text: 'a dog', imageName: '1.jpg' }]);
  const options = { keepOneLetter: false, keepRepeated: true, delimiter: 'pipe' as const, columns: ['comment'] };
  datasets.startImport({ id: 'dataset-2', name: 'New', sourceName: 'results.csv', options, createdAtMs: 6 });
  datasets.finishImport('dataset-2', { format: 'flickr30k-results', sha256: 'b'.repeat(64), counts: COUNTS, pictureCount: 0 });
  expect(datasets.get('dataset-2')).toMatchObject({ format: 'flickr30k-results', options });
});
