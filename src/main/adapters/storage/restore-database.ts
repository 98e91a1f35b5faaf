// Puts a backup in the place of the database. Checks it first, keeps what was there, and leaves one or the other at every moment.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { RestoreOutcome } from '../../../shared/data-care.js';
import { syncFolderNow } from '../../../durable-file/sync-folder.js';
import { AppError } from '../../../shared/errors.js';
import { StorageFailure } from '../../foundation/storage-failure.js';
import { listForeignKeyProblems, listIntegrityProblems, openForReading, readSchemaVersion } from './inspect-database.js';
import { DATABASE_FILE_NAME, NEWEST_SCHEMA } from './open-database.js';
import { toStorageError } from './storage-errors.js';
import { copyDatabase, type CopyOptions } from './write-backup.js';

/** Far above what any task reaches by being re-sent: outcomes of leases after the backup's moment are stale. */
const LEASES_SKIPPED = 1000;
const UNFINISHED = "('queued', 'running', 'paused', 'stopping')";

/** Throws `not-found`, `invalid-input`, `database-newer` or `database-damaged` where the file is no sound database of this program. */
export function checkBackup(path: string): { schemaVersion: number; runs: number } {
  if (!existsSync(path))
    throw new AppError('not-found', `There is no file ${path}`, '`data backups` lists the backups of the data folder.');
  const connection = openBackup(path);
  try {
    const schemaVersion = readSchemaVersion(connection);
    if (schemaVersion > NEWEST_SCHEMA) {
      const message = `${path} was written by a newer version of this program (schema ${schemaVersion}; this version knows ${NEWEST_SCHEMA})`;
      throw new AppError('database-newer', message, 'Restore it with that version.');
    }
    const isOurs = connection.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('testbeds', 'runs', 'tasks')").get();
    if (schemaVersion < 1 || (isOurs as { n: number }).n < 3) {
      throw new AppError('invalid-input', `${path} is a database, but none of this program`, 'Name a backup that this program made.');
    }
    const [problem] = [...listIntegrityProblems(connection, { isQuick: false, maxProblems: 1 }), ...listForeignKeyProblems(connection)];
    if (problem !== undefined) throw damaged(path, problem);
    return { schemaVersion, runs: (connection.prepare('SELECT count(*) AS n FROM runs').get() as { n: number }).n };
  } catch (thrown) {
    throw thrown instanceof BetterSqlite3.SqliteError ? damaged(path, thrown.message, thrown) : thrown;
  } finally {
    connection.close();
  }
}

/**
 * The caller has the data folder to itself and no database open in it. Runs that were open in the backup continue under new leases and say
 * that they were restored. Throws as `checkBackup` and `copyDatabase`; the database is then as it was.
 */
export async function restoreDatabase(
  { dataDir, source, nowMs }: { dataDir: string; source: string; nowMs: number },
  options: CopyOptions = {},
): Promise<RestoreOutcome> {
  const { schemaVersion, runs } = checkBackup(source);
  const databasePath = join(dataDir, DATABASE_FILE_NAME);
  if (resolve(source) === resolve(databasePath)) {
    throw new AppError('invalid-input', `${source} is the database itself`, 'Name a backup; `data backups` lists them.');
  }
  const incomingPath = join(dataDir, `${DATABASE_FILE_NAME}.incoming`);
  rmSync(incomingPath, { force: true });
  const backup = openBackup(source);
  try {
    await copyDatabase(backup, incomingPath, options);
  } finally {
    backup.close();
  }
  try {
    markRestored(incomingPath, source, nowMs);
    const keptAside = moveAside(dataDir, nowMs);
    renameSync(incomingPath, databasePath);
    syncFolderNow(dataDir);
    return { restoredFrom: source, keptAside, schemaVersion, runs };
  } catch (thrown) {
    rmSync(incomingPath, { force: true });
    throw toStorageError(thrown, dataDir);
  }
}

function openBackup(path: string): BetterSqlite3.Database {
  try {
    return openForReading(path);
  } catch (thrown) {
    throw toStorageError(thrown, path);
  }
}

/** With the database go its log and its index of the log: apart from each other they are worth nothing. */
function moveAside(dataDir: string, nowMs: number): string | null {
  const names = ['', '-wal', '-shm'].map((ending) => `${DATABASE_FILE_NAME}${ending}`).filter((name) => existsSync(join(dataDir, name)));
  if (names.length === 0) return null;
  const folder = join(dataDir, 'replaced', new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of names) renameSync(join(dataDir, name), join(folder, name));
  syncFolderNow(folder);
  return folder;
}

/** What agents still hold for leases that the backup does not know must not be taken for the leases to come. */
function markRestored(path: string, source: string, nowMs: number): void {
  const connection = new BetterSqlite3(path);
  try {
    const reason = `The database was restored from the backup ${basename(source)} while the run was not finished.`;
    connection.transaction(() => {
      // Attempts that were out are superseded when their task is re-sent.
      connection
        .prepare(
          `UPDATE tasks SET state = 'pending', lease_epoch = lease_epoch + ${LEASES_SKIPPED}
           WHERE state IN ('pending', 'sent') AND run_id IN (SELECT id FROM runs WHERE state IN ${UNFINISHED})`,
        )
        .run();
      connection
        .prepare(`UPDATE runs SET invalid_reasons_json = json_insert(invalid_reasons_json, '$[#]', @reason) WHERE state IN ${UNFINISHED}`)
        .run({ reason });
      connection
        .prepare("INSERT INTO events (at_ms, kind, subject_id, message) VALUES (@atMs, 'data-restored', NULL, @message)")
        .run({ atMs: Math.round(nowMs), message: `The database was restored from ${basename(source)}.` });
    })();
  } finally {
    connection.close();
  }
}

function damaged(path: string, problem: string, cause?: unknown): StorageFailure {
  return new StorageFailure(
    'database-damaged',
    `The backup ${path} is damaged (${problem})`,
    'Choose an older one; `data backups` lists them.',
    {
      path,
      freeBytes: null,
      neededBytes: null,
      cause,
    },
  );
}
