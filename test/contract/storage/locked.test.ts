// Another program's lock on the database.
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATABASE_FILE_NAME } from '../../../src/main/adapters/storage/open-database.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
let other: BetterSqlite3.Database;
beforeEach(() => {
  temporary = openTemporaryDatabase();
  other = new BetterSqlite3(join(temporary.dataDir, DATABASE_FILE_NAME));
});
afterEach(() => {
  other.close();
  temporary.dispose();
});

const insert = "INSERT INTO events (at_ms, kind, message) VALUES (1, 'test', 'a remark')";

it('waits for a lock once, and then no more until a write got through: waiting stops the whole program', () => {
  const statement = temporary.database.prepare(insert);
  other.exec('BEGIN IMMEDIATE');
  const hasty = temporary.database.hasty().prepare(insert);
  expect(() => hasty.run({})).toThrow(expect.objectContaining({ code: 'conflict', message: expect.stringContaining('locked') as string }));
  // A hundred patient writes would take 400 s if each of them waited; the test's own limit is 60 s.
  for (let write = 0; write < 100; write++) expect(() => statement.run({})).toThrow(expect.objectContaining({ code: 'conflict' }));
  other.exec('COMMIT');
  expect(statement.run({})).toBe(1);
});
