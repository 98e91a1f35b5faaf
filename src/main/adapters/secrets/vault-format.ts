// The vault file: two lines of text. The first is the header in JSON, the second the sealed secrets in base64. Pure but for randomness.
//
//   header = {format, version, kdf: {name, N, r, p, salt}, check, cipher, nonce}       authenticated, byte for byte
//   scrypt(passphrase, salt) -> 64 bytes = 32 for AES-256-GCM | 32 to tell a wrong passphrase from a changed file
//   sealed = AES-256-GCM(JSON of the secrets, nonce, header as additional data) | 16 bytes of tag
//
// The nonce is new with every writing, the salt with every passphrase.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';

/** What scrypt costs: `2^17, 8, 1` takes 128 MiB and about half a second. A file may ask for more, up to 1 GiB, never for less. */
const DEFAULT_COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const MAX_N = 2 ** 20;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const CHECKED_TEXT = 'dedgeai-vault passphrase check';

const base64Of = (bytes: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === bytes);

const headerSchema = z.strictObject({
  format: z.literal('dedgeai-vault'),
  version: z.literal(1),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z
      .number()
      .int()
      .min(DEFAULT_COST.N)
      .max(MAX_N)
      .refine((N) => Number.isInteger(Math.log2(N))),
    r: z.literal(DEFAULT_COST.r),
    p: z.literal(DEFAULT_COST.p),
    salt: base64Of(SALT_BYTES),
  }),
  check: base64Of(KEY_BYTES),
  cipher: z.literal(CIPHER),
  nonce: base64Of(NONCE_BYTES),
});
type VaultHeader = z.infer<typeof headerSchema>;

const contentsSchema = z.record(z.string(), z.string());
/** By name; the names are as secret as the rest. */
export type VaultContents = z.infer<typeof contentsSchema>;

/** An opened vault's key: a secret. `forgetVaultKey` ends its use. */
export interface VaultKey {
  encryptionKey: Buffer;
  kdf: VaultHeader['kdf'];
  check: string;
}

/** A key for a passphrase and a salt of its own. */
export function createVaultKey(passphrase: string): Promise<VaultKey> {
  return deriveKey(passphrase, { name: 'scrypt', ...DEFAULT_COST, salt: randomBytes(SALT_BYTES).toString('base64') });
}

/** The text of the file. */
export function sealVault(key: VaultKey, contents: VaultContents): string {
  const header: VaultHeader = {
    format: 'dedgeai-vault',
    version: 1,
    kdf: key.kdf,
    check: key.check,
    cipher: CIPHER,
    nonce: randomBytes(NONCE_BYTES).toString('base64'),
  };
  const headerLine = JSON.stringify(header);
  const cipher = createCipheriv(CIPHER, key.encryptionKey, Buffer.from(header.nonce, 'base64'), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(headerLine, 'utf8'));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(contents), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${headerLine}\n${sealed.toString('base64')}\n`;
}

/** Throws `invalid-input` for a wrong passphrase, `io` for a file that is damaged or changed, `unsupported` for one of a later version. */
export async function openVault(text: string, passphrase: string): Promise<{ key: VaultKey; contents: VaultContents }> {
  const [headerLine = '', body = ''] = text.split('\n');
  const header = parseHeader(headerLine);
  const key = await deriveKey(passphrase, header.kdf);
  if (!timingSafeEqual(Buffer.from(key.check, 'base64'), Buffer.from(header.check, 'base64'))) {
    throw new AppError(
      'invalid-input',
      'The passphrase of the vault is wrong.',
      'Type it again. No one can recover it: a vault whose passphrase is lost can only be discarded.',
    );
  }
  return { key, contents: unseal(key, header, headerLine, Buffer.from(body, 'base64')) };
}

export function forgetVaultKey(key: VaultKey): void {
  key.encryptionKey.fill(0);
}

function unseal(key: VaultKey, header: VaultHeader, headerLine: string, sealed: Buffer): VaultContents {
  try {
    const decipher = createDecipheriv(CIPHER, key.encryptionKey, Buffer.from(header.nonce, 'base64'), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(headerLine, 'utf8'));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return contentsSchema.parse(JSON.parse(plain.toString('utf8')));
  } catch {
    // The cause says nothing more, and could quote what was inside.
    throw damagedError();
  }
}

function parseHeader(line: string): VaultHeader {
  const parsed = headerSchema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  const later = z.object({ format: z.literal('dedgeai-vault'), version: z.number().min(2) }).safeParse(parseJson(line));
  if (!later.success) throw damagedError();
  throw new AppError('unsupported', 'The vault was written by a newer version of this program.', 'Start the newer version.');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function damagedError(): AppError {
  return new AppError(
    'io',
    'The vault file is damaged, or someone has changed it.',
    'Put a copy of it back from a backup, or discard it and enter the secrets again.',
  );
}

/** The same characters typed on another system may come as other code points: NFKC makes them one. */
function deriveKey(passphrase: string, kdf: VaultHeader['kdf']): Promise<VaultKey> {
  const { N, r, p, salt } = kdf;
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * N * r };
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 2 * KEY_BYTES, options, (error, derived) => {
      if (error) return reject(error);
      const check = createHmac('sha256', derived.subarray(KEY_BYTES)).update(CHECKED_TEXT).digest('base64');
      resolve({ encryptionKey: Buffer.from(derived.subarray(0, KEY_BYTES)), kdf, check });
      derived.fill(0);
    });
  });
}
