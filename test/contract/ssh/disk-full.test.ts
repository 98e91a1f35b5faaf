// A full disk is found by trying, so that no language or tool has to be understood.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IS_FULL_SHELL_FUNCTION } from '../../../src/main/adapters/ssh/disk-full.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-full-'));
  mkdirSync(join(dir, 'disk'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const isFull = (folder: string): boolean =>
  spawnSync('/bin/sh', ['-c', `${IS_FULL_SHELL_FUNCTION}\nis_full "$1"`, 'sh', folder], { cwd: dir }).status === 0;

test('a disk with room is not full, and one that is not there is neither; nothing stays of the attempt', () => {
  expect(isFull('disk')).toBe(false);
  expect(isFull('nowhere')).toBe(false);
  expect(readdirSync(join(dir, 'disk'))).toEqual([]);
});

test('a disk without room is full, a read-only one is not', async (context) => {
  const disk = join(dir, 'disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    await context.annotate('This machine may not mount a small file system, so the full disk was not tried.');
    return;
  }
  try {
    spawnSync('/bin/sh', ['-c', 'cat /dev/zero >"$1" 2>/dev/null', 'sh', join(disk, 'file')]);
    expect(isFull('disk')).toBe(true);
    expect(readdirSync(disk)).toEqual(['file']);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect(isFull('disk')).toBe(false);
  } finally {
    execFileSync('umount', [disk]);
  }
});
