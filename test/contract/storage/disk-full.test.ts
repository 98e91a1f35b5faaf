import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
beforeEach(() => {
  temporary = openTemporaryDatabase();
});
afterEach(() => temporary.dispose());

it('names the folder when no space is left, and keeps nothing of what did not fit', () => {
  const { database, dataDir } = temporary;
  const pages = database.prepare<object, { page_count: number }>('PRAGMA page_count').get({})?.page_count ?? 0;
  database.prepare(`PRAGMA max_page_count = ${pages + 10}`).get({});
  const datasets = new DatasetRepository(database);
  const insert = (): void =>
    datasets.insert(
      {
        id: 'dataset-1',
        name: 'Large',
        format: 'plain-text',
        sourceName: 'large.txt',
        sha256: 'c'.repeat(64),
        counts: { lines: 0, kept: 0, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] },
        options: { keepOneLetter: false, keepRepeated: true },
        promptCount: 5000,
        pictureCount: 0,
        createdAtMs: 1,
      },
      Array.from({ length: 5000 }, (_, index) => ({ text: `a caption that takes some room, number ${index}`, imageName: null })),
    );
  expect(insert).toThrow(expect.objectContaining({ code: 'no-space', message: expect.stringContaining(dataDir) as string }));
  expect(datasets.list()).toEqual([]);
});
