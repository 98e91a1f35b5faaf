// Key pairs: made in OpenSSH's own format, opened in every form that key-formats.ts knows.
import { createHash } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { AppError } from '../../../shared/errors.js';
import { openKeyObject, toLibraryText, typeOfKeyObject } from './key-conversion.js';
import { describeKeyText, fillRemedy, type KeyText, refusalOfType } from './key-formats.js';
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
const MAX_OPENED = 32;

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
export function isEncryptedPrivateKey(keyText: string): boolean {
  const described = describeKeyText(keyText);
  return described.kind !== 'refused' && described.isEncrypted;
}

/** True for a private key that SSH can use without a passphrase. */
export function isUsablePrivateKey(keyText: string): boolean {
  const parsed = parsePrivateKey(keyText, null);
  return 'key' in parsed;
}

/**
 * The private key, opened with the passphrase (null: without one); opening one that is encrypted takes a part of a second. Throws
 * `invalid-input`: `describedAs` names the key in the error (`key file /home/me/.ssh/id`); neither content nor passphrase ever shows.
 */
export function openPrivateKey(keyText: string, describedAs: string, passphrase: string | null): ParsedKey {
  const parsed = passphrase === null ? parsePrivateKey(keyText, null) : parseOnce(keyText, passphrase);
  if ('key' in parsed) return parsed.key;
  const file = describedAs.replace(/^key file /, '');
  if (parsed.kind === 'refused') {
    throw new AppError('invalid-input', `The ${describedAs} is ${parsed.what}.`, fillRemedy(parsed.remedy, file));
  }
  if (parsed.kind === 'damaged') {
    throw new AppError(
      'invalid-input',
      `The ${describedAs} can't be read as the private key that it says to be.`,
      fillRemedy(
        'Check it with "ssh-keygen -y -f FILE", which prints the public key of a good one; "ssh-keygen -p -f FILE" writes it again.',
        file,
      ),
    );
  }
  throw passphrase === null
    ? new AppError(
        'invalid-input',
        `The ${describedAs} is protected by a passphrase.`,
        'Enter it for this key file, or unlock the key with ssh-add in the session that starts this program.',
      )
    : new AppError('invalid-input', `The passphrase of the ${describedAs} is wrong.`, 'Type it again.');
}

type Parsed = { key: ParsedKey } | { kind: 'locked' } | { kind: 'damaged' } | Extract<KeyText, { kind: 'refused' }>;

/** `locked`: it needs a passphrase, or another one. */
function parsePrivateKey(keyText: string, passphrase: string | null): Parsed {
  const described = describeKeyText(keyText);
  if (described.kind === 'refused') return described;
  const { kind, isEncrypted } = described;
  if (isEncrypted && passphrase === null) return { kind: 'locked' };
  const direct = kind === 'openssh' || kind === 'pem' ? parseWithLibrary(keyText, passphrase) : null;
  if (direct) return { key: direct };
  if (kind !== 'openssh') {
    try {
      const opened = openKeyObject(keyText, kind, passphrase);
      const refused = refusalOfType(typeOfKeyObject(opened));
      if (refused) return refused;
      const converted = parseWithLibrary(toLibraryText(opened), null);
      if (converted) return { key: converted };
    } catch {
      // What is thrown may quote the key: only that it did not open is said.
    }
  }
  return { kind: isEncrypted ? 'locked' : 'damaged' };
}

function parseWithLibrary(keyText: string, passphrase: string | null): ParsedKey | null {
  const { parseKey } = loadSsh2().utils;
  const parsed = passphrase === null ? parseKey(keyText) : parseKey(keyText, passphrase);
  return parsed instanceof Error || !parsed.isPrivateKey() ? null : parsed;
}

function parseOnce(keyText: string, passphrase: string): Parsed {
  const name = createHash('sha256')
    .update(JSON.stringify([keyText, passphrase]))
    .digest('base64');
  const known = opened.get(name);
  if (known) return { key: known };
  const parsed = parsePrivateKey(keyText, passphrase);
  if (!('key' in parsed)) return parsed;
  const oldest = opened.keys().next().value;
  if (opened.size >= MAX_OPENED && oldest !== undefined) opened.delete(oldest);
  opened.set(name, parsed.key);
  return parsed;
}
