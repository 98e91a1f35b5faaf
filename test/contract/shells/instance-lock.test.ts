import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockInstance } from '../../../src/main/adapters/storage/instance-lock.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'instance-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Holds SQLite's lock on the lock file in another process, as an instance does. */
async function holdElsewhere(): Promise<{ kill(): Promise<void> }> {
  const script = `
    import Database from 'better-sqlite3';
    const connection = new Database(process.argv[1], { timeout: 0 });
    connection.exec('BEGIN EXCLUSIVE');
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'instance.lock')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

it('makes the folder and can be taken again after release', () => {
  const dataDir = join(folder, 'new', 'data');
  lockInstance(dataDir).release();
  const again = lockInstance(dataDir);
  again.release();
  again.release();
});

it('refuses a second instance, naming process and folder', () => {
  const lock = lockInstance(folder);
  try {
    expect(() => lockInstance(folder)).toThrow(expect.objectContaining({ code: 'instance-locked' }));
    expect(() => lockInstance(folder)).toThrow(new RegExp(`process ${process.pid}.*${folder}`));
  } finally {
    lock.release();
  }
});

it('is freed by the kernel when its holder is killed', async () => {
  const holder = await holdElsewhere();
  expect(() => lockInstance(folder)).toThrow(expect.objectContaining({ code: 'instance-locked' }));
  await holder.kill();
  lockInstance(folder).release();
});

it('says so when the folder cannot be written', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => lockInstance(join(folder, 'file', 'data'))).toThrow(expect.objectContaining({ code: 'io' }));
});
