// Files that commands write where the user says.
import { access, writeFile } from 'node:fs/promises';
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

function taken(path: string): AppError {
  return new AppError('conflict', `${path} is there already`, 'Name another file, or give --overwrite.');
}
