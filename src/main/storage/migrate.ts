// Brings a database to the newest schema: forward only, everything that is missing in ONE transaction, after a backup.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../../shared/errors.js';
import type { Migration } from './migration.js';

interface MigrateOptions {
  dataDir: string;
  migrations: readonly Migration[];
  /** Wall clock, for the name of the backup. */
  nowMs: number;
}

/** Writes a consistent copy of the database to `<dataDir>/backups` and returns its path. */
function backUp(connection: BetterSqlite3.Database, version: number, options: MigrateOptions): string {
  const folder = join(options.dataDir, 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `dedgeai-schema-${version}-${options.nowMs}.sqlite`);
  connection.prepare('VACUUM INTO ?').run(path);
  return path;
}

/**
 * Runs the migrations after `user_version`. A failure leaves the database as it was. Throws `database-newer` for a database of a later
 * program. Returns the backup's path, or null when none was needed.
 */
export function migrate(connection: BetterSqlite3.Database, options: MigrateOptions): { backupPath: string | null } {
  const current = Number(connection.pragma('user_version', { simple: true }));
  const newest = options.migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new AppError(
      'database-newer',
      `The database in ${options.dataDir} was written by a newer version of this program (schema ${current}; this version knows ${newest})`,
      'Start the newer version of the program, or choose another folder with --data.',
    );
  }
  const pending = options.migrations.filter((migration) => migration.version > current);
  if (pending.length === 0) return { backupPath: null };
  const backupPath = current > 0 ? backUp(connection, current, options) : null;
  const runAll = connection.transaction(() => {
    for (const migration of pending) {
      connection.exec(migration.sql);
      connection.pragma(`user_version = ${migration.version}`);
    }
  });
  runAll.exclusive();
  return { backupPath };
}
