// Recognizes a model on disk by content: one file, a folder with a file per part, or a diffusers folder. Reads headers only.
import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { inspectDiffusersFolder, MODEL_INDEX_NAME } from './diffusers-folder.js';
import { buildModel } from './inspected-model.js';
import type { InspectedModel } from './inspected-model.js';
import { toModelFileError } from './model-errors.js';
import { notSafetensors, readModelFile } from './read-safetensors.js';
import { findParts } from './recognize-parts.js';
import { inspectSplitFolder } from './split-folder.js';

/**
 * Throws `not-found`, `io`, `invalid-input` (rules of the format broken, a part missing and which), `unsupported` (a pickle, SD3.5) or
 * `conflict` (a folder with more than one model).
 */
export async function inspectModel(path: string): Promise<InspectedModel> {
  const stats = await stat(path).catch((thrown: unknown) => {
    throw toModelFileError(thrown, path);
  });
  if (!stats.isDirectory()) return inspectFile(path);
  const names = await readdir(path);
  return names.includes(MODEL_INDEX_NAME) ? inspectDiffusersFolder(path) : inspectSplitFolder(path);
}

async function inspectFile(path: string): Promise<InspectedModel> {
  const { kind, header, sizeBytes } = await readModelFile(path);
  if (kind !== 'safetensors' || !header) throw notSafetensors(path, kind === 'safetensors' ? 'unknown' : kind);
  const parts = findParts(header.tensors, path);
  return buildModel('all-in-one', path, parts, [
    { relativePath: basename(path), path, sizeBytes, header, parts: parts.map((part) => part.name) },
  ]);
}
