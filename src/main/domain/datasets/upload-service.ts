// Uploads on their way to an import: files under names of our own in `<dataDir>/uploads`, forgotten after an hour and at every start.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../shared/errors.js';
import { ScratchFolder } from '../../foundation/scratch-folder.js';
import { MAX_DATASET_BYTES, requireSize } from './captions/decode-text.js';

const KEEP_MS = 60 * 60 * 1000;
/** So that a client that never imports can't fill the disk. */
const MAX_UPLOADS = 4;
const MAX_FILE_NAME_LENGTH = 120;

interface Upload {
  path: string;
  fileName: string;
  receivedAtMs: number;
}

/** The last part of a name that came from outside, for the user to see. */
function displayName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? '';
  const cleaned = last.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '').trim();
  return cleaned.slice(0, MAX_FILE_NAME_LENGTH) || 'upload';
}

function limitSize(fileName: string, maxBytes: number): Transform {
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.byteLength;
      try {
        requireSize(sizeBytes, fileName, maxBytes);
        done(null, chunk);
      } catch (refusal) {
        done(refusal as Error);
      }
    },
  });
}

export class UploadService {
  private readonly folder: ScratchFolder;
  private readonly uploads = new Map<string, Upload>();

  constructor(
    dataDir: string,
    /** Wall clock, epoch ms. */
    private readonly now: () => number,
    private readonly maxBytes = MAX_DATASET_BYTES,
  ) {
    this.folder = new ScratchFolder(join(dataDir, 'uploads'));
  }

  /** Stores a body of at most 256 MiB, or what is said, and returns its id; forgotten after an hour. */
  async receive(body: ReadableStream<Uint8Array>, fileName: string, maxBytes = this.maxBytes): Promise<{ uploadId: string }> {
    const name = displayName(fileName);
    const uploadId = randomUUID();
    const path = join(this.folder.path, uploadId);
    try {
      await this.folder.prepare();
      await this.makeRoom();
      await pipeline(Readable.from(body), limitSize(name, maxBytes), createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    } catch (thrown) {
      await rm(path, { force: true });
      throw this.toTransferError(thrown, name);
    }
    this.uploads.set(uploadId, { path, fileName: name, receivedAtMs: this.now() });
    return { uploadId };
  }

  /** Throws `not-found` for an id that was never given or is forgotten. */
  find(uploadId: string): { path: string; fileName: string } {
    const upload = this.uploads.get(uploadId);
    if (!upload || this.isOld(upload)) {
      throw new AppError('not-found', 'The uploaded file is no longer there', 'Choose the file again.');
    }
    return upload;
  }

  private isOld(upload: Upload): boolean {
    return this.now() - upload.receivedAtMs > KEEP_MS;
  }

  /** Drops what is old, and the oldest where there are too many. */
  private async makeRoom(): Promise<void> {
    let excess = this.uploads.size - MAX_UPLOADS + 1;
    for (const [uploadId, upload] of this.uploads) {
      if (!this.isOld(upload) && excess-- <= 0) continue;
      this.uploads.delete(uploadId);
      await rm(upload.path, { force: true });
    }
  }

  private toTransferError(thrown: unknown, name: string): unknown {
    const code = (thrown as NodeJS.ErrnoException | null)?.code;
    if (thrown instanceof AppError || typeof code !== 'string') return thrown;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return new AppError('no-space', `No space is left in ${this.folder.path} for "${name}"`, 'Free some space on that disk.', {
        cause: thrown,
      });
    }
    return new AppError('io', `"${name}" could not be stored in ${this.folder.path} (${code})`, 'Upload the file again.', {
      cause: thrown,
    });
  }
}
