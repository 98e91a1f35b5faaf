// Private keys as PuTTY writes them (.ppk, versions 2 and 3; version 3 only without a passphrase, whose Argon2 this program does not have).
// Format: appendix C of PuTTY's manual. The MAC is verified before anything of the key is used.
import { createDecipheriv, createHash, createHmac, createPrivateKey, timingSafeEqual, type JsonWebKey, type KeyObject } from 'node:crypto';

interface PpkFields {
  version: '2' | '3';
  type: string;
  encryption: string;
  comment: string;
  publicBlob: Buffer;
  privateBlob: Buffer;
  mac: string;
}

const FORM =
  /^PuTTY-User-Key-File-([23]): (\S+)\r?\nEncryption: (\S+)\r?\nComment: ([^\r\n]*)\r?\nPublic-Lines: \d+\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\n(?:(?:Key-Derivation|Argon2-\w+): [^\r\n]*\r?\n)*Private-Lines: \d+\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\nPrivate-MAC: ([0-9a-f]+)/;
const CURVES: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'P-256',
  'ecdsa-sha2-nistp384': 'P-384',
  'ecdsa-sha2-nistp521': 'P-521',
};

/** Throws `TypeError` for a file that is damaged, or whose passphrase is another. */
export function parsePpk(text: string, passphrase: string | null): KeyObject {
  const fields = readFields(text.trimStart());
  const isEncrypted = fields.encryption !== 'none';
  if (isEncrypted && (fields.encryption !== 'aes256-cbc' || fields.version !== '2')) throw new TypeError('encryption is not known');
  const secret = isEncrypted ? (passphrase ?? '') : '';
  const privateBlob = isEncrypted ? decrypt(fields.privateBlob, secret) : fields.privateBlob;
  verifyMac({ ...fields, privateBlob }, secret);
  return createPrivateKey({ key: toJwk(fields.type, readStrings(fields.publicBlob), readStrings(privateBlob)), format: 'jwk' });
}

function readFields(text: string): PpkFields {
  const match = FORM.exec(text);
  if (!match) throw new TypeError('its lines are not those of a PuTTY key');
  const [, version, type = '', encryption = '', comment = '', publicText = '', privateText = '', mac = ''] = match;
  const [publicBlob, privateBlob] = [Buffer.from(publicText, 'base64'), Buffer.from(privateText, 'base64')];
  return { version: version === '3' ? '3' : '2', type, encryption, comment, publicBlob, privateBlob, mac };
}

/** Version 2: the key is made of two SHA-1 over a counter and the passphrase, the initialization vector is zero. */
function decrypt(privateBlob: Buffer, passphrase: string): Buffer {
  const half = (counter: number): Buffer =>
    createHash('sha1')
      .update(Buffer.from([0, 0, 0, counter]))
      .update(passphrase)
      .digest();
  const decipher = createDecipheriv('aes-256-cbc', Buffer.concat([half(0), half(1)]).subarray(0, 32), Buffer.alloc(16));
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(privateBlob), decipher.final()]);
}

function verifyMac({ version, type, encryption, comment, publicBlob, privateBlob, mac }: PpkFields, passphrase: string): void {
  const macKey =
    version === '3' ? Buffer.alloc(0) : createHash('sha1').update('putty-private-key-file-mac-key').update(passphrase).digest();
  const hmac = createHmac(version === '3' ? 'sha256' : 'sha1', macKey);
  for (const part of [Buffer.from(type), Buffer.from(encryption), Buffer.from(comment), publicBlob, privateBlob]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hmac.update(length).update(part);
  }
  const expected = hmac.digest();
  const given = Buffer.from(mac, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new TypeError('its check sum is another');
}

/** Strings of SSH's wire format up to the padding. */
function readStrings(blob: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let offset = 0; offset + 4 <= blob.length;) {
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) break;
    strings.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  return strings;
}

function toJwk(type: string, publicParts: readonly Buffer[], privateParts: readonly Buffer[]): JsonWebKey {
  const part = (parts: readonly Buffer[], index: number): Buffer => {
    const found = parts[index];
    if (!found) throw new TypeError('it ends too early');
    return found;
  };
  if (type === 'ssh-rsa') {
    const [e, n] = [part(publicParts, 1), part(publicParts, 2)];
    const [d, p, q, qi] = [part(privateParts, 0), part(privateParts, 1), part(privateParts, 2), part(privateParts, 3)];
    const [dp, dq] = [p, q].map((prime) => toBytes(toNumber(d) % (toNumber(prime) - 1n)));
    if (!dp || !dq) throw new TypeError('it ends too early');
    return {
      kty: 'RSA',
      ...{ n: toText(n), e: toText(e), d: toText(d) },
      ...{ p: toText(p), q: toText(q), dp: toText(dp), dq: toText(dq), qi: toText(qi) },
    };
  }
  const curve = CURVES[type];
  if (curve !== undefined) {
    const point = part(publicParts, 2);
    const sizeBytes = (point.length - 1) / 2;
    const [x, y] = [point.subarray(1, 1 + sizeBytes), point.subarray(1 + sizeBytes)];
    const d = withoutSign(part(privateParts, 0));
    const whole = Buffer.concat([Buffer.alloc(Math.max(0, sizeBytes - d.length)), d]);
    return { kty: 'EC', crv: curve, x: x.toString('base64url'), y: y.toString('base64url'), d: whole.toString('base64url') };
  }
  if (type === 'ssh-ed25519') {
    const [x, d] = [part(publicParts, 1), part(privateParts, 0)];
    return { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url'), d: d.toString('base64url') };
  }
  throw new TypeError('its type is not known');
}

function withoutSign(integer: Buffer): Buffer {
  let start = 0;
  while (start < integer.length - 1 && integer[start] === 0) start++;
  return integer.subarray(start);
}

function toText(integer: Buffer): string {
  return withoutSign(integer).toString('base64url');
}

function toNumber(integer: Buffer): bigint {
  return BigInt(`0x${integer.toString('hex') || '0'}`);
}

function toBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}
