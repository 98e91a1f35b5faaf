// A folder with a file per part, each recognized by what it holds.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { MODEL_PART_TITLES } from '../../../shared/model.js';
import type { ModelPartName } from '../../../shared/model.js';
import { buildModel } from './inspected-model.js';
import type { InspectedFile, InspectedModel } from './inspected-model.js';
import type { FileKind } from './read-safetensors.js';
import { notSafetensors, readModelFile } from './read-safetensors.js';
import type { FoundPart } from './recognize-parts.js';
import { findParts } from './recognize-parts.js';

/** A folder without model_index.json: its files, and those of its subfolders (text_encoders in the published one), by what they hold. */
export async function inspectSplitFolder(path: string): Promise<InspectedModel> {
  const files: InspectedFile[] = [];
  const parts: FoundPart[] = [];
  const holders = new Map<ModelPartName, string>();
  const refused: { path: string; kind: Exclude<FileKind, 'safetensors'> }[] = [];
  for (const relativePath of await listTwoLevels(path)) {
    const filePath = join(path, relativePath);
    const { kind, header, sizeBytes } = await readModelFile(filePath);
    if (kind !== 'safetensors' || !header) {
      if (kind !== 'unknown' && kind !== 'safetensors') refused.push({ path: filePath, kind });
      continue;
    }
    const found = findParts(header.tensors, filePath);
    if (found.every((part) => part.name === 'other')) continue;
    for (const { name } of found.filter((part) => part.name !== 'other')) {
      const holder = holders.get(name);
      if (holder !== undefined) {
        throw new AppError(
          'conflict',
          `The folder ${path} has ${MODEL_PART_TITLES[name]} twice: in ${holder} and in ${relativePath}`,
          'Name the one file you mean, or put the files of one model into a folder of their own.',
        );
      }
      holders.set(name, relativePath);
    }
    parts.push(...found);
    files.push({ relativePath, path: filePath, sizeBytes, header, parts: found.map((part) => part.name) });
  }
  const [first] = refused;
  const pointer = refused.find(({ kind }) => kind === 'lfs-pointer');
  // What is only a pointer is the part that would be missing.
  if (pointer) throw notSafetensors(pointer.path, 'lfs-pointer');
  if (files.length === 0 && first) throw notSafetensors(first.path, first.kind);
  if (files.length === 0) {
    throw new AppError(
      'invalid-input',
      `There is no model in the folder ${path}`,
      'It has neither model_index.json nor a safetensors file of SD3.',
    );
  }
  return buildModel('split', path, parts, files);
}

async function listTwoLevels(folder: string): Promise<string[]> {
  const relativePaths: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const kind = await kindOf(join(folder, name));
    if (kind === 'file') relativePaths.push(name);
    if (kind !== 'folder') continue;
    for (const inner of (await readdir(join(folder, name))).sort()) {
      if ((await kindOf(join(folder, name, inner))) === 'file') relativePaths.push(`${name}/${inner}`);
    }
  }
  return relativePaths;
}

/** Links are followed: a download cache is made of them. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : 'none';
}
