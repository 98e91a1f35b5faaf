// One file of a model on its way, on this node: which of its blocks are verified, and their bytes. The control center writes blocks
// into the same file over SSH; the handle outlives the renaming when the file is whole.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import { BLOCK_BYTES, blockLength, pathsOfFile } from '../../shared/model-layout.js';

const READ_BYTES = 1024 * 1024;

export interface SharedFileAddress {
  modelSha256: string;
  path: string;
  fileSha256: string;
  sizeBytes: number;
}

export class SharedFile {
  readonly #held = new Set<number>();

  private constructor(
    readonly address: SharedFileAddress,
    private readonly handle: FileHandle,
  ) {}

  /** Opens the file where it is; starts it where it is not. Throws what the disk throws. The caller closes it. */
  static async open(baseDir: string, address: SharedFileAddress): Promise<SharedFile> {
    const paths = pathsOfFile(address.modelSha256, address.path);
    for (const path of paths) {
      const handle = await open(join(baseDir, path), 'r+').catch((thrown: unknown) => {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw thrown;
      });
      if (handle) return new SharedFile(address, handle);
    }
    const part = join(baseDir, paths[0]);
    await mkdir(dirname(part), { recursive: true, mode: 0o700 });
    // Not truncated: the control center may have started it in this very moment.
    return new SharedFile(address, await open(part, constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  get heldIndexes(): number[] {
    return [...this.#held];
  }

  holds(index: number): boolean {
    return this.#held.has(index);
  }

  /** Reads the block and holds it if its hash is the given one; returns whether it is. */
  async verify(index: number, sha256: Uint8Array): Promise<boolean> {
    const hash = createHash('sha256');
    for await (const piece of this.pieces(index)) hash.update(piece);
    if (!hash.digest().equals(sha256)) return false;
    this.#held.add(index);
    return true;
  }

  /** Writes a block whose hash the caller has verified, and holds it. */
  async write(index: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += (await this.handle.write(bytes, done, bytes.length - done, this.offsetOf(index) + done)).bytesWritten;
    }
    this.#held.add(index);
  }

  /** The bytes of a block that is held. */
  read(index: number): Readable {
    return Readable.from(this.pieces(index));
  }

  lengthOf(index: number): number {
    return blockLength(this.address.sizeBytes, index);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Ends early where the file does. */
  private async *pieces(index: number): AsyncGenerator<Buffer> {
    const length = this.lengthOf(index);
    for (let done = 0; done < length;) {
      const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, length - done));
      const { bytesRead } = await this.handle.read(piece, 0, piece.length, this.offsetOf(index) + done);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      done += bytesRead;
    }
  }

  private offsetOf(index: number): number {
    return index * BLOCK_BYTES;
  }
}
