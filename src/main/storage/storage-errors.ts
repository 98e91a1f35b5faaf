// Turns SQLite's failures into the program's errors. What is not about the disk or the file (a constraint, bad SQL) is a bug and passes.
import { statfsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../../shared/errors.js';

/** Below this many free bytes an I/O error is taken for a full disk: SQLite can't always tell (it reports a failed mmap as I/O). */
const FULL_BELOW_FREE_BYTES = 1024 * 1024;

function freeBytes(folder: string): number | null {
  try {
    const stats = statfsSync(folder);
    return stats.bavail * stats.bsize;
  } catch {
    return null;
  }
}

function noSpace(folder: string, cause: unknown): AppError {
  return new AppError(
    'no-space',
    `No space is left for the database in ${folder}`,
    'Free some space on that disk, or start the program with --data and a folder on another disk. Nothing acknowledged was lost.',
    { cause },
  );
}

/** The AppError for a failure of the database in `folder`; anything it does not know comes back as it was. */
export function toStorageError(thrown: unknown, folder: string): unknown {
  const code = thrown instanceof BetterSqlite3.SqliteError ? thrown.code : (thrown as { code?: unknown } | null)?.code;
  if (thrown instanceof AppError || typeof code !== 'string') return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code.startsWith('SQLITE_FULL')) return noSpace(folder, thrown);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return new AppError(
      'database-damaged',
      `The database in ${folder} is damaged or is not a database (${message})`,
      `Move it away and put back a copy from ${folder}/backups, or start with an empty folder by --data.`,
      { cause: thrown },
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('conflict', `The database in ${folder} is in use by another program`, 'Close the other program and try again.', {
      cause: thrown,
    });
  }
  const isInputOutput = /^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH)/.test(code) || /^E[A-Z]+$/.test(code);
  if (!isInputOutput) return thrown;
  const free = freeBytes(folder);
  if (free !== null && free < FULL_BELOW_FREE_BYTES) return noSpace(folder, thrown);
  return new AppError(
    'io',
    `The database in ${folder} can't be read or written (${message})`,
    'Check that the folder exists, that you may write to it, and that its disk is in order.',
    { cause: thrown },
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
