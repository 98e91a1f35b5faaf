// What has come of a file so far: `PATH.part`, and beside it where that came from, so that a later start can continue.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const partPathOf = (path) => `${path}.part`;
const notePathOf = (path) => `${path}.part.json`;

/** { bytes, totalBytes, validator }: nothing where the two files do not belong together. */
export function readPart(path, url) {
  try {
    const note = JSON.parse(readFileSync(notePathOf(path), 'utf8'));
    const bytes = statSync(partPathOf(path)).size;
    if (note.url === url && (note.totalBytes === null || bytes <= note.totalBytes)) return { ...note, bytes };
  } catch {
    // Nothing has come yet, or half a note: the download starts again.
  }
  return { bytes: 0, totalBytes: null, validator: null };
}

export function notePart(path, { url, totalBytes, validator }) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(notePathOf(path), JSON.stringify({ url, totalBytes, validator }));
}

export function removePart(path) {
  for (const file of [partPathOf(path), notePathOf(path)]) rmSync(file, { force: true });
}
