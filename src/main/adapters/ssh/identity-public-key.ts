// The public half of a key that an IdentityFile names: what an agent is asked for where it may offer no other key.
import { readFile } from 'node:fs/promises';
import { keyFilePath } from './key-file.js';
import { loadSsh2 } from './load-ssh2.js';

const OPENSSH_PRIVATE = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/;
const OPENSSH_MAGIC = 'openssh-key-v1\0';

/** In SSH wire format, base64; null where neither the file nor the `.pub` beside it says. Needs no passphrase. */
export async function readIdentityPublicKey(identityFile: string): Promise<string | null> {
  const path = keyFilePath(identityFile);
  for (const candidate of [`${path}.pub`, path]) {
    const text = await readFile(candidate, 'utf8').catch(() => null);
    const found = text === null ? null : publicKeyOf(text);
    if (found !== null) return found;
  }
  return null;
}

function publicKeyOf(text: string): string | null {
  const parsed = loadSsh2().utils.parseKey(text);
  if (!(parsed instanceof Error)) return parsed.getPublicSSH().toString('base64');
  // OpenSSH's own format has the public key before what the passphrase protects: magic, cipher, KDF, its options, a count, the key.
  const blob = Buffer.from(OPENSSH_PRIVATE.exec(text)?.[1] ?? '', 'base64');
  if (blob.toString('latin1', 0, OPENSSH_MAGIC.length) !== OPENSSH_MAGIC) return null;
  try {
    let offset = OPENSSH_MAGIC.length;
    for (let field = 0; field < 3; field++) offset += 4 + blob.readUInt32BE(offset);
    offset += 4;
    const sizeBytes = blob.readUInt32BE(offset);
    return blob.subarray(offset + 4, offset + 4 + sizeBytes).toString('base64');
  } catch {
    // A damaged file names no key.
    return null;
  }
}
