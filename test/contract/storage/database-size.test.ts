import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseBytesAt } from '../../../src/main/adapters/storage/database-size.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const sizeOf = (ending: string): number => statSync(join(dataDir, `${DATABASE_FILE_NAME}${ending}`)).size;

it('the size of an open database is that of its file and of what is in its log', () => {
  expect(databaseBytesAt(dataDir)).toBe(0);
  const database = openDatabase({ dataDir, nowMs: 1 });
  expect(sizeOf('-wal')).toBeGreaterThan(0);
  expect(databaseBytesAt(dataDir)).toBe(sizeOf('') + sizeOf('-wal'));
  database.close();
  expect(databaseBytesAt(dataDir)).toBe(sizeOf(''));
});
