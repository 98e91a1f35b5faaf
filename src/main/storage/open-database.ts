import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../../shared/errors.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import type { Migration } from './migration.js';
import { ALL_MIGRATIONS } from './migrations/all-migrations.js';
import { withStorageErrors } from './storage-errors.js';

export const DATABASE_FILE_NAME = 'dedgeai.sqlite';

/** How long a statement waits for another connection's lock before it gives up, ms. */
const BUSY_TIMEOUT_MS = 5000;
/** Databases up to this size are checked whole when opened (about 0.1 s); larger ones would make the start slow. */
const CHECK_UP_TO_BYTES = 64 * 1024 * 1024;

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
  const verdict = String(connection.pragma('quick_check(1)', { simple: true }));
  if (verdict === 'ok') return;
  throw new AppError(
    'database-damaged',
    `The database in ${dataDir} is damaged (${verdict})`,
    `Move it away and put back a copy from ${dataDir}/backups, or start with an empty folder by --data.`,
  );
}

/**
 * Opens (or makes) the database of a data folder and migrates it. The caller closes it. Throws AppErrors `database-newer`,
 * `database-damaged`, `no-space`, `io`, `conflict`; the file is then as it was.
 */
export function openDatabase(options: { dataDir: string; nowMs: number; migrations?: readonly Migration[] }): Database {
  const { dataDir, nowMs, migrations = ALL_MIGRATIONS } = options;
  return withStorageErrors(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const connection = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME), { timeout: BUSY_TIMEOUT_MS });
    try {
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
