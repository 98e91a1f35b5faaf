// Files that commands write where the user says.
import { access, link, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.js';

/** To be asked before long work, so that it is not done for nothing. Throws `conflict` where the path is taken. */
export async function refuseTaken(path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return;
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw taken(path);
}

/** Throws `conflict` where something is there and may not be overwritten, `io` where it can't be written. */
export async function writeOutput(path: string, content: Uint8Array | string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(path, content, { flag: overwrite ? 'w' : 'wx' });
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw taken(path);
    throw new AppError('io', `${path} cannot be written: ${message}`, 'Name a file in a folder that can be written to.');
  }
}

/**
 * As `writeOutput`, but whoever looks sees the whole file or none: it is written aside first, and what was there stays until then. Throws the
 * same.
 */
export async function writeWhole(path: string, content: Uint8Array | string, overwrite: boolean): Promise<void> {
  const partPath = `${path}.${process.pid}.part`;
  try {
    await writeOutput(partPath, content, true);
    if (overwrite) await rename(partPath, path);
    else await takeName(partPath, path);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('io', `${path} cannot be written: ${(thrown as Error).message}`, 'Name a file in a folder that can be written to.');
  } finally {
    await rm(partPath, { force: true });
  }
}

/** Gives the file its name where nothing has it yet: in one step where the file system has hard links. */
async function takeName(partPath: string, path: string): Promise<void> {
  try {
    await link(partPath, path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') throw taken(path);
    await refuseTaken(path, false);
    await rename(partPath, path);
  }
}

function taken(path: string): AppError {
  return new AppError('conflict', `${path} is there already`, 'Name another file, or give --overwrite.');
}
