// One program per data folder. The lock is SQLite's lock on a file of its own: the kernel frees it when the process dies, however it
// dies, so no stale lock ever needs clearing. A second file says who holds it, for the message only.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { CoreEndpoint } from '../../../shared/core-process-messages.js';
import { AppError } from '../../../shared/errors.js';
import { readInstance, removeInstance, writeInstance } from '../../foundation/instance-file.js';
import { PROGRAM_VERSION } from '../../foundation/program-version.js';

const LOCK_FILE_NAME = 'instance.lock';

export interface InstanceLock {
  /** Writes down where terminals reach this program. */
  announce(endpoint: CoreEndpoint): void;
  /** Idempotent. The end of the process does the same. */
  release(): void;
}

/**
 * Takes the data folder for this process, making the folder where it is missing. Throws AppErrors: `instance-locked` naming the process
 * that has it, `no-space` or `io` when the folder cannot be written.
 */
export function lockInstance(dataDir: string, nowMs: number = Date.now()): InstanceLock {
  const holder = { pid: process.pid, startedAtMs: nowMs };
  const connection = openLockFile(dataDir);
  try {
    connection.exec('BEGIN EXCLUSIVE');
    writeInstance(dataDir, holder);
  } catch (error) {
    connection.close();
    throw isBusy(error) ? describeHolder(dataDir) : describeUnwritable(dataDir, error);
  }
  return {
    announce: (endpoint) => writeInstance(dataDir, { ...holder, version: PROGRAM_VERSION, endpoint }),
    release() {
      if (!connection.open) return;
      // While the lock is still held, so that the next holder's file is never the one removed.
      removeInstance(dataDir);
      connection.close();
    },
  };
}

function openLockFile(dataDir: string): BetterSqlite3.Database {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new BetterSqlite3(join(dataDir, LOCK_FILE_NAME), { timeout: 0 });
  } catch (error) {
    throw describeUnwritable(dataDir, error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function describeHolder(dataDir: string): AppError {
  // It may have just started, or just ended: then the message does without.
  const holder = readInstance(dataDir);
  const who = holder ? ` (process ${holder.pid}, running since ${new Date(holder.startedAtMs).toLocaleString()})` : '';
  const message = `Another DEdgeAI Control Center${who} uses ${dataDir}`;
  return new AppError('instance-locked', message, 'Close it, or choose another folder with --data DIR.');
}

function describeUnwritable(dataDir: string, error: unknown): AppError {
  const code = (error as { code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return new AppError('no-space', `No space left for ${dataDir}`, 'Free some space, or choose another folder with --data DIR.', {
      cause: error,
    });
  }
  return new AppError(
    'io',
    `The data folder ${dataDir} cannot be used: ${message}`,
    'Choose a folder that you may write to with --data DIR.',
    {
      cause: error,
    },
  );
}
