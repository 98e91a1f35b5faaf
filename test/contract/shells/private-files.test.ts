// What the program makes in a data folder is for its user alone, also in a folder that was there before and is open to everybody.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { type Core, createCore } from '../../../src/main/composition/core.js';

let dataDir: string;
let core: Core | null;
beforeEach(() => {
  core = null;
  dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-private-'));
  chmodSync(dataDir, 0o755);
});
afterEach(async () => {
  await core?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (): Promise<Core> => createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' });
const openToOthers = (): string[] => readdirSync(dataDir).filter((name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0);

test('the database with its log, the lock and every folder', async () => {
  core = await open();
  await createApiCaller({ services: core.services }).testbeds.createVirtual({ name: 'Lab', nodeCount: 1 });
  core.services.log.error('Something', new Error('x'));

  expect(readdirSync(dataDir)).toEqual(
    expect.arrayContaining(['dedgeai.sqlite', 'dedgeai.sqlite-wal', 'instance.lock', 'instance.json', 'logs']),
  );
  expect(openToOthers()).toEqual([]);
});

test('what an older version left open is closed, and what is not ours stays as it is', async () => {
  core = await open();
  core.services.testbeds.create({ name: 'Lab' });
  await core.close();
  for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), statSync(join(dataDir, name)).isDirectory() ? 0o755 : 0o644);
  writeFileSync(join(dataDir, 'notes.txt'), 'mine', { mode: 0o644 });
  const elsewhere = mkdtempSync(join(tmpdir(), 'dedgeai-elsewhere-'));
  chmodSync(elsewhere, 0o755);
  symlinkSync(elsewhere, join(dataDir, 'images'));

  core = await open();

  expect(openToOthers()).toEqual(['images', 'notes.txt']);
  rmSync(elsewhere, { recursive: true, force: true });
});
