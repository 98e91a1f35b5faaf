// The words for what is wrong with a model. Names inside a file are a stranger's text: quoted, cut, without control characters.
import { AppError } from '../../../shared/errors.js';

const FETCH_AGAIN = 'The file is damaged or was not fetched whole: fetch it again and compare its size and SHA-256 with the publisher’s.';
const MAX_NAME_LENGTH = 80;

/** A file that breaks the rules of its format. */
export function invalidModel(file: string, what: string, hint: string = FETCH_AGAIN): AppError {
  return new AppError('invalid-input', `The model file ${file} ${what}`, hint);
}

/** `"name"`, safe to print. */
export function quoteName(name: string): string {
  const cut = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
  return `"${cut.replace(/\p{C}/gu, '?')}"`;
}

/** A failure of the disk as an AppError that names the path (the system's word, else `fallbackPath`); anything else comes back as it was. */
export function toModelFileError(thrown: unknown, fallbackPath: string): unknown {
  const { code, path = fallbackPath } = (thrown ?? {}) as { code?: unknown; path?: string };
  if (thrown instanceof AppError || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return thrown;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('not-found', `There is nothing at ${path}`, 'Check the path.', { cause: thrown });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('no-space', `No space is left for ${path}`, 'Free some space there, or name a path on another disk.', {
      cause: thrown,
    });
  }
  return new AppError('io', `${path} can't be read or written (${code})`, 'Check that you may do so and that its disk is in order.', {
    cause: thrown,
  });
}
