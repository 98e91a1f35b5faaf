import { expect, test } from 'vitest';
import { createVaultKey, openVault, sealVault, type VaultContents } from '../../../src/main/adapters/secrets/vault-format.js';

const PASSPHRASE = 'correct horse battery staple';
const CONTENTS: VaultContents = { 'password:node-1': 'hunter2-ünïcode', 'passphrase:/home/lab/.ssh/id': 'p' };
const key = await createVaultKey(PASSPHRASE);
const sealed = sealVault(key, CONTENTS);
const [headerLine = '', body = ''] = sealed.split('\n');

function withHeader(change: (header: Record<string, unknown> & { kdf: Record<string, unknown> }) => void): string {
  const header = JSON.parse(headerLine) as Record<string, unknown> & { kdf: Record<string, unknown> };
  change(header);
  return `${JSON.stringify(header)}\n${body}\n`;
}

function withByteChanged(base64: string, index: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[index < 0 ? bytes.length + index : index]! ^= 1;
  return bytes.toString('base64');
}

test('what was sealed comes back with the passphrase, and nothing of it is in the file', async () => {
  expect((await openVault(sealed, PASSPHRASE)).contents).toEqual(CONTENTS);
  for (const text of ['hunter2', 'node-1', 'id', PASSPHRASE]) expect(Buffer.from(body, 'base64').includes(text)).toBe(false);
  expect(headerLine).not.toContain('node-1');
});

test('the key costs at least 2^17 blocks of 8 times 128 bytes', () => {
  expect(JSON.parse(headerLine)).toMatchObject({ version: 1, kdf: { name: 'scrypt', N: 131_072, r: 8, p: 1 }, cipher: 'aes-256-gcm' });
});

test('every writing has a nonce of its own, and every passphrase a salt of its own', async () => {
  const nonces = new Set(Array.from({ length: 50 }, () => (JSON.parse(sealVault(key, {}).split('\n')[0]!) as { nonce: string }).nonce));

  expect(nonces.size).toBe(50);
  expect((await createVaultKey(PASSPHRASE)).kdf.salt).not.toBe(key.kdf.salt);
});

test('a wrong passphrase is reported as wrong, and what is inside as not read', async () => {
  await expect(openVault(sealed, `${PASSPHRASE}!`)).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'The passphrase of the vault is wrong.',
  });
});

test('the same passphrase typed with composed or with combining characters opens it', async () => {
  const composed = sealVault(await createVaultKey('Z\u00fcrich-2026'), CONTENTS);

  expect((await openVault(composed, 'Zu\u0308rich-2026')).contents).toEqual(CONTENTS);
});

test.each([
  ['a changed byte of the secrets', `${headerLine}\n${withByteChanged(body, 0)}\n`],
  ['a changed byte of the tag', `${headerLine}\n${withByteChanged(body, -1)}\n`],
  ['a cut file', `${headerLine}\n${body.slice(0, 16)}\n`],
  ['secrets cut away', `${headerLine}\n`],
  ['a changed nonce', withHeader((header) => (header['nonce'] = withByteChanged(header['nonce'] as string, 0)))],
  ['a header written another way', `${headerLine.replace('{', '{ ')}\n${body}\n`],
])('%s is reported as a damaged or changed file', async (_what, text) => {
  await expect(openVault(text, PASSPHRASE)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('damaged') as string });
});

test.each([
  ['fewer blocks than the least', withHeader((header) => (header.kdf['N'] = 1024))],
  ['more blocks than this machine should spend', withHeader((header) => (header.kdf['N'] = 2 ** 30))],
  ['a cost that is no power of two', withHeader((header) => (header.kdf['N'] = 131_073))],
  ['another cipher', withHeader((header) => (header['cipher'] = 'aes-128-cbc'))],
  ['a field too many', withHeader((header) => (header['more'] = 1))],
  ['no header at all', 'hello\nworld\n'],
  ['nothing', ''],
])('%s in the header is refused before any key is derived', async (_what, text) => {
  const startedMs = performance.now();

  await expect(openVault(text, PASSPHRASE)).rejects.toMatchObject({ code: 'io' });

  expect(performance.now() - startedMs).toBeLessThan(200);
});

test('a file of a later version asks for a newer program', async () => {
  await expect(
    openVault(
      withHeader((header) => (header['version'] = 2)),
      PASSPHRASE,
    ),
  ).rejects.toMatchObject({ code: 'unsupported' });
});
