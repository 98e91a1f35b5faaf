// The bytes of a dataset's source: a file on this machine, an upload, or the sample that is shipped.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DatasetSource } from '../../../shared/api/inputs.js';
import { AppError, assertNever } from '../../../shared/errors.js';
import { invalidDataset, MAX_DATASET_BYTES } from './decode-text.js';

export interface SourceBytes {
  bytes: Uint8Array;
  /** The file's own name, for the user to see; never used as a path. */
  name: string;
}

export interface SourceLocations {
  /** The prompts that come with the program. */
  samplePath: string;
  /** Throws `not-found`. */
  findUpload(uploadId: string): { path: string; fileName: string };
}

function toReadError(thrown: unknown, path: string): unknown {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  if (thrown instanceof AppError || typeof code !== 'string') return thrown;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError(
      'not-found',
      `There is no file ${path}`,
      'Check the path; a relative one counts from where the program was started.',
      {
        cause: thrown,
      },
    );
  }
  return new AppError('io', `The file ${path} can't be read (${code})`, 'Check that you may read it.', { cause: thrown });
}

async function readRegularFile(path: string, name: string): Promise<SourceBytes> {
  let file: FileHandle | null = null;
  try {
    // Not to wait for a writer, should it be a pipe; Windows has no such flag.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat();
    if (!stats.isFile()) throw invalidDataset(name, 'is a folder or a device, not a file');
    if (stats.size > MAX_DATASET_BYTES) throw invalidDataset(name, 'is larger than 64 MiB', 'Split the file, or keep only the captions.');
    return { bytes: await readWhole(file, stats.size), name };
  } catch (thrown) {
    throw toReadError(thrown, path);
  } finally {
    await file?.close();
  }
}

/** Into one buffer: `readFile` gathers pieces, and then needs their room twice. What is appended meanwhile is not read. */
async function readWhole(file: FileHandle, sizeBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await file.read(bytes, filled, sizeBytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Reads at most 64 MiB. Throws `not-found`, `io` or `dataset-invalid`, naming the file. */
export async function readSource(source: DatasetSource, locations: SourceLocations): Promise<SourceBytes> {
  switch (source.kind) {
    case 'path':
      return readRegularFile(source.path, basename(source.path));
    case 'upload': {
      const upload = locations.findUpload(source.uploadId);
      return readRegularFile(upload.path, upload.fileName);
    }
    case 'sample':
      return readRegularFile(locations.samplePath, 'Sample prompts.txt');
    default:
      return assertNever(source);
  }
}
