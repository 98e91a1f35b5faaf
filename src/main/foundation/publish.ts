// Gives finished output its final name in one step of the file system, so that nothing half done is ever found under it.
import { link, lstat, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../durable-file/sync-folder.js';
import { AppError } from '../../shared/errors.js';

function alreadyThere(outputPath: string): AppError {
  return new AppError('conflict', `${outputPath} is there already`, 'Name another output, or allow it to be overwritten.');
}

/** Throws `conflict` when something has the name and may not be replaced. */
export async function checkFree(outputPath: string, overwrite: boolean): Promise<void> {
  const isTaken = await lstat(outputPath).then(
    () => true,
    () => false,
  );
  if (isTaken && !overwrite) throw alreadyThere(outputPath);
}

/** A link fails where the name is taken, where a rename would replace: two writers can't overwrite each other. */
async function renameToFree(part: string, outputPath: string): Promise<void> {
  try {
    await link(part, outputPath);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw alreadyThere(outputPath);
    // File systems without hard links (exFAT, some shares): the check and the rename are then two steps.
    await checkFree(outputPath, false);
    await rename(part, outputPath);
    return;
  }
  await rm(part);
}

/** The old folder is set aside first: no system call swaps a folder for another everywhere. */
async function replaceFolder(part: string, outputPath: string): Promise<void> {
  const aside = `${part}.old`;
  await rename(outputPath, aside);
  try {
    await rename(part, outputPath);
  } catch (thrown) {
    await rename(aside, outputPath);
    throw thrown;
  }
  await rm(aside, { recursive: true, force: true });
}

/** `part` must be whole and synced. Throws `conflict` when the name was taken meanwhile and may not be replaced. */
export async function publish(part: string, outputPath: string, options: { isFolder: boolean; overwrite: boolean }): Promise<void> {
  const existing = await lstat(outputPath).catch(() => null);
  if (existing && options.overwrite) {
    if (existing.isDirectory() !== options.isFolder) throw alreadyThere(outputPath);
    await (options.isFolder ? replaceFolder(part, outputPath) : rename(part, outputPath));
  } else if (existing) throw alreadyThere(outputPath);
  else await (options.isFolder ? rename(part, outputPath) : renameToFree(part, outputPath));
  await syncFolder(dirname(outputPath));
}
