// What keeps this computer from keeping something: an AppError with the place and the figures, for anyone who waits and tries again.
import { statfsSync } from 'node:fs';
import { AppError, type AppErrorCode } from '../../shared/errors.js';
import { formatBytes } from '../../shared/format.js';

export interface StorageFailureDetails {
  /** File or folder that could not be written or read; null where it is not about one. */
  path: string | null;
  /** Null where the file system does not say. */
  freeBytes: number | null;
  /** What the write would have taken; null where that is not known. */
  neededBytes: number | null;
  cause?: unknown;
}

export class StorageFailure extends AppError {
  readonly path: string | null;
  readonly freeBytes: number | null;
  readonly neededBytes: number | null;

  constructor(code: AppErrorCode, message: string, hint: string | null, details: StorageFailureDetails) {
    super(code, message, hint, { cause: details.cause });
    this.name = 'StorageFailure';
    this.path = details.path;
    this.freeBytes = details.freeBytes;
    this.neededBytes = details.neededBytes;
  }
}

/** Bytes that this user may still write there; null where the file system does not say. */
export function freeBytesAt(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** What the file system of a folder holds in all; null where it does not say. */
export function totalBytesAt(folder: string): number | null {
  try {
    const { blocks, bsize } = statfsSync(folder);
    return blocks * bsize;
  } catch {
    return null;
  }
}

/** `: 2 MB needed, 0 kB free`; as much of it as is known. */
export function describeRoom({ neededBytes, freeBytes }: Pick<StorageFailureDetails, 'neededBytes' | 'freeBytes'>): string {
  const parts = [
    ...(neededBytes === null ? [] : [`${formatBytes(neededBytes)} needed`]),
    ...(freeBytes === null ? [] : [`${formatBytes(freeBytes)} free`]),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

const ERRNO_WORDS: Record<string, string> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an error, EIO',
  EMFILE: 'the program has too many files open, EMFILE',
  ENFILE: 'the system has too many files open, ENFILE',
  ENOENT: 'it is not there',
  ENOTDIR: 'something that is not a folder is in its path',
};

/** An error code of the system in words; the code itself where there are none. */
export function describeErrno(code: string): string {
  return ERRNO_WORDS[code] ?? code;
}

/** The failure of this computer behind one that looks like another machine's: out of file handles. Null where it is none of those. */
export function findExhaustion(thrown: unknown): StorageFailure | null {
  for (let cause: unknown = thrown, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EMFILE' && code !== 'ENFILE') continue;
    const message = `This computer can't fetch an image: ${describeErrno(code)}`;
    const details = { path: null, freeBytes: null, neededBytes: null, cause: thrown };
    return new StorageFailure('io', message, 'Close other programs, or raise the limit of open files (ulimit -n).', details);
  }
  return null;
}
