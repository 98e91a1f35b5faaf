// A folder for files on their way is emptied once a session.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../src/main/foundation/scratch-folder.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dir: string;
let path: string;

beforeEach(() => {
  dir = makeTemporaryFolder();
  path = join(dir, 'incoming');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a scratch folder', () => {
  it('is made for its user alone', async () => {
    await new ScratchFolder(path).prepare();
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('loses what a former program left, and nothing that comes later', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'old'), '');
    const folder = new ScratchFolder(path);
    await Promise.all([folder.prepare(), folder.prepare()]);
    writeFileSync(join(path, 'new'), '');
    await folder.prepare();
    expect(readdirSync(path)).toEqual(['new']);
  });

  it('is prepared by the next caller when that failed', async () => {
    writeFileSync(join(dir, 'incoming-parent'), 'a file where a folder should be');
    const folder = new ScratchFolder(join(dir, 'incoming-parent', 'incoming'));
    await expect(folder.prepare()).rejects.toThrow();
    rmSync(join(dir, 'incoming-parent'));
    await folder.prepare();
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
