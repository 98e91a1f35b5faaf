// The files of the image worker as a node gets them: those that are shipped, and over them the settings of a model that the user put aside.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../../../../shared/errors.js';

export interface WorkerFile {
  /** Relative to the worker's folder on the node, with `/` between names. */
  path: string;
  bytes: Uint8Array;
  sha256: string;
}

/** Where the settings of an all-in-one model lie in the worker's folder. */
export const MODEL_SETTINGS_DIR = 'config/sd3-medium';

/** `settingsDir` need not be there. Throws `io` when the shipped files can't be read. */
export async function listWorkerFiles(filesDir: string, settingsDir: string): Promise<WorkerFile[]> {
  const shipped = await listFolder(filesDir).catch((error: unknown) => {
    throw new AppError('io', `The files of the image worker in ${filesDir} can't be read.`, 'Install the program again.', { cause: error });
  });
  const own = await listFolder(settingsDir).catch(() => []);
  const byPath = new Map(shipped.map((file) => [file.path, file]));
  for (const file of own) byPath.set(`${MODEL_SETTINGS_DIR}/${file.path}`, { ...file, path: `${MODEL_SETTINGS_DIR}/${file.path}` });
  return [...byPath.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Whether both tokenizers of CLIP are among the settings: an all-in-one model has none itself. */
export function hasTokenizers(files: readonly WorkerFile[]): boolean {
  const paths = new Set(files.map(({ path }) => path));
  return ['tokenizer', 'tokenizer_2'].every((name) =>
    ['vocab.json', 'tokenizer.json'].some((file) => paths.has(`${MODEL_SETTINGS_DIR}/${name}/${file}`)),
  );
}

/** Whether T5's own is among them: a file with T5-XXL lacks it too, and no package has it. */
export function hasT5Tokenizer(files: readonly WorkerFile[]): boolean {
  return files.some(({ path }) => path === `${MODEL_SETTINGS_DIR}/tokenizer_3/tokenizer.json`);
}

async function listFolder(folder: string): Promise<WorkerFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.pyc'));
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      return { path: relative(folder, path).split(sep).join('/'), bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
}
