// Electron's safeStorage as the desktop shell uses it, with a stand-in for Electron: which key stores count as protection.
import { beforeEach, expect, test, vi } from 'vitest';
import { safeStorageProtection } from '../../../src/main/shells/electron/safe-storage.js';
import { keyStore } from '../../support/electron-stand-in.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

// The names of Linux, wherever the test runs.
vi.stubGlobal('process', Object.defineProperty(Object.create(process) as NodeJS.Process, 'platform', { value: 'linux' }));

beforeEach(() => Object.assign(keyStore, { backend: 'gnome_libsecret', isAvailable: true }));

test('a secret service of the desktop is used, and gives back what it sealed', async () => {
  const protection = safeStorageProtection();

  expect(await protection.describe()).toEqual({ isUsable: true, description: expect.stringContaining('libsecret') as string });
  const sealed = await protection.encrypt('hunter2-ü');
  expect(Buffer.from(sealed).toString('utf8')).not.toContain('hunter2');
  expect(await protection.decrypt(sealed)).toBe('hunter2-ü');
});

test.each(['basic_text', 'unknown', 'something_new'])('%s is no protection, and that is said', async (backend) => {
  keyStore.backend = backend;

  expect(await safeStorageProtection().describe()).toEqual({ isUsable: false, description: expect.stringContaining(backend) as string });
});

test('a key store that is locked is not used', async () => {
  keyStore.isAvailable = false;

  expect(await safeStorageProtection().describe()).toMatchObject({
    isUsable: false,
    description: expect.stringContaining('locked') as string,
  });
});
