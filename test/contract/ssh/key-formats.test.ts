// Private keys as OpenSSH, OpenSSL and PuTTY write them: opened, with the public key that belongs to them, or named with the way out.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isEncryptedPrivateKey, openPrivateKey } from '../../../src/main/adapters/ssh/key-pair.js';
import { AppError } from '../../../src/shared/errors.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures/keys');
const PASSPHRASE = 'open sesame';
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'key-formats-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A key of ssh-keygen: its text, and its public key in base64. */
function keygen(...args: string[]): { text: string; publicKey: string; path: string } {
  const path = join(dir, 'id');
  execFileSync('ssh-keygen', ['-q', '-a', '1', '-f', path, ...args], { stdio: 'ignore' });
  return { path, text: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8').split(' ')[1]! };
}

const publicKeyOf = (text: string, passphrase: string | null = null): string =>
  openPrivateKey(text, 'key file /keys/id', passphrase).getPublicSSH().toString('base64');

function refusal(text: string, passphrase: string | null = null): AppError {
  try {
    openPrivateKey(text, 'key file /keys/id', passphrase);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('It was opened');
}

const TYPES = [['rsa'], ['ecdsa', '-b', '256'], ['ecdsa', '-b', '384'], ['ecdsa', '-b', '521'], ['ed25519']];
const FORMS = TYPES.flatMap((type) =>
  (type[0] === 'ed25519' ? ['RFC4716'] : ['RFC4716', 'PEM', 'PKCS8']).map((form) => [[...type], form] as const),
);

describe.each(FORMS)('%j in the form %s', ([type = '', ...size], form) => {
  test('is opened without a passphrase and with one', () => {
    const plain = keygen('-t', type, ...size, '-m', form, '-N', '');
    expect(isEncryptedPrivateKey(plain.text)).toBe(false);
    expect(publicKeyOf(plain.text)).toBe(plain.publicKey);
    rmSync(plain.path);

    const locked = keygen('-t', type, ...size, '-m', form, '-N', PASSPHRASE);
    expect(isEncryptedPrivateKey(locked.text)).toBe(true);
    expect(publicKeyOf(locked.text, PASSPHRASE)).toBe(locked.publicKey);
    expect(refusal(locked.text).message).toContain('protected by a passphrase');
    expect(refusal(locked.text, 'wrong').message).toContain('passphrase of the key file /keys/id is wrong');
  });
});

test('an Ed25519 key in PKCS#8, as OpenSSL writes it, signs what its public key verifies', () => {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

  const key = openPrivateKey(privateKey, 'key', PASSPHRASE);

  const signature = key.sign(Buffer.from('hello'));
  expect(key.verify(Buffer.from('hello'), signature)).toBe(true);
});

test('text before the key, as OpenSSL writes parameters and attributes, is passed over', () => {
  const { text, publicKey } = keygen('-t', 'ecdsa', '-m', 'PEM', '-N', '');
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

  expect(publicKeyOf(`Bag Attributes\n    friendlyName: lab\n${parameters}${text}`)).toBe(publicKey);
  expect(publicKeyOf(text.replaceAll('\n', '\r\n'))).toBe(publicKey);
});

test('a JWK is a key like others', () => {
  const { text, publicKey } = keygen('-t', 'rsa', '-m', 'PKCS8', '-N', '');

  expect(publicKeyOf(JSON.stringify(createPrivateKey(text).export({ format: 'jwk' })))).toBe(publicKey);
});

const ppk = (name: string): string => readFileSync(join(FIXTURES, `${name}.ppk`), 'utf8');
const publicFixture = (name: string): string => readFileSync(join(FIXTURES, `${name}.pub`), 'utf8').split(' ')[1]!;

test.each(['rsa', 'ecdsa', 'ed25519'].flatMap((type) => [2, 3].map((version) => [type, version] as const)))(
  'a PuTTY key: %s, version %d',
  (type, version) => {
    expect(publicKeyOf(ppk(`k_${type}_v${version}`))).toBe(publicFixture(`k_${type}`));
    expect(publicKeyOf(ppk(`k_${type}_v${version}`).replaceAll('\n', '\r\n'))).toBe(publicFixture(`k_${type}`));
  },
);

test('a PuTTY key of version 2 under a passphrase', () => {
  const text = ppk('k_ed25519_v2_locked');
  expect(isEncryptedPrivateKey(text)).toBe(true);
  expect(publicKeyOf(text, PASSPHRASE)).toBe(publicFixture('k_ed25519'));
  expect(refusal(text, 'wrong').message).toContain('is wrong');
});

test('a PuTTY key that was changed is refused by its check sum', () => {
  expect(refusal(ppk('k_ed25519_v3').replace('Comment: key', 'Comment: kex')).message).toContain("can't be read");
});

test('what can not be used is named, with the command that makes a key of it', () => {
  const { text, path } = keygen('-t', 'ed25519', '-N', '');
  const publicLine = readFileSync(`${path}.pub`, 'utf8');
  const rfc4716 = execFileSync('ssh-keygen', ['-e', '-m', 'RFC4716', '-f', path], { encoding: 'utf8' });
  const pem = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ed448 = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  rmSync(path);
  const chacha = keygen('-t', 'ed25519', '-N', PASSPHRASE, '-Z', 'chacha20-poly1305@openssh.com');
  const cases: [string, RegExp, RegExp][] = [
    [publicLine, /is a public key/, /without \.pub/],
    [rfc4716, /is a public key \(RFC 4716\)/, /without \.pub/],
    [pem.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /public key \(PEM\)/, /private key file/],
    [JSON.stringify(pem.publicKey.export({ format: 'jwk' })), /public key \(JWK\)/, /private/],
    [publicLine.replace('ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com'), /is a certificate/, /-cert\.pub/],
    [ppk('k_ed25519_v3_locked'), /version 3 under a passphrase/, /puttygen \/keys\/id -O private-openssh/],
    ['PuTTY-User-Key-File-1: ssh-rsa', /version 1/, /puttygen/],
    ['---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----', /SSH\.com/, /ssh-keygen -i -f \/keys\/id/],
    ['-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----', /DSA/, /ssh-keygen -t ed25519/],
    [ed448, /type ed448/, /ssh-keygen -t ed25519/],
    [chacha.text, /chacha20/, /ssh-keygen -p -Z aes256-ctr -f \/keys\/id/],
    ['-----BEGIN CERTIFICATE-----', /X\.509/, /private key/],
    [Buffer.from([0x30, 0x82, 0, 1, 0xff]).toString('utf8'), /DER or PKCS#12/, /openssl pkey -inform DER -in \/keys\/id/],
    ['', /empty/, /private key file/],
    ['hello', /no private key of a known format/, /ssh-keygen/],
    [text.slice(0, 80), /no private key|damaged/, /./],
    ['-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----', /can't be read/, /ssh-keygen -y -f \/keys\/id/],
  ];
  for (const [content, message, hint] of cases) {
    const error = refusal(content, PASSPHRASE);
    expect(error.code).toBe('invalid-input');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  }
});

test('a FIDO key is named without being asked', () => {
  // As `ssh-keygen -t ed25519-sk` writes it: the public part is in the clear, the private one is a handle.
  const part = (content: string | Buffer): Buffer => {
    const bytes = Buffer.from(content as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const publicKey = Buffer.concat([part('sk-ssh-ed25519@openssh.com'), part(Buffer.alloc(32)), part('ssh:')]);
  const head = Buffer.concat([Buffer.from('openssh-key-v1\0'), part('none'), part('none'), part(''), Buffer.from([0, 0, 0, 1])]);
  const blob = Buffer.concat([head, part(publicKey), part('handle')]).toString('base64');

  const error = refusal(`-----BEGIN OPENSSH PRIVATE KEY-----\n${blob}\n-----END OPENSSH PRIVATE KEY-----\n`);

  expect(error.message).toContain('security key (FIDO)');
});

test('no error quotes the key or its passphrase', () => {
  const { text } = keygen('-t', 'rsa', '-m', 'PKCS8', '-N', PASSPHRASE);
  const broken = text.replace(/\n[A-Za-z0-9+/]{10}/, '\nAAAAAAAAAA');
  const error = refusal(broken, 'a wrong secret');
  const said = JSON.stringify([error.message, error.hint, String(error.cause)]);
  expect(said).not.toContain('a wrong secret');
  for (const line of text.split('\n').filter((part) => part.length > 40)) expect(said).not.toContain(line);
});

test('a path with a blank is quoted in the command', () => {
  writeFileSync(join(dir, 'x'), '');
  expect(() => openPrivateKey('---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----', "key file /my keys/it's", null)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(`-f '/my keys/it'\\''s' > NEWFILE`) as string }),
  );
});
