// Copies lost input pictures back from the folders that their datasets were imported from, or from one that a person names. A picture is known by
// the hash of its bytes, whatever it is called there; nothing else is copied, and nothing there is changed.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamagedImage } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import type { InputPicture } from '../../../shared/service.js';
import type { DataWorkOptions } from './data-worker-messages.js';

interface PictureRepairOptions {
  pictures: {
    find(sha256: string): InputPicture | null;
    /** Absolute folders that datasets with this picture were imported from. */
    sourceFoldersOf(sha256: string): string[];
  };
  files: { store(picture: InputPicture, bytes: Buffer): Promise<void> };
}

export interface PictureRepair {
  /** Names of those that are back. */
  repaired: string[];
  /** What came of it, in words. */
  outcome: string;
}

/** `from`: the only folder to look in; null: those of the datasets. Throws `not-found` for a folder that a person named and that is not there. */
export async function repairPictures(
  { pictures, files }: PictureRepairOptions,
  { lost, from }: { lost: readonly Pick<DamagedImage, 'sha256'>[]; from: string | null },
  { signal, onProgress }: DataWorkOptions,
): Promise<PictureRepair> {
  const requested = new Map(lost.flatMap(({ sha256 }) => pictures.find(sha256) ?? []).map((picture) => [picture.sha256, picture]));
  const folders = from === null ? [...new Set([...requested.keys()].flatMap((sha256) => pictures.sourceFoldersOf(sha256)))] : [from];
  const total = requested.size;
  const repaired: string[] = [];
  const say = (): void => onProgress({ phase: 'Copying input pictures back', done: repaired.length, total });
  say();
  const gone: string[] = [];
  for (const folder of folders) {
    if (requested.size === 0) break;
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null);
    if (entries === null) {
      if (from !== null) throw new AppError('not-found', `There is no folder ${from} to read`, 'Name the folder that holds the pictures.');
      gone.push(folder);
      continue;
    }
    for (const entry of entries) {
      if (signal.aborted) throw new AppError('cancelled', 'Copying input pictures back was canceled', 'Those that were copied stay.');
      if (!entry.isFile() || requested.size === 0) continue;
      const bytes = await readIfSized(join(entry.parentPath, entry.name), requested);
      const picture = bytes && requested.get(createHash('sha256').update(bytes).digest('hex'));
      if (!picture) continue;
      await files.store(picture, bytes);
      requested.delete(picture.sha256);
      repaired.push(picture.sha256);
      say();
    }
  }
  return { repaired, outcome: describe({ repaired: repaired.length, total, folders, gone, from }) };
}

/** The bytes of a file that is as large as one of them; null for any other. */
async function readIfSized(path: string, requested: ReadonlyMap<string, InputPicture>): Promise<Buffer | null> {
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  if (![...requested.values()].some(({ sizeBytes }) => sizeBytes === size)) return null;
  return readFile(path).catch(() => null);
}

function describe(found: { repaired: number; total: number; folders: string[]; gone: string[]; from: string | null }): string {
  const { repaired, total, folders, gone, from } = found;
  const back = `${repaired} of ${total} input pictures are back as they were imported`;
  if (repaired === total) return `${back}.`;
  const searched = folders.filter((folder) => !gone.includes(folder));
  const looked = [
    ...(folders.length === 0 ? ['where their datasets came from is not on record'] : []),
    ...(searched.length > 0 ? [`the others are not in ${searched.join(', ')}`] : []),
    ...(gone.length > 0 ? [`${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} not there any more`] : []),
  ].join('; ');
  return `${back}; ${looked}. ${from === null ? 'Name the folder that holds them, or import' : 'Name another folder, or import'} the dataset again.`;
}
