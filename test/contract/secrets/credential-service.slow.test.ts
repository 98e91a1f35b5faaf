// Where secrets are kept: real files, a real database, the system's key store played by a cipher of the test.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RESTORABLE_MS } from '../../../src/main/domain/nodes/access/forgotten-secrets.js';
import type { SystemProtection } from '../../../src/shared/core-process-messages.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { openTestbedHarness, type TestbedHarness } from '../../support/testbed-harness.js';

const PASSPHRASE = 'a long passphrase';
let harness: TestbedHarness;
let node: TestbedNode;
let keyStore: { isUsable: boolean };

/** Turns every byte over: enough to see that it was asked. */
const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => 255 - byte);
const protection: SystemProtection = {
  describe: () =>
    Promise.resolve({ isUsable: keyStore.isUsable, description: keyStore.isUsable ? 'Key store of the test.' : 'No key store.' }),
  encrypt: (text) => Promise.resolve(turned(Buffer.from(text, 'utf8'))),
  decrypt: (sealed) => Promise.resolve(Buffer.from(turned(sealed)).toString('utf8')),
};

async function open(dataDir?: string): Promise<void> {
  harness = await openTestbedHarness({ hostEntryPath: '/nonexistent', systemProtection: protection, ...(dataDir ? { dataDir } : {}) });
}

async function restart(): Promise<void> {
  await harness.close();
  await open(harness.dataDir);
}

beforeEach(async () => {
  keyStore = { isUsable: true };
  await open();
  const testbed = harness.service.create({ name: 'Lab' });
  node = harness.service.addNode({ testbedId: testbed.id, host: '192.0.2.1', user: 'lab', auth: 'password' });
});
afterEach(() => harness.remove());

const password = () => ({ kind: 'password', nodeId: node.id }) as const;
const set = (holder: 'system' | 'vault' | 'session', secret = 'hunter2') => harness.credentials.set({ of: password(), secret, holder });
const kept = async () => (await harness.credentials.status()).secrets.map(({ kind, holder, isReadable }) => ({ kind, holder, isReadable }));

test('a secret in the key store of the system is there after a restart, and lies on disk only sealed', async () => {
  await set('system');
  await restart();

  expect(await harness.credentials.find(password())).toBe('hunter2');
  for (const name of readdirSync(join(harness.dataDir, 'secrets'))) {
    expect(readFileSync(join(harness.dataDir, 'secrets', name), 'utf8')).not.toContain('hunter2');
  }
});

test('a key store that is no protection is refused with the reason, and what it held before can be entered again', async () => {
  await set('system');
  keyStore.isUsable = false;

  await expect(set('system')).rejects.toMatchObject({ code: 'unsupported', message: 'No key store.' });
  await expect(harness.credentials.find(password())).rejects.toMatchObject({ code: 'secret-missing' });
  expect(await kept()).toEqual([{ kind: 'password', holder: 'system', isReadable: false }]);
  await set('session', 'other');
  expect(await harness.credentials.find(password())).toBe('other');
});

test('a secret of the session is gone after a restart', async () => {
  await set('session');
  expect(await harness.credentials.find(password())).toBe('hunter2');

  await restart();

  expect(await harness.credentials.find(password())).toBeNull();
  expect(await kept()).toEqual([]);
});

test('the vault holds secrets over a restart, locked until its passphrase is given', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');
  await restart();

  expect(await kept()).toEqual([{ kind: 'password', holder: 'vault', isReadable: false }]);
  await expect(harness.credentials.find(password())).rejects.toMatchObject({ code: 'vault-locked' });
  await expect(harness.credentials.unlockVault('wrong passphrase')).rejects.toMatchObject({ code: 'invalid-input' });
  await harness.credentials.unlockVault(PASSPHRASE);
  expect(await harness.credentials.find(password())).toBe('hunter2');
  harness.credentials.lockVault();
  await expect(harness.credentials.find(password())).rejects.toMatchObject({ code: 'vault-locked' });
});

