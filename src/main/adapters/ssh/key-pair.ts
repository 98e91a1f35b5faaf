// Key pairs in OpenSSH's own format.
import { createHash } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { AppError } from '../../../shared/errors.js';
import { loadSsh2 } from './load-ssh2.js';

export interface SshKeyPair {
  /** OpenSSH private key file content; a secret. */
  privateKeyPem: string;
  /** One line for an authorized_keys file, without a comment. */
  publicKeyLine: string;
}

/**
 * Keys that were opened with a passphrase, by the hash of both: opening one blocks the program for about half a second (bcrypt in
 * JavaScript), so it is done once. Who locks the vault can't look the passphrase up any more, and without it nothing is found here.
 */
const opened = new Map<string, ParsedKey>();
const MOST_OPENED = 32;

/** ssh2 writes an unreadable pair about once in 256: it drops a zero byte at the start of the public key. Such a pair is thrown away. */
export function generateSshKeyPair(): SshKeyPair {
  for (;;) {
    const pair = loadSsh2().utils.generateKeyPairSync('ed25519');
    if (isUsablePrivateKey(pair.private) && !(loadSsh2().utils.parseKey(pair.public) instanceof Error)) {
      return { privateKeyPem: pair.private, publicKeyLine: pair.public };
    }
  }
}

/** True for a private key that needs a passphrase. */
export function isEncryptedPrivateKey(privateKeyPem: string): boolean {
  const parsed = loadSsh2().utils.parseKey(privateKeyPem);
  return parsed instanceof Error && /encrypted|passphrase/i.test(parsed.message);
}

/** True for a private key that SSH can use without a passphrase. */
export function isUsablePrivateKey(privateKeyPem: string): boolean {
  const parsed = loadSsh2().utils.parseKey(privateKeyPem);
  return !(parsed instanceof Error) && parsed.isPrivateKey();
}

/**
 * The private key, opened with the passphrase (null: without one); opening one that is encrypted takes a part of a second. Throws
 * `invalid-input`: `describedAs` names the key in the error; neither content nor passphrase ever shows.
 */
export function openPrivateKey(privateKeyPem: string, describedAs: string, passphrase: string | null): ParsedKey {
  const parsed = passphrase === null ? loadSsh2().utils.parseKey(privateKeyPem) : parseOnce(privateKeyPem, passphrase);
  if (parsed instanceof Error) {
    if (isEncryptedPrivateKey(privateKeyPem)) {
      throw passphrase === null
        ? new AppError(
            'invalid-input',
            `The ${describedAs} is protected by a passphrase.`,
            'Enter it for this key file, or unlock the key with ssh-add in the session that starts this program.',
          )
        : new AppError('invalid-input', `The passphrase of the ${describedAs} is wrong.`, 'Type it again.');
    }
    throw new AppError(
      'invalid-input',
      `The ${describedAs} is not a private key that SSH can use.`,
      'Name a private key file in OpenSSH or PEM format (ed25519, ECDSA or RSA), not the .pub file beside it.',
    );
  }
  if (!parsed.isPrivateKey()) {
    throw new AppError(
      'invalid-input',
      `The ${describedAs} holds a public key.`,
      'Name the private key file: usually the same name without .pub.',
    );
  }
  return parsed;
}

function parseOnce(privateKeyPem: string, passphrase: string): ParsedKey | Error {
  const name = createHash('sha256')
    .update(JSON.stringify([privateKeyPem, passphrase]))
    .digest('base64');
  const known = opened.get(name);
  if (known) return known;
  const parsed = loadSsh2().utils.parseKey(privateKeyPem, passphrase);
  if (parsed instanceof Error) return parsed;
  const oldest = opened.keys().next().value;
  if (opened.size >= MOST_OPENED && oldest !== undefined) opened.delete(oldest);
  opened.set(name, parsed);
  return parsed;
}
