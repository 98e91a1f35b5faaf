// What the nodes of a test leave behind when the test is killed: nothing that runs and no network, and a folder that the next one removes.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { whyNoNamespaces } from '../../support/namespaces/namespace-harness.js';
import { removeLeftovers } from '../../support/namespaces/nodes-dir.js';
import { listProcessesWith } from '../../support/processes.js';
import { until } from '../../support/until.js';

vi.setConfig({ testTimeout: 120_000 });

it('a killed test leaves no node running and no network, and its folder goes with the next test', async (context) => {
  const reason = whyNoNamespaces();
  if (reason !== null) context.skip(`not run: ${reason}`);
  const entry = await buildEntry('test/support/namespaces/start-node-and-die.ts');
  const scripts = join(import.meta.dirname, '../../support/namespaces');

  const { said, ended } = await new Promise<{ said: string; ended: unknown }>((resolve) => {
    execFile(process.execPath, [entry, scripts, findSshd() ?? ''], (error, stdout, stderr) =>
      resolve({ said: stdout, ended: error?.signal ?? stderr }),
    );
  });

  expect(ended).toBe('SIGKILL');
  const { dir, address } = JSON.parse(said) as { dir: string; address: string };
  const range = address.replace(/\.\d+$/, '.');
  await until(() => listProcessesWith(dir).length === 0);
  await until(() => !execFileSync('ip', ['-o', '-4', 'addr'], { encoding: 'utf8' }).includes(` ${range}`));
  expect(execFileSync('cat', ['/proc/mounts'], { encoding: 'utf8' })).not.toContain(dir);
  // It lies there as it was on this machine's disk: without the file systems that were the node's own.
  expect(readdirSync(join(dir, 'orin-1', 'etc'))).toEqual([]);
  removeLeftovers();
  expect(existsSync(dir)).toBe(false);
});