test('the vault file is readable for its user alone, and no half-written one stays', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');
  const { path } = (await harness.credentials.status()).vault;

  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(harness.dataDir, 'secrets')).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('after a change of the passphrase only the new one opens the vault', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');

  await expect(harness.credentials.changeVaultPassphrase('not it', 'another passphrase')).rejects.toMatchObject({ code: 'invalid-input' });
  await harness.credentials.changeVaultPassphrase(PASSPHRASE, 'another passphrase');
  await restart();

  await expect(harness.credentials.unlockVault(PASSPHRASE)).rejects.toMatchObject({ code: 'invalid-input' });
  await harness.credentials.unlockVault('another passphrase');
  expect(await harness.credentials.find(password())).toBe('hunter2');
});

test('a secret has one place: keeping it elsewhere takes it out of where it was', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('system', 'first');
  await set('vault', 'second');
  expect(await kept()).toEqual([{ kind: 'password', holder: 'vault', isReadable: true }]);
  expect(readFileSync(join(harness.dataDir, 'secrets', 'system-store.json'), 'utf8')).not.toContain(node.id);

  await set('session', 'third');

  expect(await kept()).toEqual([{ kind: 'password', holder: 'session', isReadable: true }]);
  expect(await harness.credentials.find(password())).toBe('third');
});

test('what is forgotten while the vault is locked is not there when it is unlocked', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');
  harness.credentials.lockVault();

  await harness.credentials.forget(password());
  await harness.credentials.unlockVault(PASSPHRASE);

  expect(await harness.credentials.find(password())).toBeNull();
  await restart();
  await harness.credentials.unlockVault(PASSPHRASE);
  expect(await harness.credentials.find(password())).toBeNull();
});

test('a node that is removed takes its secrets with it', async () => {
  await set('system');

  await harness.service.removeNode(node.id);

  expect(await kept()).toEqual([]);
  expect(readFileSync(join(harness.dataDir, 'secrets', 'system-store.json'), 'utf8')).not.toContain(node.id);
});

test('a vault whose passphrase is lost can be discarded, and a new one made', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');
  await restart();
  await expect(harness.credentials.createVault('another passphrase')).rejects.toMatchObject({ code: 'conflict' });

  harness.credentials.discardVault();
  await harness.credentials.createVault('another passphrase');

  expect(await kept()).toEqual([]);
});

test('a vault that someone has changed is reported as such', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');
  await restart();
  const { path } = (await harness.credentials.status()).vault;
  writeFileSync(path, readFileSync(path, 'utf8').replace(/.{6}\n$/, 'AAAA==\n'));

  await expect(harness.credentials.unlockVault(PASSPHRASE)).rejects.toMatchObject({ code: 'io' });
});

test('a secret with a line end is refused without being shown', async () => {
  await expect(set('session', 'two\nlines')).rejects.toThrow(/line end/);
  await expect(set('session', 'two\nlines')).rejects.not.toThrow(/two/);
});

test('where a new secret would go follows what is there', async () => {
  const preferred = async () => (await harness.credentials.status()).preferredHolder;
  expect(await preferred()).toBe('system');
  keyStore.isUsable = false;
  expect(await preferred()).toBe('session');
  await harness.credentials.createVault(PASSPHRASE);
  expect(await preferred()).toBe('vault');
});

test('sudo is answered with its own password, else with the one that logs in, and with none for a node of keys', async () => {
  await set('session', 'login-password');
  expect(await harness.secrets.sudoPassword(node.id)).toBe('login-password');

  await harness.credentials.set({ of: { kind: 'sudo-password', nodeId: node.id }, secret: 'sudo-password', holder: 'session' });
  expect(await harness.secrets.sudoPassword(node.id)).toBe('sudo-password');

  await harness.credentials.forget({ kind: 'sudo-password', nodeId: node.id });
  harness.service.setNodeLogin({ id: node.id, auth: 'program-key' });
  expect(await harness.secrets.sudoPassword(node.id)).toBeNull();
});

