// What a host is tried to be logged in to with: key files, the user's SSH agent, the program's own key.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.js';
import { isEncryptedPrivateKey, isUsablePrivateKey } from '../ssh/key-pair.js';
import type { SshLogin } from '../ssh/ssh-logins.js';

export interface LoginSources {
  /** The program's own private key; a secret. */
  programPrivateKey: () => string;
  /** Socket of the user's SSH agent; null without one. */
  agentSocketPath: () => string | null;
}

/** A private key file is a few hundred bytes; anything this large is none. */
const LARGEST_KEY_FILE_BYTES = 64 * 1024;

/** With one key file of the user's choice. One with a passphrase is left to the agent; without an agent the connection refuses it. */
export async function loginsWithKeyFile(keyFile: string, sources: LoginSources): Promise<SshLogin[]> {
  const privateKeyPem = await readKeyFile(keyFile);
  const agent = agentLogin(sources);
  if (isEncryptedPrivateKey(privateKeyPem) && agent.length > 0) return agent;
  return [{ kind: 'key', privateKeyPem, passphrase: null, description: `key file ${keyFile}` }];
}

/** Those of the files that are there and need no passphrase, the program's own key, then the agent: it may hold more keys than a server tries. */
export async function loginsOfHost(identityFiles: readonly string[], sources: LoginSources): Promise<SshLogin[]> {
  const fromFiles = await Promise.all(identityFiles.map(loginIfUsable));
  return [...fromFiles.flat(), ...programLogin(sources), ...agentLogin(sources)];
}

export function programLogin(sources: LoginSources): SshLogin[] {
  return [{ kind: 'key', privateKeyPem: sources.programPrivateKey(), passphrase: null, description: "program's own key" }];
}

function agentLogin(sources: LoginSources): SshLogin[] {
  const socketPath = sources.agentSocketPath();
  return socketPath === null ? [] : [{ kind: 'agent', socketPath, description: 'keys of the SSH agent' }];
}

/** Names that OpenSSH tries by default are mostly not there; one that can't be used is passed over, as OpenSSH does. */
async function loginIfUsable(keyFile: string): Promise<SshLogin[]> {
  const privateKeyPem = await readFile(keyFile, 'utf8').catch(() => null);
  if (privateKeyPem === null || privateKeyPem.length > LARGEST_KEY_FILE_BYTES || !isUsablePrivateKey(privateKeyPem)) return [];
  return [{ kind: 'key', privateKeyPem, passphrase: null, description: `key file ${keyFile}` }];
}

async function readKeyFile(keyFile: string): Promise<string> {
  const path = keyFile.startsWith('~/') ? join(homedir(), keyFile.slice(2)) : keyFile;
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_KEY_FILE_BYTES)
      throw new AppError('invalid-input', `The key file ${keyFile} is too large for a key.`, 'Name another file.');
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : "can't be read";
    throw new AppError('invalid-input', `The key file ${keyFile} ${why}.`, 'Name a private key file that this user may read.', {
      cause: error,
    });
  }
}
