// What preflight tries in a home folder, in a real shell on file systems of the test.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest';
import type { NodeSession } from '../../../src/main/domain/nodes/provisioning/node-session.js';
import { tryHome } from '../../../src/main/domain/nodes/provisioning/try-home.js';
import type { ExecResult } from '../../../src/main/adapters/ssh/ssh-exec.js';

let dir: string;
let home: string;
let isMounted: boolean;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-home-'));
  home = join(dir, 'home');
  mkdirSync(home);
  isMounted = false;
});
afterEach(() => {
  if (isMounted) execFileSync('umount', [home]);
  rmSync(dir, { recursive: true, force: true });
});

async function mountHome(context: TestContext, options: string): Promise<boolean> {
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', home]).status === 0;
  if (!isMounted) await context.annotate('This machine may not mount a file system, so a home folder of that kind was not tried.');
  return isMounted;
}

const session = {
  node: { user: 'nvidia' },
  attempt: (script: string): Promise<ExecResult> => {
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { cwd: home, encoding: 'utf8' });
    return Promise.resolve({ code: status, stdout, stderr, isTruncated: false });
  },
} as unknown as NodeSession;

test('a home folder that takes files and runs them passes, and keeps nothing of the attempt', async () => {
  expect(await tryHome(session, { needsToRun: true })).toBeNull();
  mkdirSync(join(home, '.dedgeai'));
  expect(await tryHome(session, { needsToRun: true })).toBeNull();
  expect(readdirSync(home, { recursive: true })).toEqual(['.dedgeai']);
});

test('one that is mounted read-only is blocked', async (context) => {
  if (!(await mountHome(context, 'ro'))) return;
  const finding = {
    verdict: 'blocked',
    why: expect.stringContaining('written') as string,
    remedy: expect.stringContaining('nvidia') as string,
  };
  expect(await tryHome(session, { needsToRun: false })).toMatchObject(finding);
});

test('one that is mounted noexec is blocked where something of it has to run', async (context) => {
  if (!(await mountHome(context, 'noexec'))) return;
  const finding = { verdict: 'blocked', remedy: expect.stringContaining('noexec') as string };
  expect(await tryHome(session, { needsToRun: true })).toMatchObject(finding);
  expect(await tryHome(session, { needsToRun: false })).toBeNull();
  expect(readdirSync(home)).toEqual([]);
});

test('one on a full disk is blocked', async (context) => {
  if (!(await mountHome(context, 'size=64k'))) return;
  spawnSync('/bin/sh', ['-c', 'cat /dev/zero >"$1" 2>/dev/null', 'sh', join(home, 'file')]);
  const finding = { verdict: 'blocked', why: expect.stringContaining('does not get to the disk') as string };
  expect(await tryHome(session, { needsToRun: true })).toMatchObject(finding);
  expect(readdirSync(home)).toEqual(['file']);
});