test.each(['system', 'vault', 'session'] as const)(
  'what was forgotten a moment ago comes back to where it was, once: %s',
  async (holder) => {
    await harness.credentials.createVault(PASSPHRASE);
    await set(holder);
    const before = await kept();

    expect(await harness.credentials.forget(password())).toEqual({ isRestorable: true });
    expect(await kept()).toEqual([]);
    expect(await harness.credentials.find(password())).toBeNull();
    await harness.credentials.restore(password());

    expect(await kept()).toEqual(before);
    expect(await harness.credentials.find(password())).toBe('hunter2');
    await expect(harness.credentials.restore(password())).rejects.toMatchObject({ code: 'conflict' });
  },
);

test('what a locked vault holds comes back while it is locked, and not after it was unlocked', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await set('vault');
  harness.credentials.lockVault();

  expect(await harness.credentials.forget(password())).toEqual({ isRestorable: true });
  await harness.credentials.restore(password());
  await harness.credentials.unlockVault(PASSPHRASE);
  expect(await harness.credentials.find(password())).toBe('hunter2');

  await harness.credentials.forget(password());
  harness.credentials.lockVault();
  await expect(harness.credentials.restore(password())).rejects.toThrow(/can't be brought back any more/);
});

test('what was forgotten is gone for good after half a minute, after another one was kept, and where none was', async () => {
  await set('session');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await harness.credentials.forget(password());
  vi.advanceTimersByTime(RESTORABLE_MS + 1);
  vi.useRealTimers();
  await expect(harness.credentials.restore(password())).rejects.toMatchObject({ code: 'conflict' });

  await set('session', 'first');
  await harness.credentials.forget(password());
  await set('session', 'second');
  await expect(harness.credentials.restore(password())).rejects.toMatchObject({ code: 'conflict' });
  expect(await harness.credentials.find(password())).toBe('second');
  await harness.credentials.forget(password());
  expect(await harness.credentials.forget(password())).toEqual({ isRestorable: false });
});

const token = { kind: 'token', account: 'hugging-face' } as const;
const keepToken = (holder: 'system' | 'vault' | 'session') => harness.credentials.set({ of: token, secret: 'hf_secret', holder });

test.each(['system', 'vault'] as const)('a token of an account is kept over a restart, held by: %s', async (holder) => {
  await harness.credentials.createVault(PASSPHRASE);
  await keepToken(holder);
  await restart();
  await harness.credentials.unlockVault(PASSPHRASE);

  expect(await harness.credentials.find(token)).toBe('hf_secret');
  expect((await harness.credentials.status()).secrets).toMatchObject([
    { kind: 'token', subject: 'hugging-face', holder, isReadable: true },
  ]);
  for (const name of readdirSync(join(harness.dataDir, 'secrets'))) {
    expect(readFileSync(join(harness.dataDir, 'secrets', name), 'utf8')).not.toContain('hf_secret');
  }
});

test('a token that is forgotten while the vault is locked is out of it once it is unlocked', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await keepToken('vault');
  await set('vault');
  harness.credentials.lockVault();

  await harness.credentials.forget(token);

  expect(await kept()).toEqual([{ kind: 'password', holder: 'vault', isReadable: false }]);
  await harness.credentials.unlockVault(PASSPHRASE);
  expect(await harness.credentials.find(token)).toBeNull();
  expect(await harness.credentials.find(password())).toBe('hunter2');
});

test('a token goes with the vault that is discarded, and one of the session with the session', async () => {
  await harness.credentials.createVault(PASSPHRASE);
  await keepToken('vault');
  harness.credentials.discardVault();
  expect(await kept()).toEqual([]);

  await keepToken('session');
  expect(await harness.credentials.find(token)).toBe('hf_secret');
  await restart();
  expect(await harness.credentials.find(token)).toBeNull();
});

test('a damaged record of tokens is named with its remedy, and secrets of nodes are found all the same', async () => {
  await set('system');
  const path = join(harness.dataDir, 'secrets', 'kept-tokens.json');
  writeFileSync(path, '{');

  await expect(harness.credentials.status()).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(path) as string });
  expect(await harness.credentials.find(password())).toBe('hunter2');
});
