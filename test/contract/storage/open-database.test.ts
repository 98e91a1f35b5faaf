import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Migration } from '../../../src/main/adapters/storage/migration.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function inspect<T>(read: (connection: BetterSqlite3.Database) => T): T {
  const connection = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME), { readonly: true });
  try {
    return read(connection);
  } finally {
    connection.close();
  }
}

const userVersion = (): unknown => inspect((connection) => connection.pragma('user_version', { simple: true }));
const NEWEST = ALL_MIGRATIONS.at(-1)?.version ?? 0;
const next = (sql: string, version = NEWEST + 1): Migration => ({ version, name: 'next', sql });

function fillAndClose(): void {
  const database = openDatabase({ dataDir, nowMs: 1 });
  new TestbedRepository(database).insertTestbed(buildTestbed());
  database.close();
}

describe('openDatabase', () => {
  it('makes a durable database: WAL, full synchronization, foreign keys', () => {
    const database = openDatabase({ dataDir, nowMs: 1 });
    const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get({}) ?? {})[0];
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1]);
    database.close();
  });

  it('makes every table strict', () => {
    openDatabase({ dataDir, nowMs: 1 }).close();
    const loose = inspect((connection) =>
      connection
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
        .all(),
    );
    expect(loose).toEqual([]);
  });

  it('numbers the migrations from 1 without a gap', () => {
    expect(ALL_MIGRATIONS.map((migration) => migration.version)).toEqual(ALL_MIGRATIONS.map((_, index) => index + 1));
  });

  it('keeps what was written', () => {
    fillAndClose();
    const database = openDatabase({ dataDir, nowMs: 2 });
    expect(new TestbedRepository(database).listTestbeds()).toEqual([buildTestbed()]);
    database.close();
  });

  it('backs a filled database up before it migrates it', () => {
    fillAndClose();
    openDatabase({ dataDir, nowMs: 77, migrations: [...ALL_MIGRATIONS, next('ALTER TABLE testbeds ADD COLUMN note TEXT')] }).close();
    expect(userVersion()).toBe(NEWEST + 1);
    const [backup] = readdirSync(join(dataDir, 'backups'));
    const copy = new BetterSqlite3(join(dataDir, 'backups', backup ?? ''), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(NEWEST);
    expect(copy.prepare('SELECT name FROM testbeds').all()).toEqual([{ name: 'Lab' }]);
    copy.close();
  });

  it('makes no backup when nothing is to migrate', () => {
    fillAndClose();
    openDatabase({ dataDir, nowMs: 2 }).close();
    expect(readdirSync(dataDir)).not.toContain('backups');
  });

  it('leaves the database as it was when a migration fails, also those that went before', () => {
    fillAndClose();
    const good = next('CREATE TABLE extras (id INTEGER PRIMARY KEY) STRICT');
    const bad = next('ALTER TABLE no_such_table ADD COLUMN note TEXT', good.version + 1);
    expect(() => openDatabase({ dataDir, nowMs: 2, migrations: [...ALL_MIGRATIONS, good, bad] })).toThrow(/no_such_table/);
    expect(userVersion()).toBe(NEWEST);
    expect(inspect((connection) => connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'extras'").all())).toEqual([]);
    openDatabase({ dataDir, nowMs: 3 }).close();
  });

  it('refuses a database of a newer program and does not touch it', () => {
    openDatabase({ dataDir, nowMs: 1, migrations: [...ALL_MIGRATIONS, next('CREATE TABLE future (id INTEGER) STRICT')] }).close();
    const before = readFileSync(join(dataDir, DATABASE_FILE_NAME));
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(expect.objectContaining({ code: 'database-newer' }));
    expect(readFileSync(join(dataDir, DATABASE_FILE_NAME)).equals(before)).toBe(true);
  });

  it.each([
    [-3, 'number -3'],
    [0, 'no schema number'],
  ])('says that a database with the schema number %i is damaged, and does not touch it', (version, words) => {
    fillAndClose();
    const connection = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
    connection.pragma(`user_version = ${version}`);
    connection.close();
    const before = readFileSync(join(dataDir, DATABASE_FILE_NAME));
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(
      expect.objectContaining({ code: 'database-damaged', message: expect.stringContaining(words) as string }),
    );
    expect(readFileSync(join(dataDir, DATABASE_FILE_NAME)).equals(before)).toBe(true);
    expect(readdirSync(dataDir)).toEqual([DATABASE_FILE_NAME]);
  });

  it('says that a database lacks what its schema number promises', () => {
    fillAndClose();
    const connection = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
    connection.exec('DROP TABLE node_facts');
    connection.close();
    const database = openDatabase({ dataDir, nowMs: 2 });
    expect(() => new TestbedRepository(database)).toThrow(
      expect.objectContaining({ code: 'database-damaged', message: expect.stringContaining('node_facts') as string }),
    );
    database.close();
  });

  it('starts no new database beside images whose database has 0 bytes', () => {
    fillAndClose();
    mkdirSync(join(dataDir, 'images', 'ab'), { recursive: true });
    writeFileSync(join(dataDir, 'images', 'ab', `${'ab'.repeat(32)}.png`), 'an image');
    truncateSync(join(dataDir, DATABASE_FILE_NAME), 0);
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(
      expect.objectContaining({ code: 'database-damaged', message: expect.stringContaining('0 bytes') as string }),
    );
    expect(statSync(join(dataDir, DATABASE_FILE_NAME)).size).toBe(0);
  });

  it('starts no new database beside backups, and names the newest as the way back', () => {
    fillAndClose();
    openDatabase({ dataDir, nowMs: 77, migrations: [...ALL_MIGRATIONS, next('ALTER TABLE testbeds ADD COLUMN note TEXT')] }).close();
    rmSync(join(dataDir, DATABASE_FILE_NAME));
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(
      expect.objectContaining({ code: 'database-damaged', hint: expect.stringContaining('data restore latest') as string }),
    );
    expect(existsSync(join(dataDir, DATABASE_FILE_NAME))).toBe(false);
  });

  it('keeps the last transactions of a database that was cut to 0 bytes, which SQLite would throw away', () => {
    const database = openDatabase({ dataDir, nowMs: 1 });
    new TestbedRepository(database).insertTestbed(buildTestbed());
    const log = join(dataDir, `${DATABASE_FILE_NAME}-wal`);
    const kept = `${log}.kept`;
    copyFileSync(log, kept);
    database.close();
    copyFileSync(kept, log);
    truncateSync(join(dataDir, DATABASE_FILE_NAME), 0);
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(expect.objectContaining({ code: 'database-damaged' }));
    expect(readFileSync(log).equals(readFileSync(kept))).toBe(true);
  });

  it('promises no backup where there is none', () => {
    writeFileSync(join(dataDir, DATABASE_FILE_NAME), 'These are letters, not a database. '.repeat(100));
    expect(() => openDatabase({ dataDir, nowMs: 1 })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('There is no backup') as string }),
    );
  });

  it('makes the database readable by its owner alone, also in a folder that others may read', () => {
    if (process.platform === 'win32') return;
    fillAndClose();
    expect(statSync(join(dataDir, DATABASE_FILE_NAME)).mode & 0o777).toBe(0o600);
  });

  it('says that a file is damaged when it is no database', () => {
    writeFileSync(join(dataDir, DATABASE_FILE_NAME), 'These are letters, not a database. '.repeat(100));
    expect(() => openDatabase({ dataDir, nowMs: 1 })).toThrow(expect.objectContaining({ code: 'database-damaged' }));
  });

  it('says that a database is damaged when its pages are overwritten', () => {
    fillAndClose();
    const path = join(dataDir, DATABASE_FILE_NAME);
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 4096, 4096 * 8);
    writeFileSync(path, bytes);
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(expect.objectContaining({ code: 'database-damaged' }));
  });

  it('says that a database is damaged when its end is missing', () => {
    fillAndClose();
    truncateSync(join(dataDir, DATABASE_FILE_NAME), 4096 * 3);
    expect(() => openDatabase({ dataDir, nowMs: 2 })).toThrow(expect.objectContaining({ code: 'database-damaged' }));
  });

  it('names the folder when a folder is in the place of the file', () => {
    mkdirSync(join(dataDir, DATABASE_FILE_NAME));
    expect(() => openDatabase({ dataDir, nowMs: 1 })).toThrow(
      expect.objectContaining({ code: 'io', message: expect.stringContaining(dataDir) as string }),
    );
  });
});
