// One unfinished file of a model on a node, over SSH: what is there of it.
import { AppError } from '../../../../shared/errors.js';
import { BLOCK_BYTES } from '../../../../shared/model-layout.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { NO_SPACE_STATUS } from '../../../adapters/ssh/disk-full.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import { forgetPartScript, hashBlocksScript, INTERRUPTED_STATUS } from './remote-scripts.js';

/** A whole model may take hours on a slow network; that the connection is dead is noticed by SSH itself. */
export const TRANSFER_TIMEOUT_MS = 7 * 86_400_000;
const SHA256_HEX = /^[0-9a-f]{64}$/;

export interface RemoteFileOptions {
  exec: SshConnection['exec'];
  nodeName: string;
  /** Relative to the home folder; what is there of it is in `path.part`. */
  path: string;
  signal: AbortSignal;
}

export class RemoteFile {
  readonly #options: RemoteFileOptions;

  constructor(options: RemoteFileOptions) {
    this.#options = options;
  }

  /** SHA-256 in hex of the first `blocks` blocks of what is there. */
  async hashBlocks(blocks: number): Promise<string[]> {
    const { stdout } = await this.#run(hashBlocksScript(this.#part, blocks), 'read what it has of');
    return lines(stdout).map((line) => toSha256(line, this.#options));
  }

  /** Throws away what is there of it. */
  async forget(): Promise<void> {
    await this.#run(forgetPartScript(this.#part), 'remove');
  }

  get #part(): string {
    return `${this.#options.path}.part`;
  }

  async #run(command: string, what: string): Promise<ExecResult> {
    const { exec, nodeName, path, signal } = this.#options;
    const result = await exec(command, { signal, timeoutMs: TRANSFER_TIMEOUT_MS });
    if (result.code === 0) return result;
    throw toPushError(result, { nodeName, what: `${what} ~/${path}` });
  }
}

/** What a node says that the hash of a file is. Throws `ssh-command-failed` when it is none. */
export function toSha256(text: string, { nodeName, path }: { nodeName: string; path: string }): string {
  if (SHA256_HEX.test(text)) return text;
  throw new AppError(
    'ssh-command-failed',
    `Node "${nodeName}" could not report the SHA-256 of ~/${path}: it said "${printable(text, 80)}".`,
    'Install openssl or coreutils (sha256sum) on the node, then push again.',
  );
}

/** Of a command of a push that did not end well. */
export function toPushError({ code, stderr }: ExecResult, { nodeName, what }: { nodeName: string; what: string }): AppError {
  if (code === NO_SPACE_STATUS) {
    return new AppError(
      'no-space',
      `Node "${nodeName}" has no space left to ${what}.`,
      'Free space on the disk of its home folder, then push again: what is there is kept, and the push continues from it.',
    );
  }
  if (code === null || code === INTERRUPTED_STATUS) {
    return new AppError(
      'ssh-command-failed',
      `Node "${nodeName}" could not ${what}: the command was ended by a signal.`,
      'Check whether the node is going down or out of memory, then push again.',
    );
  }
  // dd tells its counts on the same stream.
  const said = lines(stderr).filter((line) => !/^\d+\+\d+ records|bytes.*copied/.test(line));
  return new AppError(
    'io',
    `Node "${nodeName}" could not ${what}: the command ended with status ${code}${said.length > 0 ? ` (${printable(said.at(-1) ?? '')})` : ''}.`,
    'Check the disk and the folder ~/.dedgeai of the node, then push again.',
  );
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** How many whole blocks a file of this length has; the shorter last block of the whole counts when it is there. */
export function wholeBlocks(partBytes: number, sizeBytes: number): number {
  return partBytes >= sizeBytes ? Math.ceil(sizeBytes / BLOCK_BYTES) : Math.floor(partBytes / BLOCK_BYTES);
}
