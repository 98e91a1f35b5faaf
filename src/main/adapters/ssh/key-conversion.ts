// Private keys in forms that the SSH library does not read (PKCS#8, PEM with a preamble, PuTTY, JWK), rewritten in memory as it reads them.
// What goes in and comes out is secret.
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { KeyText } from './key-formats.js';
import { parsePpk } from './ppk-key.js';

const PEM_BLOCK = /-----BEGIN ((?:ENCRYPTED |RSA |EC )?PRIVATE KEY)-----[^]+?-----END \1-----/;

/** Throws what Node.js throws for a key that is damaged, or whose passphrase is another. */
export function openKeyObject(text: string, kind: Exclude<KeyText['kind'], 'refused' | 'openssh'>, passphrase: string | null): KeyObject {
  if (kind === 'ppk') return parsePpk(text, passphrase);
  if (kind === 'jwk') return createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  const key = PEM_BLOCK.exec(text)?.[0] ?? text;
  return createPrivateKey({ key, format: 'pem', ...(passphrase === null ? {} : { passphrase }) });
}

/** The type as `refusalOfType` knows it; for elliptic curves that SSH does not have, the name of the curve. */
export function typeOfKeyObject(key: KeyObject): string {
  const type = key.asymmetricKeyType ?? 'unknown';
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  return type === 'ec' && !['prime256v1', 'secp384r1', 'secp521r1'].includes(curve) ? `ec ${curve}` : type;
}

/** As the SSH library reads it; without a passphrase. Only of a type that `refusalOfType` lets pass. */
export function toLibraryText(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  return writeOpenSshEd25519(Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url'));
}

/** OpenSSH's own format (PROTOCOL.key), not encrypted. */
function writeOpenSshEd25519(publicKey: Buffer, seed: Buffer): string {
  const type = Buffer.from('ssh-ed25519');
  const none = Buffer.from('none');
  const checks = Buffer.alloc(8);
  const secret = [checks, string(type), string(publicKey), string(Buffer.concat([seed, publicKey])), string(Buffer.alloc(0))];
  const sizeBytes = secret.reduce((sum, part) => sum + part.length, 0);
  // Padded to whole blocks of 8 bytes with 1, 2, 3 ...
  const padding = Buffer.from(Array.from({ length: (8 - (sizeBytes % 8)) % 8 }, (_, index) => index + 1));
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0', 'latin1'),
    ...[none, none, Buffer.alloc(0)].map(string),
    Buffer.from([0, 0, 0, 1]),
    string(Buffer.concat([string(type), string(publicKey)])),
    string(Buffer.concat([...secret, padding])),
  ]);
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function string(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
