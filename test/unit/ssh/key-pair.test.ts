import { expect, test } from 'vitest';
import { parseHostKey } from '../../../src/main/adapters/ssh/host-key.js';
import { openPrivateKey, generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';

// The library's own fault shows about once in 256 pairs: all of these are good by chance once in 2,500 runs.
const PAIRS = 2000;

test('every pair is readable and its public key has its full length', () => {
  for (let index = 0; index < PAIRS; index++) {
    const { privateKeyPem, publicKeyLine } = generateSshKeyPair();
    openPrivateKey(privateKeyPem, 'pair', null);
    const wireKey = Buffer.from(publicKeyLine.split(' ')[1]!, 'base64');
    expect(wireKey).toHaveLength(51);
    expect(parseHostKey(wireKey).keyType).toBe('ssh-ed25519');
  }
});
