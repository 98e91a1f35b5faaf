import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Database } from './database.js';
import { listIntegrityProblems } from './inspect-database.js';
import { migrate, requireKnownSchema } from './migrate.js';
import type { Migration } from './migration.js';
import { ALL_MIGRATIONS } from './migrations/all-migrations.js';
import { refuseLostDatabase } from './refuse-lost-database.js';
import { databaseDamaged, withStorageErrors } from './storage-errors.js';

export const DATABASE_FILE_NAME = 'dedgeai.sqlite';
/** What this version of the program writes. */
export const NEWEST_SCHEMA = ALL_MIGRATIONS.at(-1)?.version ?? 0;

/** How long the opening itself waits for another connection's lock, ms; afterwards see lock-patience.ts. */
const BUSY_TIMEOUT_MS = 5000;
/** Databases up to this size are checked in full when opened (about 0.1 s). */
const CHECK_IN_FULL_UP_TO_BYTES = 16 * 1024 * 1024;
/** Up to this size without comparing tables with indexes (about 0.1 s); larger ones are checked beside the program: see data-care. */
export const CHECK_UP_TO_BYTES = 64 * 1024 * 1024;

/** WAL with synchronous=FULL: what was committed survives a power cut, not only a crash of the program. */
function setUp(connection: BetterSqlite3.Database): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
}

/** Looks for damage before anything is written. */
function check(connection: BetterSqlite3.Database, dataDir: string): void {
  const sizeBytes = Number(connection.pragma('page_count', { simple: true })) * Number(connection.pragma('page_size', { simple: true }));
  if (sizeBytes > CHECK_UP_TO_BYTES) return;
  const [problem] = listIntegrityProblems(connection, { isQuick: sizeBytes > CHECK_IN_FULL_UP_TO_BYTES, maxProblems: 1 });
  if (problem !== undefined) throw databaseDamaged(dataDir, `is damaged (${problem})`);
}

/** The file is the user's alone, whatever the folder allows; SQLite gives its log the same mode. */
function makePrivate(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  else if (stats.isFile() && (stats.mode & 0o077) !== 0 && stats.uid === process.getuid?.()) chmodSync(path, 0o600);
}

/**
 * Opens (or makes) the database of a data folder and migrates it. The caller closes it. Throws AppErrors `database-newer`,
 * `database-damaged`, `no-space`, `io`, `conflict`; the file is then as it was.
 */
export function openDatabase(options: { dataDir: string; nowMs: number; migrations?: readonly Migration[] }): Database {
  const { dataDir, nowMs, migrations = ALL_MIGRATIONS } = options;
  return withStorageErrors(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const path = join(dataDir, DATABASE_FILE_NAME);
    refuseLostDatabase(dataDir, path);
    makePrivate(path);
    const connection = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      requireKnownSchema(connection, dataDir, migrations.at(-1)?.version ?? 0);
      check(connection, dataDir);
      setUp(connection);
      migrate(connection, { dataDir, migrations, nowMs });
      return new Database(connection, dataDir);
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  });
}
