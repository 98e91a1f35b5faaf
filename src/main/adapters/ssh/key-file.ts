// Private key files of the user: found, read, never changed. What is in them stays in the main process.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../../shared/errors.js';

/** A private key file is a few hundred bytes; anything this large is none. */
const LARGEST_KEY_FILE_BYTES = 64 * 1024;

/** Absolute, `~` as the user's home folder: the one name under which a key file's passphrase is kept. */
export function keyFilePath(keyFile: string): string {
  return resolve(/^~[/\\]/.test(keyFile) ? join(homedir(), keyFile.slice(2)) : keyFile);
}

/** Throws `invalid-input` for a file that is not there, can't be read or is no key by its size. */
export async function readKeyFile(keyFile: string): Promise<string> {
  const text = await readFile(keyFilePath(keyFile), 'utf8').catch((error: unknown) => {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : "can't be read";
    const hint = 'Name a private key file that this user may read.';
    throw new AppError('invalid-input', `The key file ${keyFile} ${why}.`, hint, { cause: error });
  });
  if (text.length > LARGEST_KEY_FILE_BYTES) {
    throw new AppError('invalid-input', `The key file ${keyFile} is too large for a key.`, 'Name another file.');
  }
  return text;
}
