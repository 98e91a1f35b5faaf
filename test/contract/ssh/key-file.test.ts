// A key file is looked at when it is named, not when it is first needed.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineKeyFile } from '../../../src/main/adapters/ssh/key-file.js';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { openTestbedHarness, type TestbedHarness } from '../../support/testbed-harness.js';

let dir: string;
let harness: TestbedHarness;
let keyFile: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'key-file-'));
  keyFile = join(dir, 'id');
  writeFileSync(keyFile, generateSshKeyPair().privateKeyPem, { mode: 0o600 });
  harness = await openTestbedHarness({ hostEntryPath: '/nonexistent' });
});
afterEach(async () => {
  await harness.remove();
  rmSync(dir, { recursive: true, force: true });
});

const refused = (path: string, message: RegExp) => {
  expect(() => examineKeyFile(path)).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(message) as string }),
  );
};

test('a good one is named by its absolute path', () => {
  expect(examineKeyFile(keyFile)).toEqual({ path: keyFile, isEncrypted: false, remarks: [] });
  expect(examineKeyFile(join(dir, 'x', '..', 'id')).path).toBe(keyFile);
});

test('one that others may read is remarked, with what mends it', () => {
  chmodSync(keyFile, 0o640);

  expect(examineKeyFile(keyFile).remarks).toEqual([expect.stringMatching(/mode 0640.*chmod 600/) as string]);
});

test('one that is not there, a folder, a relative path and a public key are refused by name', () => {
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'id.pub'), generateSshKeyPair().publicKeyLine);
  writeFileSync(join(dir, 'large'), 'x'.repeat(70_000));

  refused(join(dir, 'none'), /none does not exist/);
  refused(join(dir, 'folder'), /is a folder/);
  refused('id', /no absolute path/);
  refused(join(dir, 'id.pub'), /is a public key/);
  refused(join(dir, 'large'), /too large/);
  refused(`~/dedgeai-no-such-key-${process.pid}`, new RegExp(`${homedir()}.*does not exist`));
});

test('a node is not added or changed with a file that can not log in', () => {
  const testbed = harness.service.create({ name: 'Lab' });
  const node = { testbedId: testbed.id, host: '192.0.2.7', user: 'lab' };

  expect(() => harness.service.addNode({ ...node, keyFile: join(dir, 'none') })).toThrow(/does not exist/);
  const added = harness.service.addNode({ ...node, keyFile: join(dir, '.', 'id') });
  expect(added.keyFile).toBe(keyFile);
  writeFileSync(keyFile, 'hello');
  expect(() => harness.service.setNodeLogin({ id: added.id, auth: 'key-file', keyFile })).toThrow(/no private key/);
});

test('lines of a list whose key file can not log in are invalid, and the others name it absolutely', () => {
  const testbed = harness.service.create({ name: 'Lab' });
  const text = [`ssh -i ${keyFile} lab@192.0.2.1`, `ssh -i ${join(dir, 'none')} lab@192.0.2.2`, 'ssh -i key.pem lab@192.0.2.3'].join('\n');

  const entries = harness.service.previewNodeList({ testbedId: testbed.id, text });

  expect(entries.map(({ verdict, remark }) => [verdict, remark])).toEqual([
    ['ready', null],
    ['invalid', expect.stringMatching(/does not exist/) as string],
    ['invalid', expect.stringMatching(/"key.pem" has no absolute path/) as string],
  ]);
  expect(readFileSync(entries[0]?.node?.keyFile ?? '', 'utf8')).toContain('PRIVATE KEY');
});
