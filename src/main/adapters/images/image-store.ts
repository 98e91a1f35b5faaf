// Images as files named by the SHA-256 of their content: written once, whole or not at all, durable when `storeImage` returns.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../../durable-file/sync-folder.js';
import { writeDurably } from '../../../durable-file/write-durably.js';
import { AppError } from '../../../shared/errors.js';
import { ScratchFolder } from '../../foundation/scratch-folder.js';
import { describeErrno, describeRoom, freeBytesAt, StorageFailure } from '../../foundation/storage-failure.js';
import { hashFile } from './examine-image.js';
import { readImageHeader } from '../../../image-header/image-header.js';
import { imageFilePath, isSha256, THUMBNAIL_KINDS, thumbnailFilePath } from './image-paths.js';

/** The largest image that is stored. */
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
/** An image stored this recently is not deleted: its result may still be on the way into the database. */
const KEEP_STORED_MS = 60_000;
const MEDIA_TYPES = ['image/png', 'image/jpeg'] as const;

export interface StoredFile {
  sha256: string;
  sizeBytes: number;
  widthPx: number;
  heightPx: number;
  mediaType: 'image/png' | 'image/jpeg';
}

export interface ImageStoreOptions {
  dataDir: string;
  /** Whether a task in the database has the image; asked again right before a file is deleted. */
  isReferenced(sha256: string): boolean;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : null;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
}

export class ImageStore {
  /** When each image was stored last in this session, monotonic ms. */
  private readonly storedAtMs = new Map<string, number>();
  private readonly incoming: ScratchFolder;

  constructor(private readonly options: ImageStoreOptions) {
    this.incoming = new ScratchFolder(join(options.dataDir, 'images', 'incoming'));
  }

  /**
   * Stores a PNG or JPEG of at most 32 MiB under its own hash; one that is there already, and sound, is left alone. Throws `invalid-input`
   * for anything else, a StorageFailure `no-space` or `io` when it can't be written.
   */
  async storeImage(bytes: Uint8Array): Promise<StoredFile> {
    if (bytes.byteLength > MAX_IMAGE_BYTES) {
      throw new AppError(
        'invalid-input',
        `An image of ${bytes.byteLength} bytes is larger than the limit of 32 MiB`,
        'Ask for smaller images.',
      );
    }
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = readImageHeader(buffer);
    if (!header) {
      throw new AppError(
        'invalid-input',
        'What came back is not a whole PNG or JPEG image',
        'Provision the node again and look at its log.',
      );
    }
    const sha256 = createHash('sha256').update(buffer).digest('hex');
    this.remember(sha256);
    const path = imageFilePath(this.options.dataDir, sha256, header.mediaType);
    try {
      if ((await sizeOf(path)) !== buffer.byteLength || (await hashFile(path)) !== sha256) await this.write(path, buffer);
    } catch (thrown) {
      throw this.toWriteError(thrown, buffer.byteLength);
    }
    return { sha256, sizeBytes: buffer.byteLength, ...header };
  }

  /** Moves a verified file, on the same disk, to where the image belongs; one that is there already, and sound, stays. Says whether it was moved. */
  async adopt(path: string, { sha256, sizeBytes, mediaType }: Omit<StoredFile, 'widthPx' | 'heightPx'>): Promise<boolean> {
    const target = imageFilePath(this.options.dataDir, sha256, mediaType);
    if ((await sizeOf(target)) === sizeBytes && (await hashFile(target)) === sha256) return false;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target);
    await syncFolder(dirname(target));
    return true;
  }

  /** Whether an image of that size could be stored now. Throws as `storeImage`; leaves nothing behind. */
  async probe(sizeBytes: number): Promise<void> {
    const path = join(this.incoming.path, `probe-${randomUUID()}`);
    try {
      await this.incoming.prepare();
      await mkdir(this.incoming.path, { recursive: true });
      await using file = await open(path, 'wx', 0o600);
      await file.writeFile(Buffer.alloc(sizeBytes));
      await file.sync();
    } catch (thrown) {
      throw this.toWriteError(thrown, sizeBytes);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Deletes the files, and the thumbnails, of images that nothing refers to; others are passed over. */
  async deleteImages(sha256s: readonly string[]): Promise<void> {
    for (const sha256 of sha256s) {
      if (!isSha256(sha256) || this.isFresh(sha256) || this.options.isReferenced(sha256)) continue;
      for (const mediaType of MEDIA_TYPES) await rm(imageFilePath(this.options.dataDir, sha256, mediaType), { force: true });
      for (const kind of THUMBNAIL_KINDS) await rm(thumbnailFilePath(this.options.dataDir, sha256, kind), { force: true });
    }
  }

  /** Of the files of these images and their thumbnails, as far as there are any. */
  async bytesOnDisk(sha256s: readonly string[]): Promise<number> {
    let bytes = 0;
    for (const sha256 of sha256s.filter(isSha256)) {
      for (const mediaType of MEDIA_TYPES) bytes += (await sizeOf(imageFilePath(this.options.dataDir, sha256, mediaType))) ?? 0;
      bytes += (await sizeOf(thumbnailFilePath(this.options.dataDir, sha256))) ?? 0;
    }
    return bytes;
  }

  private remember(sha256: string): void {
    const nowMs = performance.now();
    this.storedAtMs.delete(sha256);
    this.storedAtMs.set(sha256, nowMs);
    // Oldest first: a map keeps the order in which its entries were set.
    for (const [oldest, atMs] of this.storedAtMs) {
      if (nowMs - atMs <= KEEP_STORED_MS) break;
      this.storedAtMs.delete(oldest);
    }
  }

  private isFresh(sha256: string): boolean {
    const atMs = this.storedAtMs.get(sha256);
    return atMs !== undefined && performance.now() - atMs <= KEEP_STORED_MS;
  }

  private async write(path: string, buffer: Buffer): Promise<void> {
    await this.incoming.prepare();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(path, buffer, { partPath: join(this.incoming.path, randomUUID()) });
  }

  private toWriteError(thrown: unknown, neededBytes: number): unknown {
    const code = (thrown as NodeJS.ErrnoException | null)?.code;
    const path = join(this.options.dataDir, 'images');
    if (thrown instanceof AppError || typeof code !== 'string') return thrown;
    const details = { path, neededBytes, freeBytes: freeBytesAt(this.options.dataDir), cause: thrown };
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return new StorageFailure(
        'no-space',
        `No space is left for images in ${path}${describeRoom(details)}`,
        'Free some space on that disk.',
        details,
      );
    }
    const message = `An image can't be written to ${path}: ${describeErrno(code)}`;
    return new StorageFailure('io', message, 'Check that you may write to the folder, and that its disk is in order.', details);
  }
}
