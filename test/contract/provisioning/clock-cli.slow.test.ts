// `npm run cli -- clock`, and the options of `provision` for clocks, in a process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { runCli, runCliJson } from '../../support/cli.js';

// Each command is a start of the program: on a busy machine that adds up.
vi.setConfig({ testTimeout: 240_000 });

let cli: string;
let dir: string;

beforeAll(async () => {
  cli = await buildEntry('src/main/cli.ts');
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-clock-cli-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const options = () => ({ cliPath: cli, env: { ...process.env, HOME: dir } });
const run = (...args: string[]) => runCliJson([...args, '--data', join(dir, 'data')], options());

test('a testbed that keeps no clock says how it would, and a look at none is no problem', async () => {
  await run('node', 'add', 'Lab', '127.0.0.1', '--no-config', '--user', 'lab', '--port', '1', '--name', 'orin');

  expect(await run('clock', 'status')).toMatchObject({
    status: 0,
    document: { isScheduled: false, waitsFor: null, nodes: [{ nodeName: 'orin', isKept: false, lookedAtMs: null, problem: null }] },
  });
  expect((await runCli(['clock', 'status', '--data', join(dir, 'data')], options())).stdout).toContain('provision TESTBED --keep-clock');
  expect(await run('clock', 'keep', 'Lab', '--once')).toMatchObject({ status: 0 });
  const kept = await runCli(['clock', 'keep', 'Lab', '--data', join(dir, 'data')], {
    ...options(),
    interruptAt: (line) => line.includes('orin'),
  });
  expect(kept.status).toBe(0);
});

test('what does not fit together is refused before a node is asked', async () => {
  await run('node', 'add', 'Lab', '127.0.0.1', '--no-config', '--user', 'lab', '--port', '1', '--name', 'orin');

  const refusals = await Promise.all([
    run('provision', 'Lab', '--remove', '--set-clock'),
    run('provision', 'Lab', '--retry-failed', '--keep-clock'),
    run('provision', 'Lab', '--remove', '--no-keep-clock'),
    run('clock', 'keep', 'Lab', '--every', '0'),
  ]);

  expect(refusals.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
  // A retry takes a clock along: only there is nothing to retry yet.
  expect(await run('provision', 'Lab', '--retry-failed', '--set-clock')).toMatchObject({ status: 3 });
});
