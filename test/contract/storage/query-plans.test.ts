// What SQLite would do for every SELECT of the repositories: none may read the whole of a table that grows with the lab's history.
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, expect, it, vi } from 'vitest';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { EventRepository } from '../../../src/main/adapters/storage/event-repository.js';
import { FactsHistoryRepository } from '../../../src/main/adapters/storage/facts-history-repository.js';
import { GalleryRepository } from '../../../src/main/adapters/storage/gallery-repository.js';
import { HistoryMarksRepository } from '../../../src/main/adapters/storage/history-marks-repository.js';
import { HistoryRepository } from '../../../src/main/adapters/storage/history-repository.js';
import { ImageRepository } from '../../../src/main/adapters/storage/image-repository.js';
import { NameRepository } from '../../../src/main/adapters/storage/name-repository.js';
import { JobRepository } from '../../../src/main/adapters/storage/job-repository.js';
import { ProvisioningRepository } from '../../../src/main/adapters/storage/provisioning-repository.js';
import { RecordRepository } from '../../../src/main/adapters/storage/record-repository.js';
import { RunBarsRepository } from '../../../src/main/adapters/storage/run-bars-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { StudyRepository } from '../../../src/main/adapters/storage/study-repository.js';
import { TrainingRepository } from '../../../src/main/adapters/storage/training-repository.js';
import { GALLERY_AXES, GALLERY_SORTS } from '../../../src/shared/gallery.js';
import { IMAGE_KEYS } from '../../../src/shared/gallery-keys.js';
import { HISTORY_KEYS } from '../../../src/shared/history-keys.js';
import { HISTORY_SORTS } from '../../../src/shared/history.js';
import { askGallery, imageQuestion } from '../../support/gallery-fixtures.js';
import { askHistory } from '../../support/history-fixtures.js';
import { openTemporaryDatabase } from '../../support/storage-fixtures.js';

/**
 * Tables with a row for each task, sending, picture, caption, event, reading or episode. gallery_images is not among them: what fits a question
 * is read from its narrow rows, once, so that every page after it is a look into a list.
 */
const GROWING = [
  'image_prompts',
  'tasks',
  'attempts',
  'task_images',
  'images',
  'prompts',
  'events',
  'facts_history',
  'training_episodes',
  'study_cells',
];

/** SQLite counts the rows of a table that has no condition in its smallest index: ms for a million of them. */
const COUNTS_OF_EVERYTHING = ['SELECT COUNT(*) AS total FROM events', 'SELECT count(*) AS total FROM images'];

afterEach(() => vi.restoreAllMocks());

it('no list, page, count or figure reads the whole of a table that grows', () => {
  const { database, dataDir, dispose } = openTemporaryDatabase();
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare');
  for (const Repository of [
    ...[DatasetRepository, EventRepository, FactsHistoryRepository, ImageRepository, ProvisioningRepository],
    ...[RunBarsRepository, JobRepository, RecordRepository, StudyRepository, TrainingRepository, HistoryMarksRepository, NameRepository],
  ]) {
    new Repository(database);
  }
  new RunRepository(database, () => 0);
  const history = new HistoryRepository(database);
  const anyImageQuery = ['dog fris* "dog park" -cat', ...IMAGE_KEYS.map(({ name, example }) => `-${name}:${example}`)].join(' ');
  const anyQuery = ['dog "dog park"', ...HISTORY_KEYS.map(({ name, example }) => `-${name}:${example}`)].join(' ');
  for (const sort of HISTORY_SORTS) askHistory(history, anyQuery, { sort });
  for (const { name } of HISTORY_KEYS) history.valuesOf(name);
  const gallery = new GalleryRepository(database);
  for (const sort of GALLERY_SORTS) askGallery(gallery, anyImageQuery, { sort });
  gallery.stretches(imageQuestion(anyImageQuery));
  for (const rows of GALLERY_AXES) gallery.pairs(imageQuestion(anyImageQuery), rows, rows === 'seed' ? 'steps' : 'seed');
  const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))].filter(
    (sql) => /^\s*(SELECT|WITH)/i.test(sql) && !COUNTS_OF_EVERYTHING.includes(sql),
  );
  prepare.mockRestore();
  const connection = new BetterSqlite3(`${dataDir}/dedgeai.sqlite`, { readonly: true });
  const scans = statements.flatMap((sql) => {
    const anyValues: Record<string, string> = Object.fromEntries(
      [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name ?? '', '0'] as const),
    );
    const plan = connection.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(anyValues);
    return plan.filter(({ detail }) => GROWING.some((table) => scansWholeOf(detail, sql, table))).map(({ detail }) => `${detail}: ${sql}`);
  });
  connection.close();
  dispose();
  expect(statements.length).toBeGreaterThan(30);
  expect(scans).toEqual([]);
});

/** A scan in the order of an index, or of the rows themselves, ends with its page; any other reads everything. */
function scansWholeOf(detail: string, sql: string, table: string): boolean {
  const aliases = [...sql.matchAll(new RegExp(`\\b${table}\\b(?:\\s+(?:AS\\s+)?(\\w+))?`, 'gi'))].map(([, alias]) => alias);
  const scanned = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX)?/.exec(detail);
  if (!scanned || ![table, ...aliases].includes(scanned[1])) return false;
  const isInOrder = detail.includes('USING') || /ORDER BY id\b/i.test(sql);
  return !(isInOrder && /LIMIT/i.test(sql));
}
