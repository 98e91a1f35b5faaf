// Reads OpenSSH's known_hosts files. They belong to the user: nothing is ever written to them.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { type KnownHosts, parseKnownHosts } from './known-hosts.js';

/** OpenSSH's usual files: the user's, then the machine's. */
export function defaultKnownHostsPaths(): string[] {
  const machineDir = process.platform === 'win32' ? join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';
  const userDir = join(homedir(), '.ssh');
  return [
    ...['known_hosts', 'known_hosts2'].map((name) => join(userDir, name)),
    ...['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(machineDir, name)),
  ];
}

/**
 * Reads the files in their order; one that is not there says nothing. Throws `io` for one that can't be read, because it could hold a
 * revoked key.
 */
export async function readKnownHosts(paths: readonly string[]): Promise<KnownHosts> {
  const files = await Promise.all(paths.map(async (path) => parseKnownHosts(await readText(path), path)));
  return {
    entries: files.flatMap(({ entries }) => entries),
    malformedLineCount: files.reduce((sum, { malformedLineCount }) => sum + malformedLineCount, 0),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new AppError('io', `The file of known hosts ${path} can't be read.`, 'Check its permissions: it may hold a revoked key.', {
      cause: error,
    });
  }
}
