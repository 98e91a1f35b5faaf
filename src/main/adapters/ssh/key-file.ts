// Private key files of the user: found, read, never changed. What is in them stays in the main process.
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { KeyFileLook } from '../../../shared/credentials.js';
import { AppError } from '../../../shared/errors.js';
import { isEncryptedPrivateKey, openPrivateKey } from './key-pair.js';

/** A private key file is a few hundred bytes; anything this large is none. */
const MAX_KEY_FILE_BYTES = 64 * 1024;
const OTHERS_MODE = 0o077;

/** Absolute, `~` as the user's home folder: the one name under which a key file's passphrase is kept. */
export function keyFilePath(keyFile: string): string {
  return resolve(/^~[/\\]/.test(keyFile) ? join(homedir(), keyFile.slice(2)) : keyFile);
}

/** Throws `invalid-input` for a file that is not there, can't be read or is no key by its size. */
export async function readKeyFile(keyFile: string): Promise<string> {
  const text = await readFile(keyFilePath(keyFile), 'utf8').catch((error: unknown) => {
    throw unreadable(keyFile, error);
  });
  return ofKeySize(keyFile, text);
}

/**
 * Looks at a key file at the moment it is named, without a passphrase; a few hundred bytes are read at once. Throws `invalid-input` for a
 * relative path, which means another file in every folder, for a file that is not there or can't be read, and for one that can't log in.
 */
export function examineKeyFile(keyFile: string): KeyFileLook {
  if (!/^~[/\\]/.test(keyFile) && !isAbsolute(keyFile)) {
    throw new AppError(
      'invalid-input',
      `The key file "${keyFile}" has no absolute path.`,
      'Name it from the root of the disk, or from your home folder: ~/.ssh/NAME.',
    );
  }
  const path = keyFilePath(keyFile);
  let text: string;
  let stats: { mode: number; uid: number };
  try {
    stats = statSync(path);
    text = ofKeySize(path, readFileSync(path, 'utf8'));
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  }
  const isEncrypted = isEncryptedPrivateKey(text);
  if (!isEncrypted) openPrivateKey(text, `key file ${path}`, null);
  return { path, isEncrypted, remarks: remarksOnMode(path, stats) };
}

/** As OpenSSH's client, which does not use a key of the user's own that others may read. */
function remarksOnMode(path: string, { mode, uid }: { mode: number; uid: number }): string[] {
  if (process.platform === 'win32' || uid !== process.getuid?.() || (mode & OTHERS_MODE) === 0) return [];
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  return [`Other users of this machine may read the key file ${path} (mode ${shown}), and ssh itself would not use it: chmod 600 ${path}`];
}

function ofKeySize(keyFile: string, text: string): string {
  if (text.length <= MAX_KEY_FILE_BYTES) return text;
  throw new AppError('invalid-input', `The key file ${keyFile} is too large for a key.`, 'Name another file.');
}

function unreadable(keyFile: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : "can't be read";
  return new AppError('invalid-input', `The key file ${keyFile} ${why}.`, 'Name a private key file that this user may read.', { cause });
}
