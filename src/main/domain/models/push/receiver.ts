// One file of a model on its way into a node: the side here of `receiveScript`. Words and blocks go in, what the node says of them comes out.
import { AppError } from '../../../../shared/errors.js';
import { BLOCK_BYTES } from '../../../../shared/model-layout.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { TRANSFER_TIMEOUT_MS, toPushError, toSha256 } from './remote-file.js';
import { type ReceiveScripts, receiveScript, UNIT_BYTES } from './remote-scripts.js';

/** What a node says is kept up to here, characters: of a line, and of what it has found. */
const MAX_LINE_LENGTH = 1_000;
const MAX_FOUND_LENGTH = 200_000;

export interface ReceiverOptions {
  run: (script: string, options: ExecOptions) => Promise<ExecResult>;
  nodeName: string;
  /** Relative to the home folder; it is written as `path.part`. */
  path: string;
  sizeBytes: number;
  scripts: ReceiveScripts;
  signal: AbortSignal;
  /** Called when the node has been reached. */
  onStarted: () => void;
}

/** What the node is to do next: write blocks, one behind the other, or read one that is there back for the hash, which has to be done in order. */
export type ReceiverWord =
  | { kind: 'blocks'; index: number; count: number; bytes: AsyncIterable<Uint8Array> }
  /** Of a block that is there, or whose bytes have been sent before. */
  | { kind: 'follow'; index: number };

export interface ReceiveWork {
  /** Ends when every block was followed. */
  words: AsyncIterable<ReceiverWord>;
  /** Of the first of blocks that are in the file now. */
  written: (index: number) => void;
  sent: (bytes: number) => void;
  /** Whether the file, whose SHA-256 in hex the node has read, gets its name. Nothing is being written by this machine any more. */
  isRight: (sha256: string) => boolean;
  /** Whether `publish` runs after that. */
  publishes: boolean;
}

export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #preparing = Promise.withResolvers<boolean>();
  readonly #working = Promise.withResolvers<ReceiveWork | null>();
  readonly #looked = Promise.withResolvers<string>();
  readonly #prepared = Promise.withResolvers<null>();
  readonly #hash = Promise.withResolvers<string>();
  readonly #ended: Promise<ExecResult>;
  #heard = '';
  #found = '';
  #work: ReceiveWork | null = null;

  /** Starts the script at once. Whoever makes it waits for it by `receive`, or ends it by `end`. */
  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#ended = this.#run();
    const stop = (thrown: unknown): void => {
      for (const { reject } of [this.#looked, this.#prepared, this.#hash]) reject(thrown);
      this.end();
    };
    this.#ended.then(() => stop(new AppError('ssh-command-failed', `The command on node "${options.nodeName}" has ended.`)), stop);
    // No one may be waiting for any of them.
    for (const { promise } of [this.#looked, this.#prepared, this.#hash]) promise.catch(() => undefined);
  }

  /** What `look` has printed. Throws why the node was not reached. */
  get looked(): Promise<string> {
    return this.#looked.promise;
  }

  /** Runs `prepare`, once. Throws `no-space` or `io`. */
  async prepare(): Promise<void> {
    this.#preparing.resolve(true);
    await this.#prepared.promise;
  }

  /**
   * The SHA-256 in hex that the node has read of the whole. Throws `no-space`, `io`, `ssh-unreachable`, `cancelled`, or what reading a block
   * throws.
   */
  async receive(work: ReceiveWork): Promise<string> {
    this.#work = work;
    this.#preparing.resolve(false);
    this.#working.resolve(work);
    await this.#ended;
    return this.#hash.promise;
  }

  /** Nothing more comes: the script ends, and what is there stays. */
  end(): void {
    this.#preparing.resolve(false);
    this.#working.resolve(null);
  }

  async #run(): Promise<ExecResult> {
    const { run, nodeName, path, scripts, signal, onStarted } = this.#options;
    const result = await run(receiveScript(path, scripts), {
      stdin: this.#input(),
      signal,
      timeoutMs: TRANSFER_TIMEOUT_MS,
      onStarted,
      onOutput: (chunk, stream) => {
        if (stream === 'stdout') this.#hear(chunk);
      },
    });
    if (result.code === 0) return result;
    throw toPushError(result, { nodeName, what: `write ~/${path}` });
  }

  async *#input(): AsyncGenerator<Uint8Array> {
    if (await this.#preparing.promise) yield Buffer.from('prepare\n');
    const work = await this.#working.promise;
    if (!work) return;
    for await (const word of work.words) {
      if (word.kind === 'follow') {
        yield Buffer.from(`follow ${word.index}\n`);
        continue;
      }
      const start = word.index * BLOCK_BYTES;
      const length = Math.min(word.count * BLOCK_BYTES, this.#options.sizeBytes - start);
      yield Buffer.from(`block ${word.index} ${Math.floor(length / UNIT_BYTES)} ${length % UNIT_BYTES}\n`);
      for await (const piece of word.bytes) {
        yield piece;
        work.sent(piece.length);
      }
    }
    yield Buffer.from('hash\n');
    if (work.isRight(await this.#hash.promise)) yield Buffer.from(work.publishes ? 'name publish\n' : 'name\n');
  }

  #hear(chunk: string): void {
    const lines = (this.#heard + chunk).split('\n');
    this.#heard = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    for (const line of lines) this.#take(line.slice(0, MAX_LINE_LENGTH));
  }

  #take(line: string): void {
    const [word, value = ''] = line.split(' ');
    if (word === 'looked') this.#looked.resolve(this.#found);
    else if (word === 'prepared') this.#prepared.resolve(null);
    else if (word === 'written' && /^\d{1,7}$/.test(value)) this.#work?.written(Number(value));
    else if (word === 'hash') this.#takeHash(value);
    else if (this.#found.length < MAX_FOUND_LENGTH) this.#found += `${line}\n`;
  }

  #takeHash(text: string): void {
    try {
      this.#hash.resolve(toSha256(text, this.#options));
    } catch (thrown) {
      this.#hash.reject(thrown);
    }
  }
}
