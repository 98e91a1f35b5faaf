// Input pictures as files named by the SHA-256 of their content, `pictures/ab/abcd...`; written once, whole or not at all. None is decoded here.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../../durable-file/write-durably.js';
import { readImageHeader } from '../../../image-header/image-header.js';
import { AppError } from '../../../shared/errors.js';
import { type InputPicture, MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS } from '../../../shared/service.js';
import { describeErrno, describeRoom, freeBytesAt, StorageFailure } from '../../foundation/storage-failure.js';
import { pictureFilePath } from './image-paths.js';

export type PictureProblem = 'not-a-picture' | 'too-large';

/** What the bytes are, or why they are no input picture. Looks at the header; a decoder may still refuse what follows it. */
export function inspectPicture(bytes: Buffer): InputPicture | { problem: PictureProblem } {
  if (bytes.length > MAX_PICTURE_BYTES) return { problem: 'too-large' };
  const header = readImageHeader(bytes);
  if (!header) return { problem: 'not-a-picture' };
  if (header.widthPx * header.heightPx > MAX_PICTURE_PIXELS) return { problem: 'too-large' };
  return { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length, mediaType: header.mediaType };
}

export class PictureFiles {
  constructor(private readonly dataDir: string) {}

  /** Throws a StorageFailure `no-space` or `io` when it can't be written. */
  async store({ sha256, sizeBytes }: InputPicture, bytes: Buffer): Promise<void> {
    const path = pictureFilePath(this.dataDir, sha256);
    try {
      // By its bytes: one that was damaged on the disk is as long as before, and importing it again is to mend it.
      const known = await readFile(path).catch(() => null);
      if (known && createHash('sha256').update(known).digest('hex') === sha256) return;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeDurably(path, bytes, { partPath: `${path}.${randomUUID()}.part` });
    } catch (thrown) {
      throw this.toWriteError(thrown, sizeBytes);
    }
  }

  /** Its bytes, verified. Throws `not-found` where the file is gone or is another. */
  async read({ sha256 }: Pick<InputPicture, 'sha256'>): Promise<Buffer> {
    const path = pictureFilePath(this.dataDir, sha256);
    const bytes = await readFile(path).catch(() => null);
    if (bytes && createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
    const what = bytes ? 'is no longer what was imported' : 'is not there any more';
    throw new AppError(
      'not-found',
      `The input picture ${path} ${what}`,
      'Check the data folder and have the picture copied back (data repair), or import the dataset again; then resume.',
    );
  }

  /** Of these, as far as they are there. */
  async bytesOnDisk(sha256s: readonly string[]): Promise<number> {
    let bytes = 0;
    for (const sha256 of sha256s) bytes += (await stat(pictureFilePath(this.dataDir, sha256)).catch(() => null))?.size ?? 0;
    return bytes;
  }

  async remove(sha256s: readonly string[]): Promise<void> {
    for (const sha256 of sha256s) await rm(pictureFilePath(this.dataDir, sha256), { force: true });
  }

  private toWriteError(thrown: unknown, neededBytes: number): unknown {
    const code = (thrown as NodeJS.ErrnoException | null)?.code;
    if (typeof code !== 'string') return thrown;
    const path = join(this.dataDir, 'pictures');
    const details = { path, neededBytes, freeBytes: freeBytesAt(this.dataDir), cause: thrown };
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const message = `No space is left for input pictures in ${path}${describeRoom(details)}`;
      return new StorageFailure('no-space', message, 'Free some space on that disk.', details);
    }
    const message = `An input picture can't be written to ${path}: ${describeErrno(code)}`;
    return new StorageFailure('io', message, 'Check that you may write to the folder, and that its disk is in order.', details);
  }
}
