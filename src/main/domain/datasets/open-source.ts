// The bytes of a dataset's source, piece by piece: a file on this machine, an upload, or the sample that is shipped.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DatasetSource } from '../../../shared/api/inputs.js';
import { AppError, assertNever } from '../../../shared/errors.js';
import { invalidDataset, requireSize } from './captions/decode-text.js';
import { type FolderPictures, type KeepPicture, openPairFolder } from './pair-folder.js';

export interface CaptionSource {
  /** The file's own name, for the user to see; never used as a path. */
  name: string;
  /** Reads the file from its start. Throws `not-found`, `io` or `dataset-invalid`, naming the file. */
  chunks(): AsyncGenerator<Uint8Array>;
  /** What a dataset of it is called where nothing else is said; its name without ending when absent. */
  title?: string;
  /** Of a folder of pairs. */
  pictures?: FolderPictures;
}

export interface SourceLocations {
  /** The prompts that come with the program. */
  samplePath: string;
  /** Throws `not-found`. */
  findUpload(uploadId: string): { path: string; fileName: string };
}

/** Between two pieces the event loop turns: what a piece costs to parse is the longest that anything else waits. */
const CHUNK_BYTES = 64 * 1024;

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

/** What is appended meanwhile is not read. Each piece is the caller's until the next is asked for. */
async function* readRegularFile(path: string, name: string): AsyncGenerator<Uint8Array> {
  let file: FileHandle | null = null;
  try {
    // Not to wait for a writer, should it be a pipe; Windows has no such flag.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = await openRegular(file, name);
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, size)));
    for (let offset = 0; offset < size;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - offset), offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (thrown) {
    throw toReadError(thrown, path);
  } finally {
    await file?.close();
  }
}

async function openRegular(file: FileHandle, name: string): Promise<{ size: number }> {
  const stats = await file.stat();
  if (!stats.isFile()) throw invalidDataset(name, 'is a folder or a device, not a file');
  requireSize(stats.size, name);
  return stats;
}

/** Throws `not-found` for an upload or a folder that is gone. `keep` gets each sound picture of a folder of pairs before its captions are read. */
export async function openSource(source: DatasetSource, locations: SourceLocations, keep?: KeepPicture): Promise<CaptionSource> {
  switch (source.kind) {
    case 'folder': {
      const { name, metadataPath, pictures } = await openPairFolder(source.path, keep);
      return { ...sourceOf(metadataPath, `${name}/${basename(metadataPath)}`), title: name, pictures };
    }
    case 'path':
      return sourceOf(source.path, basename(source.path));
    case 'upload': {
      const upload = locations.findUpload(source.uploadId);
      return sourceOf(upload.path, upload.fileName);
    }
    case 'sample':
      return sourceOf(locations.samplePath, 'Sample prompts.txt');
    default:
      return assertNever(source);
  }
}

function sourceOf(path: string, name: string): CaptionSource {
  return { name, chunks: () => readRegularFile(path, name) };
}
