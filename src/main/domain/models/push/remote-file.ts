// One file of a model on a node, over SSH: what is there, blocks in, the hash of the whole, its name at the end.
import { AppError } from '../../../../shared/errors.js';
import { BLOCK_BYTES, blockLength } from '../../../../shared/model-layout.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { NO_SPACE_STATUS } from '../../../adapters/ssh/disk-full.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import { followScript, forgetPartScript, hashBlocksScript, INTERRUPTED_STATUS, UNIT_BYTES, writeScript } from './remote-scripts.js';

/** A whole model may take hours on a slow line; that the line is dead is noticed by SSH itself. */
const TRANSFER_TIMEOUT_MS = 7 * 86_400_000;
const SHA256_HEX = /^[0-9a-f]{64}$/;

export interface RemoteFileOptions {
  connection: SshConnection;
  nodeName: string;
  /** Relative to the home folder; it is written as `path.part`. */
  path: string;
  sizeBytes: number;
  /** What has to run on the node before the first block, and once the file has its name; empty for nothing. */
  prepare: string;
  publish: string;
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
    return lines(stdout).map((line) => this.#toHash(line));
  }

  /**
   * Writes blocks as they come; `written` hears of each that is in the file. Ends when `blocks` does. Throws `no-space`, `io`,
   * `ssh-unreachable`, `cancelled`, or what reading a block throws.
   */
  async write(
    blocks: AsyncIterable<{ index: number; bytes: AsyncIterable<Uint8Array> }>,
    on: { written: (index: number) => void; sent: (bytes: number) => void },
  ): Promise<void> {
    const { sizeBytes } = this.#options;
    async function* input(): AsyncGenerator<Uint8Array> {
      for await (const { index, bytes } of blocks) {
        const length = blockLength(sizeBytes, index);
        yield Buffer.from(`${index} ${Math.floor(length / UNIT_BYTES)} ${length % UNIT_BYTES}\n`);
        for await (const piece of bytes) {
          yield piece;
          on.sent(piece.length);
        }
      }
    }
    let unfinished = '';
    await this.#run(writeScript(this.#part, this.#options.prepare), 'write', {
      stdin: input(),
      onOutput: (chunk, stream) => {
        if (stream !== 'stdout') return;
        const reported = (unfinished + chunk).split('\n');
        unfinished = reported.pop() ?? '';
        for (const line of reported) if (/^\d{1,7}$/.test(line)) on.written(Number(line));
      },
    });
  }

  /**
   * SHA-256 in hex of the whole, read as `indexes` tells in order that the blocks are there. If `isRight` says so of it, the file is brought to
   * the disk and gets its name, by the same command: another one would cost its start.
   */
  async follow(indexes: AsyncIterable<number>, isRight: (sha256: string) => Promise<boolean>): Promise<string> {
    const { promise: hash, resolve, reject } = Promise.withResolvers<string>();
    // No one may be waiting for it when the command ends early.
    hash.catch(() => undefined);
    async function* input(): AsyncGenerator<Uint8Array> {
      for await (const index of indexes) yield Buffer.from(`${index}\n`);
      yield Buffer.from('hash\n');
      if (await isRight(await hash)) yield Buffer.from('name\n');
    }
    let reported = '';
    try {
      const { stdout } = await this.#run(followScript(this.#options.path, this.#options.publish), 'finish', {
        stdin: input(),
        onOutput: (chunk, stream) => {
          if (stream === 'stdout') reported += chunk;
          if (reported.includes('\n')) resolve(reported.trim());
        },
      });
      return this.#toHash(stdout.trim());
    } finally {
      reject(new AppError('ssh-command-failed', 'The command on the node has ended.'));
    }
  }

  /** Throws away what is there of it. */
  async forget(): Promise<void> {
    await this.#run(forgetPartScript(this.#part), 'remove');
  }

  get #part(): string {
    return `${this.#options.path}.part`;
  }

  async #run(
    command: string,
    what: string,
    more: { stdin?: AsyncIterable<Uint8Array>; onOutput?: (chunk: string, stream: 'stdout' | 'stderr') => void } = {},
  ): Promise<ExecResult> {
    const { connection, nodeName, path, signal } = this.#options;
    const result = await connection.exec(command, { signal, timeoutMs: TRANSFER_TIMEOUT_MS, ...more });
    if (result.code === 0) return result;
    throw toPushError(result, { nodeName, what: `${what} ~/${path}` });
  }

  #toHash(text: string): string {
    if (SHA256_HEX.test(text)) return text;
    const { nodeName, path } = this.#options;
    throw new AppError(
      'ssh-command-failed',
      `Node "${nodeName}" could not report the SHA-256 of ~/${path}: it said "${printable(text, 80)}".`,
      'Install openssl or coreutils (sha256sum) on the node, then push again.',
    );
  }
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
