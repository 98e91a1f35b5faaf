// A file of a model on this machine, read in pieces, and the hashes of its blocks as far as someone needed them.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../../../shared/errors.js';
import type { ModelFile } from '../../../../shared/model.js';
import { BLOCK_BYTES, blockLength } from '../../../../shared/model-layout.js';
import { toModelFileError } from '../model-errors.js';

const PIECE_BYTES = 1024 * 1024;

export class LocalFile {
  readonly #hashes = new Map<number, Promise<Buffer>>();
  /** Memory of pieces that no one uses now: made for each, it would be garbage as large as the file. */
  readonly #spare: Buffer[] = [];

  private constructor(
    readonly path: string,
    readonly sizeBytes: number,
    private readonly handle: FileHandle,
  ) {}

  /** Throws `not-found`, `io`, or `conflict` when its size is not the one on record. The caller closes it. */
  static async open(path: string, recorded: Pick<ModelFile, 'sizeBytes'>): Promise<LocalFile> {
    try {
      const handle = await open(path, 'r');
      const { size } = await handle.stat();
      if (size === recorded.sizeBytes) return new LocalFile(path, size, handle);
      await handle.close();
    } catch (thrown) {
      throw toModelFileError(thrown, path);
    }
    throw changedSinceAdded(path);
  }

  /**
   * The block's bytes in pieces of at most 1 MiB, each good until the next is asked for: the same memory takes the one after it. Its hash is known
   * afterwards if `withHash`.
   */
  async *readBlock(index: number, withHash: boolean): AsyncGenerator<Buffer> {
    const hash = withHash && !this.#hashes.has(index) ? createHash('sha256') : null;
    const length = blockLength(this.sizeBytes, index);
    const [one, other] = [this.#spare.pop() ?? newPiece(), this.#spare.pop() ?? newPiece()];
    const readFrom = (done: number, piece: Buffer): Promise<Buffer> => {
      const into = piece.subarray(0, Math.min(PIECE_BYTES, length - done));
      const reading = this.#read(into, index * BLOCK_BYTES + done).then((bytesRead) => into.subarray(0, bytesRead));
      // A rejection is met by the next await; until then it must not count as unhandled.
      reading.catch(() => undefined);
      return reading;
    };
    let [piece, next] = [one, other];
    let done = 0;
    let reading = readFrom(done, piece);
    while (done < length) {
      const bytes = await reading;
      done += bytes.length;
      [piece, next] = [next, piece];
      // The disk works while these bytes are encrypted and sent.
      if (done < length) reading = readFrom(done, piece);
      hash?.update(bytes);
      yield bytes;
    }
    // Not after an early end: a reading may still be writing into one of them.
    this.#spare.push(one, other);
    if (hash) this.#hashes.set(index, Promise.resolve(hash.digest()));
  }

  /** SHA-256 of a block; read now unless it is known. */
  blockSha256(index: number): Promise<Buffer> {
    let known = this.#hashes.get(index);
    if (!known) {
      known = this.#hashBlock(index);
      this.#hashes.set(index, known);
      known.catch(() => this.#hashes.delete(index));
    }
    return known;
  }

  /** SHA-256 of all of it, as it is now, in hex. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, this.sizeBytes));
    for (let done = 0; done < this.sizeBytes;) {
      const bytesRead = await this.#read(piece, done);
      hash.update(piece.subarray(0, bytesRead));
      done += bytesRead;
    }
    return hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async #hashBlock(index: number): Promise<Buffer> {
    const hash = createHash('sha256');
    for await (const bytes of this.readBlock(index, false)) hash.update(bytes);
    return hash.digest();
  }

  async #read(into: Buffer, position: number): Promise<number> {
    try {
      const { bytesRead } = await this.handle.read(into, 0, into.length, position);
      if (bytesRead > 0) return bytesRead;
    } catch (thrown) {
      throw toModelFileError(thrown, this.path);
    }
    throw changedSinceAdded(this.path);
  }
}

function newPiece(): Buffer {
  return Buffer.allocUnsafeSlow(PIECE_BYTES);
}

export function changedSinceAdded(path: string): AppError {
  return new AppError(
    'conflict',
    `${path} has changed since it was added.`,
    'Add the model again, so that its hash is the one it has now.',
  );
}
