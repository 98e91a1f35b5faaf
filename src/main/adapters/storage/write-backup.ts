// Makes a copy of a database that is whole when it has its name: written aside, verified, flushed, renamed. Readable by its owner alone.
import { chmodSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { BackupKind } from '../../../shared/data-care.js';
import { renameDurablyNow } from '../../../durable-file/write-durably.js';
import { AppError } from '../../../shared/errors.js';
import { describeRoom, StorageFailure } from '../../foundation/storage-failure.js';
import { backupFileName, dropOldBackups, makeBackupsFolder } from './backup-files.js';
import { listIntegrityProblems } from './inspect-database.js';
import { toStorageError } from './storage-errors.js';

/** Left free beside the copy, so that a backup never fills the disk of a run. */
const ROOM_BESIDE_BYTES = 64 * 1024 * 1024;
/** Pages a turn of the event loop: 4 MiB. */
const PAGES_A_STEP = 1024;

export interface CopyOptions {
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/**
 * Copies an open database to `path` with SQLite's backup API. The connection should be in no one else's use; a read transaction keeps the
 * copy at one moment, however much is written meanwhile. Throws `no-space`, `io`, `database-damaged`, `cancelled`; nothing is left then.
 */
export async function copyDatabase(source: BetterSqlite3.Database, path: string, options: CopyOptions = {}): Promise<void> {
  const { signal, onProgress } = options;
  requireRoom(source, dirname(path));
  const partPath = `${path}.part`;
  rmSync(partPath, { force: true });
  source.exec('BEGIN');
  try {
    // A read transaction starts with its first read.
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(partPath, {
      progress: ({ totalPages, remainingPages }) => {
        if (signal?.aborted) throw new AppError('cancelled', 'The backup was canceled');
        onProgress?.(totalPages - remainingPages, totalPages);
        return PAGES_A_STEP;
      },
    });
    publishCopy(partPath, path);
  } catch (thrown) {
    rmSync(partPath, { force: true });
    throw toStorageError(thrown, dirname(path));
  } finally {
    source.exec('COMMIT');
  }
}

/** Before a migration: at once, while no one else may write. Returns the path. */
export function backUpNow(connection: BetterSqlite3.Database, dataDir: string, kind: BackupKind, nowMs: number): string {
  const folder = makeBackupsFolder(dataDir);
  requireRoom(connection, folder);
  const path = join(folder, backupFileName(kind, nowMs));
  const partPath = `${path}.part`;
  rmSync(partPath, { force: true });
  try {
    // The backup API gives a promise, and a migration can't wait: SQLite's other way to a consistent copy.
    connection.prepare('VACUUM INTO ?').run(partPath);
    publishCopy(partPath, path);
  } catch (thrown) {
    rmSync(partPath, { force: true });
    throw thrown;
  }
  dropOldBackups(dataDir);
  return path;
}

function requireRoom(source: BetterSqlite3.Database, folder: string): void {
  const sizeBytes = Number(source.pragma('page_count', { simple: true })) * Number(source.pragma('page_size', { simple: true }));
  const { bavail, bsize } = statfsSync(folder);
  const room = { freeBytes: bavail * bsize, neededBytes: sizeBytes + ROOM_BESIDE_BYTES };
  if (room.freeBytes >= room.neededBytes) return;
  const message = `No space is left for a copy of the database in ${folder}${describeRoom(room)}`;
  throw new StorageFailure('no-space', message, 'Free some space on that disk, or name a file on another one with --out.', {
    path: folder,
    ...room,
  });
}

function publishCopy(partPath: string, path: string): void {
  chmodSync(partPath, 0o600);
  const copy = new BetterSqlite3(partPath, { fileMustExist: true });
  try {
    // One file without a write-ahead log beside it: it can be carried anywhere.
    copy.pragma('journal_mode = DELETE');
    const [problem] = listIntegrityProblems(copy, { isQuick: true, maxProblems: 1 });
    if (problem !== undefined)
      throw new StorageFailure('database-damaged', `The copy ${path} is damaged (${problem})`, 'Run `data check`.', noFigures(path));
  } finally {
    copy.close();
  }
  renameDurablyNow(partPath, path);
}

function noFigures(path: string): { path: string; freeBytes: null; neededBytes: null } {
  return { path, freeBytes: null, neededBytes: null };
}
