// Keys that OpenSSH's RevokedHostKeys names: a text with a public key per line, or a binary list of revoked keys (KRL) as `ssh-keygen -k`
// writes it. Format: PROTOCOL.krl of OpenSSH. Certificates are passed over: this program accepts none.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.js';
import { type HostKey, parseHostKey } from './host-key.js';

export interface RevokedKeys {
  /** The file that names the key; null where none does. */
  fileOf(key: HostKey): string | null;
}

type Matches = (wireKey: Buffer) => boolean;

const KRL_MAGIC = Buffer.from('SSHKRL\n\0', 'latin1');
const KRL_VERSION = 1;
const SECTION = { certificates: 1, explicitKeys: 2, sha1: 3, signature: 4, sha256: 5, extension: 255 } as const;

/** Throws `io` for a file that can't be read or understood: OpenSSH then accepts no key at all. */
export async function readRevokedKeys(paths: readonly string[]): Promise<RevokedKeys> {
  const files = await Promise.all(paths.map(async (path) => ({ path, matches: await readOne(path) })));
  return {
    fileOf: (key) => {
      const wireKey = Buffer.from(key.keyBase64, 'base64');
      return files.find(({ matches }) => matches(wireKey))?.path ?? null;
    },
  };
}

async function readOne(path: string): Promise<Matches> {
  try {
    return parseRevokedKeys(await readFile(path));
  } catch (error) {
    throw new AppError(
      'io',
      `The file of revoked host keys ${path} can't be read${error instanceof TypeError ? `: ${error.message}` : ''}.`,
      'Put it right, or take RevokedHostKeys out of ~/.ssh/config: without the file no host key is accepted.',
      { cause: error },
    );
  }
}

/** Throws `TypeError` for what is neither form. */
export function parseRevokedKeys(content: Buffer): Matches {
  return content.subarray(0, KRL_MAGIC.length).equals(KRL_MAGIC) ? parseKrl(content) : parseText(content.toString('utf8'));
}

function parseText(text: string): Matches {
  const revoked = new Set<string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [keyType, keyBase64] = line.split(/[ \t]+/);
    if (keyBase64 === undefined || !isKeyOfType(keyBase64, keyType)) throw new TypeError(`line ${index + 1} is no public key`);
    revoked.add(keyBase64);
  }
  return (wireKey) => revoked.has(wireKey.toString('base64'));
}

function isKeyOfType(keyBase64: string, keyType: string | undefined): boolean {
  try {
    return parseHostKey(Buffer.from(keyBase64, 'base64')).keyType === keyType;
  } catch {
    return false;
  }
}

function parseKrl(content: Buffer): Matches {
  const reader = new WireReader(content.subarray(KRL_MAGIC.length));
  if (reader.uint32() !== KRL_VERSION) throw new TypeError('the version of the list is not known');
  // Its number, its date and flags; then what is reserved, and a comment.
  reader.skip(3 * 8);
  reader.string();
  reader.string();
  const revoked = new Set<string>();
  while (!reader.isAtEnd) {
    const type = reader.byte();
    const section = new WireReader(reader.string());
    if (type === SECTION.certificates || type === SECTION.signature) continue;
    if (type === SECTION.extension) {
      section.string();
      if (section.byte() !== 0) throw new TypeError('it has an extension that is not known');
      continue;
    }
    const name = { [SECTION.explicitKeys]: 'key', [SECTION.sha1]: 'sha1', [SECTION.sha256]: 'sha256' }[type];
    if (name === undefined) throw new TypeError(`it has a section of the unknown type ${type}`);
    while (!section.isAtEnd) revoked.add(`${name}:${section.string().toString('base64')}`);
  }
  return (wireKey) =>
    revoked.has(`key:${wireKey.toString('base64')}`) ||
    ['sha1', 'sha256'].some((hash) => revoked.has(`${hash}:${createHash(hash).update(wireKey).digest('base64')}`));
}

/** Reads SSH's wire format; throws `TypeError` past the end. */
class WireReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.#take(this.uint32());
  }

  skip(byteCount: number): void {
    this.#take(byteCount);
  }

  #take(byteCount: number): Buffer {
    const end = this.#offset + byteCount;
    if (end > this.#bytes.length) throw new TypeError('it ends too early');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }
}
