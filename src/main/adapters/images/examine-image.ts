// Whether a stored image is still what was stored: the file is there and its bytes have the hash that is its name. Changes nothing.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DamagedImage } from '../../../shared/data-care.js';
import { describeErrno } from '../../foundation/storage-failure.js';
import { imageFilePath, pictureFilePath } from './image-paths.js';

export interface ImageOnRecord {
  sha256: string;
  sizeBytes: number;
  mediaType: 'image/png' | 'image/jpeg';
}

/** By its size alone: notices what is missing, cut or emptied, without reading it. Null when nothing was found. */
export function glanceAtImage(dataDir: string, image: ImageOnRecord): Promise<DamagedImage | null> {
  return glanceAtFile(imageFilePath(dataDir, image.sha256, image.mediaType), image);
}

/** By its hash. Null when the image is sound. */
export function examineImage(dataDir: string, image: ImageOnRecord): Promise<DamagedImage | null> {
  return examineFile(imageFilePath(dataDir, image.sha256, image.mediaType), image);
}

/** An input picture by its hash. Null when it is sound. */
export function examinePicture(dataDir: string, picture: Omit<ImageOnRecord, 'mediaType'>): Promise<DamagedImage | null> {
  return examineFile(pictureFilePath(dataDir, picture.sha256), picture);
}

type FileOnRecord = Omit<ImageOnRecord, 'mediaType'>;

async function glanceAtFile(path: string, { sha256, sizeBytes }: FileOnRecord): Promise<DamagedImage | null> {
  try {
    const { size } = await stat(path);
    if (size === sizeBytes) return null;
    return { sha256, state: 'damaged', detail: `The file has ${size} of its ${sizeBytes} bytes.` };
  } catch (thrown) {
    const { code = 'unknown' } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { sha256, state: 'missing', detail: 'The file is not there.' };
    return { sha256, state: 'damaged', detail: `The file can’t be read: ${describeErrno(code)}.` };
  }
}

async function examineFile(path: string, file: FileOnRecord): Promise<DamagedImage | null> {
  const seen = await glanceAtFile(path, file);
  if (seen) return seen;
  const { sha256 } = file;
  try {
    if ((await hashFile(path)) === sha256) return null;
    return { sha256, state: 'damaged', detail: 'The bytes of the file have changed: its hash is another one.' };
  } catch (thrown) {
    const { code = 'unknown' } = thrown as NodeJS.ErrnoException;
    return { sha256, state: 'damaged', detail: `The file can’t be read: ${describeErrno(code)}.` };
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
