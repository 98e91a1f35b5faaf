// The wheels that a JetPack takes, by address or by name and version, and which of them lie in a folder.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFittingWheel, packageOf, type WheelTarget } from '../provisioning/python/cached-wheels.js';
import { findWheel, type IndexedWheel } from './wheel-index.js';
import type { WheelSet } from './wheel-table.js';

/** A wheel of the table: with its address, or by name and version for an index. */
export interface NeededWheel {
  title: string;
  sha256: string | null;
  isIt(fileName: string): boolean;
  find(signal: AbortSignal): Promise<Omit<IndexedWheel, 'sha256'> & { sha256: string | null }>;
}

/** Empty where there is no such folder. */
export async function listFiles(folder: string): Promise<{ name: string; sizeBytes: number }[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map(async (name) => ({ name, sizeBytes: (await stat(join(folder, name)).catch(() => null))?.size ?? 0 })));
}

/** `index` ends with a slash. */
export function neededWheels(set: WheelSet, index: string): NeededWheel[] {
  const target: WheelTarget = { version: set.python, machine: set.machine, system: 'linux' };
  const files = set.files.map((file): NeededWheel => ({
    title: file.name,
    sha256: file.sha256,
    isIt: (fileName) => fileName === file.name,
    find: () => Promise.resolve(file),
  }));
  const packages = set.packages.map(({ name, version, sha256 }): NeededWheel => ({
    title: `${name} ${version}`,
    sha256,
    isIt: (fileName) => packageOf(fileName) === name && fileName.split('-')[1] === version && isFittingWheel(fileName, target),
    find: (signal) => findWheel({ index, name, version, sha256, target, signal }),
  }));
  return [...files, ...packages];
}

/** Whether the wheel lies there, and is the one of the table where that says which. */
export async function isHere(folder: string, { isIt, sha256 }: NeededWheel): Promise<boolean> {
  for (const name of (await readdir(folder)).filter(isIt)) {
    if (sha256 === null) return true;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer);
    if (hash.digest('hex') === sha256) return true;
  }
  return false;
}
