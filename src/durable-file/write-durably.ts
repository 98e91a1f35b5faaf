// Writes a file so that after a crash or a power cut it is there whole, as it is now or as it was before: aside, synced, renamed, and the
// folder synced. Agents and the control center write every small file of theirs this way.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, syncFolderNow } from './sync-folder.js';

/** Suffix of files that a crash left half written. */
export const PARTIAL_SUFFIX = '.part';

export interface DurableOptions {
  /** Of a new file; default 0o600, its user alone. */
  mode?: number;
  /** Where it is written first, on the same file system; `PATH.part` by default. Two writers of one file need two. */
  partPath?: string;
}

/** The folder must be there. Throws what the file system says; the file from before stays then, and nothing half written. */
export async function writeDurably(path: string, content: string | Uint8Array, options: DurableOptions = {}): Promise<void> {
  const partPath = options.partPath ?? `${path}${PARTIAL_SUFFIX}`;
  try {
    {
      await using file = await open(partPath, 'w', options.mode ?? 0o600);
      await file.writeFile(content);
      await file.datasync();
    }
    await rename(partPath, path);
  } catch (thrown) {
    // Where the rest can't be removed either, the first failure says enough.
    await rm(partPath, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** As `writeDurably`, for a few bytes where nothing may happen in between. */
export function writeDurablyNow(path: string, content: string, options: DurableOptions = {}): void {
  const partPath = options.partPath ?? `${path}${PARTIAL_SUFFIX}`;
  try {
    writeFileSync(partPath, content, { mode: options.mode ?? 0o600 });
    renameDurablyNow(partPath, path);
  } catch (thrown) {
    removeQuietly(partPath);
    throw thrown;
  }
}

/** For what another has written to `partPath`: when this returns, it is under its name whatever happens. */
export function renameDurablyNow(partPath: string, path: string): void {
  const file = openSync(partPath, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partPath, path);
  syncFolderNow(dirname(path));
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // See above.
  }
}
