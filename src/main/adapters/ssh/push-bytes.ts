// Puts a file on a node: streamed beside its place, checked by size and hash there, then moved into place in one step.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { IS_FULL_SHELL_FUNCTION, NO_SPACE_STATUS } from './disk-full.js';
import { shellQuote } from './shell-quote.js';
import type { SshConnection } from './ssh-connection.js';
import type { ExecResult } from './ssh-exec.js';
import { printable } from './ssh-errors.js';

export interface PushOptions {
  bytes: Uint8Array;
  /** Of `bytes`, in hex, where it is known: hashing a large file holds the program up. */
  sha256?: string;
  /** Relative to the home folder, or absolute. The folder must be there. */
  remotePath: string;
  /** Permission bits, for instance 0o600. */
  mode: number;
  signal?: AbortSignal;
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** Real milliseconds; 10 minutes when absent. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 600_000;

/** Shell function that prints the SHA-256 of its standard input in hex: Linux, macOS and BSD name the tool differently. */
export const SHA256_SHELL_FUNCTION =
  'sha256() { if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c 1-64; }';

/** Throws `no-space` when the node's disk is full, `io` when it can't be written or arrives damaged. What stood there before stays until the move. */
export async function pushBytes(connection: Pick<SshConnection, 'exec'>, options: PushOptions): Promise<void> {
  const { bytes, remotePath, signal, onProgress } = options;
  const expectedSha256 = options.sha256 ?? createHash('sha256').update(bytes).digest('hex');
  const target = shellQuote(remotePath);
  const part = shellQuote(`${remotePath}.part`);
  const command = [
    SHA256_SHELL_FUNCTION,
    IS_FULL_SHELL_FUNCTION,
    `umask 077`,
    // Asked before the part is gone, which would make room.
    `cat > ${part} || { status=3; is_full ${shellQuote(posix.dirname(remotePath))} && status=${NO_SPACE_STATUS}; rm -f ${part}; exit $status; }`,
    `[ "$(sha256 < ${part})" = ${expectedSha256} ] || { rm -f ${part}; echo 'the content arrived damaged' >&2; exit 4; }`,
    `chmod ${options.mode.toString(8)} ${part} && mv -f ${part} ${target}`,
  ].join('\n');
  const result = await connection.exec(command, {
    stdin: bytes,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onInputProgress: (sentBytes: number) => onProgress(sentBytes, bytes.length) } : {}),
  });
  if (result.code === 0) return;
  throw toPushError(result, remotePath);
}

function toPushError({ code, stderr }: ExecResult, remotePath: string): AppError {
  if (code === NO_SPACE_STATUS) {
    return new AppError(
      'no-space',
      `The node has no space left for ${remotePath}.`,
      "Free space in the node's home folder, then try again.",
    );
  }
  return new AppError(
    'io',
    `The node could not store ${remotePath}: ${printable(stderr) || 'no reason given'}`,
    "Check the permissions of the folder in the node's home, then try again.",
  );
}
