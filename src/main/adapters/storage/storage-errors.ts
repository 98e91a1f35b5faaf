// Turns SQLite's failures into the program's errors. What is not about the disk or the file (a constraint, bad SQL) is a bug and passes.
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../../../shared/errors.js';
import { describeErrno, describeRoom, freeBytesAt, StorageFailure } from '../../foundation/storage-failure.js';
import { adviseRestore } from './advise-restore.js';

/** Below this many free bytes an I/O error is taken for a full disk: SQLite can't always tell (it reports a failed mmap as I/O). */
const FULL_BELOW_FREE_BYTES = 1024 * 1024;

function noSpace(folder: string, cause: unknown): StorageFailure {
  const room = { freeBytes: freeBytesAt(folder), neededBytes: null };
  return new StorageFailure(
    'no-space',
    `No space is left for the database in ${folder}${describeRoom(room)}`,
    'Free some space on that disk, or start the program with --data and a folder on another disk. Nothing acknowledged was lost.',
    { path: folder, ...room, cause },
  );
}

export function databaseDamaged(folder: string, what: string, cause?: unknown): StorageFailure {
  return new StorageFailure('database-damaged', `The database in ${folder} ${what}`, adviseRestore(folder), {
    path: folder,
    freeBytes: null,
    neededBytes: null,
    cause,
  });
}

/** The AppError for a failure of the database in `folder`; anything it does not know comes back as it was. */
export function toStorageError(thrown: unknown, folder: string): unknown {
  const code = thrown instanceof BetterSqlite3.SqliteError ? thrown.code : (thrown as { code?: unknown } | null)?.code;
  if (thrown instanceof AppError || typeof code !== 'string') return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code.startsWith('SQLITE_FULL')) return noSpace(folder, thrown);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return databaseDamaged(folder, `is damaged or is not a database (${message})`, thrown);
  }
  if (code === 'SQLITE_ERROR' && /^no such (table|column)/.test(message)) {
    return databaseDamaged(folder, `does not have what its schema number says (${message})`, thrown);
  }
  const details = { path: folder, freeBytes: freeBytesAt(folder), neededBytes: null, cause: thrown };
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new StorageFailure(
      'conflict',
      `The database in ${folder} is locked by another program`,
      'Close the other program and try again.',
      details,
    );
  }
  const isInputOutput = /^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH)/.test(code) || /^E[A-Z]+$/.test(code);
  if (!isInputOutput) return thrown;
  if (details.freeBytes !== null && details.freeBytes < FULL_BELOW_FREE_BYTES) return noSpace(folder, thrown);
  const why = code.startsWith('SQLITE_') ? `${message}, ${code}` : describeErrno(code);
  return new StorageFailure(
    'io',
    `The database in ${folder} can't be read or written (${why})`,
    'Check that the folder exists, that you may write to it, and that its disk is in order.',
    details,
  );
}

/** Runs `work` and turns a failure of the database in `folder` into an AppError. */
export function withStorageErrors<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw toStorageError(thrown, folder);
  }
}
