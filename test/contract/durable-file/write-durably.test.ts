// A file is there whole, as it is now or as it was before, and asked of the disk before its name appears.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDurably, writeDurablyNow } from '../../../src/durable-file/write-durably.js';
import { buildEntry } from '../../support/build-entry.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';
import { buildSyncLog, NO_SYNC_LOG } from '../../support/sync-log.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = makeTemporaryFolder();
  path = join(folder, 'settings.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const writers: [name: 'writeDurably' | 'writeDurablyNow', write: (path: string, content: string) => Promise<void>][] = [
  ['writeDurably', (at, content) => writeDurably(at, content)],
  ['writeDurablyNow', async (at, content) => writeDurablyNow(at, content)],
];

describe.each(writers)('%s', (name, write) => {
  it('replaces what was there and leaves nothing beside it, for its user alone', async () => {
    writeFileSync(path, 'a longer text from before', { mode: 0o644 });
    await write(path, 'now');
    expect(readFileSync(path, 'utf8')).toBe('now');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('takes no notice of what a crash left half written', async () => {
    writeFileSync(`${path}.part`, 'half of something much longer than what comes now');
    await write(path, 'now');
    expect(readFileSync(path, 'utf8')).toBe('now');
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('leaves what was there, and nothing half written, where the name can not be given', async () => {
    mkdirSync(path);
    await expect(write(path, 'now')).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY|EPERM/);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('asks the disk for the content before the name, and for the name', async ({ annotate }) => {
    const shim = buildSyncLog(folder);
    if (!shim) return void (await annotate(NO_SYNC_LOG));
    const module = await buildEntry('src/durable-file/write-durably.ts');
    const log = join(folder, 'syncs.log');
    const script = `const { ${name} } = await import(process.argv[1]); await ${name}(process.argv[2], 'now');`;
    spawnSync(process.execPath, ['--input-type=module', '-e', script, module, path], {
      env: { ...process.env, LD_PRELOAD: shim, SYNC_LOG: log },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const synced = readFileSync(log, 'utf8').trim().split('\n');
    expect(synced[0]).toBe(`synced 3 ${path}.part`);
    expect(synced[1]).toMatch(new RegExp(`^synced \\d+ ${folder}$`));
    expect(synced).toHaveLength(2);
  });
});
