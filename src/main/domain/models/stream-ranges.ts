// Streams stretches of a file through a hash, and to another file if there is one, in flat memory. Reading the next block and writing the
// last one continue while the block between them is hashed, so that the disk does not wait for the hash.
import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from './plan-refine.js';

/** Large enough for the disk's full rate, small enough that two of them are nothing. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Written bytes are sent to the disk this often, while the copying continues: else all of it waits for the end. */
const FLUSH_EVERY_BYTES = 128 * 1024 * 1024;

export interface StreamOptions {
  /** Gets every byte in order. */
  hash: Hash;
  signal: AbortSignal;
  onBytes(bytes: number): void;
}

/** Cuts ranges into blocks. */
function* blocksOf(ranges: readonly ByteRange[]): Generator<ByteRange> {
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += BLOCK_BYTES) {
      yield { offset: offset + done, length: Math.min(BLOCK_BYTES, length - done) };
    }
  }
}

async function readBlock(source: FileHandle, block: ByteRange, buffer: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < block.length) {
    const { bytesRead } = await source.read(buffer, filled, block.length - filled, block.offset + filled);
    if (bytesRead === 0) throw Object.assign(new Error('The file ended early'), { code: 'EIO' });
    filled += bytesRead;
  }
  return buffer.subarray(0, block.length);
}

/** Writes all of `bytes`; a short write is how a full disk may first show. */
export async function writeAll(target: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await target.write(bytes, written, bytes.length - written)).bytesWritten;
}

/** Appends to `target` (or hashes only, where it is null). Throws what the disk throws, or the signal's reason. */
export async function streamRanges(
  source: FileHandle,
  ranges: readonly ByteRange[],
  target: FileHandle | null,
  options: StreamOptions,
): Promise<void> {
  const buffers = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)] as const;
  const blocks = blocksOf(ranges);
  let turn = 0;
  const readNext = (): Promise<Buffer> | null => {
    const next = blocks.next();
    if (next.done) return null;
    turn = 1 - turn;
    return readBlock(source, next.value, turn === 0 ? buffers[0] : buffers[1]);
  };
  let writing = Promise.resolve();
  let flushing = Promise.resolve();
  let unflushedBytes = 0;
  let reading = readNext();
  try {
    while (reading) {
      const bytes = await reading;
      options.signal.throwIfAborted();
      // The other buffer is free again when its write is done.
      await writing;
      reading = readNext();
      // A rejection is met by the next await; until then it must not count as unhandled.
      reading?.catch(() => undefined);
      writing = target ? writeAll(target, bytes) : writing;
      writing.catch(() => undefined);
      unflushedBytes += bytes.length;
      if (target && unflushedBytes >= FLUSH_EVERY_BYTES) {
        unflushedBytes = 0;
        flushing = flushing.then(() => target.datasync());
        flushing.catch(() => undefined);
      }
      options.hash.update(bytes);
      options.onBytes(bytes.length);
    }
    await writing;
    await flushing;
  } finally {
    // No buffer or file may be in use when the caller closes the files.
    await Promise.allSettled([reading, writing, flushing]);
  }
}
