// Lists of revoked keys, as ssh-keygen writes them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HostKey, parseHostKey } from '../../../src/main/adapters/ssh/host-key.js';
import { parseRevokedKeys, readRevokedKeys } from '../../../src/main/adapters/ssh/revoked-keys.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'revoked-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function makeKey(name: string): { path: string; key: HostKey; line: string } {
  const path = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  const line = readFileSync(`${path}.pub`, 'utf8').trim();
  return { path: `${path}.pub`, line, key: parseHostKey(Buffer.from(line.split(' ')[1]!, 'base64')) };
}

/** Whether a list made of a specification holds each of the keys. */
async function holds(specification: string, keys: readonly HostKey[]): Promise<boolean[]> {
  writeFileSync(join(dir, 'spec'), specification);
  execFileSync('ssh-keygen', ['-q', '-k', '-f', join(dir, 'krl'), join(dir, 'spec')]);
  const revoked = await readRevokedKeys([join(dir, 'krl')]);
  return keys.map((key) => revoked.fileOf(key) !== null);
}

test('a binary list names keys whole, by SHA-1 and by SHA-256', async () => {
  const [bad, good] = [makeKey('bad'), makeKey('good')];
  const keys = [bad.key, good.key];

  expect(await holds(`key: ${bad.line}\n`, keys)).toEqual([true, false]);
  expect(await holds(`sha1: ${bad.line}\n`, keys)).toEqual([true, false]);
  expect(await holds(`sha256: ${bad.line}\n`, keys)).toEqual([true, false]);
  expect(await holds(`hash: ${bad.key.fingerprint}\n`, keys)).toEqual([true, false]);
});

test('a text names a key a line', async () => {
  const [bad, good] = [makeKey('bad'), makeKey('good')];
  writeFileSync(join(dir, 'text'), `# stolen\n\n${bad.line}\n`);

  const revoked = await readRevokedKeys([join(dir, 'text')]);

  expect(revoked.fileOf(bad.key)).toBe(join(dir, 'text'));
  expect(revoked.fileOf(good.key)).toBeNull();
});

test('a list that is missing, cut off, or not understood is an error, never an empty list', async () => {
  const { line } = makeKey('bad');
  writeFileSync(join(dir, 'spec'), `key: ${line}\n`);
  execFileSync('ssh-keygen', ['-q', '-k', '-f', join(dir, 'krl'), join(dir, 'spec')]);
  const whole = readFileSync(join(dir, 'krl'));

  for (let sizeBytes = 9; sizeBytes < whole.length; sizeBytes++) {
    // Cut between two sections it is a whole list of fewer.
    const isBetween = sizeBytes === whole.length - 5 - whole.readUInt32BE(whole.length - (4 + 51) - 4);
    if (!isBetween) expect(() => parseRevokedKeys(whole.subarray(0, sizeBytes)), `${sizeBytes} bytes`).toThrow(TypeError);
  }
  expect(() => parseRevokedKeys(Buffer.from('not a key at all\n'))).toThrow(TypeError);
  await expect(readRevokedKeys([join(dir, 'none')])).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('none') as string,
  });
});
