// Brings a database to the newest schema: forward only, everything that is missing in ONE transaction, after a backup.
import type BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../../../shared/errors.js';
import { hasTables, readSchemaVersion } from './inspect-database.js';
import type { Migration } from './migration.js';
import { databaseDamaged } from './storage-errors.js';
import { backUpNow } from './write-backup.js';

interface MigrateOptions {
  dataDir: string;
  migrations: readonly Migration[];
  /** Wall clock, for the name of the backup. */
  nowMs: number;
}

/** Throws `database-newer` for a database of a later program, `database-damaged` for a number that no program writes. */
export function requireKnownSchema(connection: BetterSqlite3.Database, dataDir: string, newest: number): number {
  const current = readSchemaVersion(connection);
  if (current > newest) {
    throw new AppError(
      'database-newer',
      `The database in ${dataDir} was written by a newer version of this program (schema ${current}; this version knows ${newest})`,
      'Start the newer version of the program, or choose another folder with --data.',
    );
  }
  if (current < 0) throw databaseDamaged(dataDir, `says that its schema is number ${current}, which no version of this program writes`);
  if (current === 0 && hasTables(connection)) {
    throw databaseDamaged(dataDir, 'has tables but no schema number: its header was changed, or another program made it');
  }
  return current;
}

/** Runs the migrations after `user_version`. A failure leaves the database as it was. Returns the backup's path, or null when none was needed. */
export function migrate(connection: BetterSqlite3.Database, options: MigrateOptions): { backupPath: string | null } {
  const { dataDir, migrations, nowMs } = options;
  const current = requireKnownSchema(connection, dataDir, migrations.at(-1)?.version ?? 0);
  const pending = migrations.filter((migration) => migration.version > current);
  if (pending.length === 0) return { backupPath: null };
  const backupPath = current > 0 ? backUpNow(connection, dataDir, 'before-migration', nowMs) : null;
  const runAll = connection.transaction(() => {
    for (const migration of pending) {
      connection.exec(migration.sql);
      connection.pragma(`user_version = ${migration.version}`);
    }
  });
  runAll.exclusive();
  return { backupPath };
}
