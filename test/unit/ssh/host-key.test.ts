import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { parseHostKey } from '../../../src/main/adapters/ssh/host-key.js';
import { openPrivateKey, generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';

// Made once with OpenSSH: `ssh-keygen -t ed25519`, fingerprint by `ssh-keygen -l`.
const KNOWN = {
  keyBase64: 'AAAAC3NzaC1lZDI1NTE5AAAAIHtGBWWfxQnJUHKW4ZVU4r18sQVSIerT+XmtFqKwpApb',
  fingerprint: 'SHA256:u6TtLz9rtJnUVf1ImPvFvC/uVvxM0NGv24v97EX4IKU',
};

test('a fingerprint is the one that OpenSSH prints', () => {
  expect(parseHostKey(Buffer.from(KNOWN.keyBase64, 'base64'))).toEqual({ keyType: 'ssh-ed25519', ...KNOWN });
});

test.each([Buffer.alloc(0), Buffer.from('not a key at all'), Buffer.from([0, 0, 0, 200, 1, 2])])(
  'bytes that are no key are refused',
  (bytes) => {
    expect(() => parseHostKey(bytes)).toThrow(expect.objectContaining({ code: 'ssh-unreachable' }));
  },
);

test('a generated private key is usable, and its public half is refused in its place', () => {
  const pair = generateSshKeyPair();

  openPrivateKey(pair.privateKeyPem, 'key', null);
  expect(() => openPrivateKey(pair.publicKeyLine, 'key file x.pub', null)).toThrow(/x\.pub is a public key/);
});

test('text that is no key is refused without showing it', () => {
  expect(() => openPrivateKey('my secret diary', 'key file diary.txt', null)).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.not.stringContaining('secret diary') as string }),
  );
});

test('a key with a passphrase is refused with the remedy', () => {
  const encrypted = ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'test', cipher: 'aes256-ctr', rounds: 1 });

  expect(() => openPrivateKey(encrypted.private, 'key file id_ed25519', null)).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('passphrase') as string }),
  );
});
