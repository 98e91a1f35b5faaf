import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushBytes } from '../../../src/main/adapters/ssh/push-bytes.js';
import type { SshConnection } from '../../../src/main/adapters/ssh/ssh-connection.js';
import { buildEntry } from '../../support/build-entry.js';
import { sshToNode } from '../../support/ssh-to-node.js';
import { openTestbedHarness, type TestbedHarness, virtualTestbed } from '../../support/testbed-harness.js';
import { until } from '../../support/until.js';

let entry: string;
let harness: TestbedHarness;
let ssh: SshConnection;
let home: string;

beforeAll(async () => {
  entry = await buildEntry('src/main/programs/virtual-nodes/host.ts');
  harness = await openTestbedHarness({ hostEntryPath: entry });
  const { nodes } = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  home = join(harness.nodesDir, nodes[0]!.id, 'home');
  ssh = await sshToNode(harness, nodes[0]!);
});
afterAll(async () => {
  ssh.close();
  await harness.remove();
});

test('standard input of several megabytes arrives whole', async () => {
  const bytes = randomBytes(5 * 1024 * 1024);

  const result = await ssh.exec('wc -c', { stdin: bytes });

  expect(result.stdout.trim()).toBe(String(bytes.length));
});

test('output beyond the limit is dropped and said to be', async () => {
  const result = await ssh.exec('head -c 100000 /dev/zero | tr "\\000" x', { maxOutputBytes: 1000 });

  expect(result).toMatchObject({ code: 0, isTruncated: true });
  expect(result.stdout).toHaveLength(1000);
});

test('output is handed on as it comes, by stream', async () => {
  const seen: string[] = [];

  await ssh.exec('echo out; echo err >&2', { onOutput: (chunk, stream) => seen.push(`${stream}:${chunk.trim()}`) });

  expect(seen.sort()).toEqual(['stderr:err', 'stdout:out']);
});

test('a command that a signal ended has no exit status', async () => {
  expect(await ssh.exec('kill -9 $$')).toMatchObject({ code: null });
});

test('a command that takes too long is given up and ended on the node', async () => {
  let pid = 0;
  const slow = ssh.exec('echo $$; exec sleep 600', { timeoutMs: 3_000, onOutput: (chunk) => (pid = Number(chunk)) });

  await expect(slow).rejects.toMatchObject({ code: 'ssh-command-failed' });

  expect(pid).toBeGreaterThan(0);
  await until(async () => (await ssh.exec(`kill -0 ${pid}`)).code !== 0);
});

test('a running command can be canceled', async () => {
  const controller = new AbortController();
  const running = ssh.exec('echo started; sleep 600', { signal: controller.signal, onOutput: () => controller.abort() });

  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  expect(await ssh.exec('echo alive')).toMatchObject({ stdout: 'alive\n' });
});

test('a pushed file is under its name with its mode, and progress ends at its size', async () => {
  const bytes = randomBytes(300_000);
  const progress: number[] = [];

  await pushBytes(ssh, { bytes, remotePath: `it's a "name" $(x)`, mode: 0o640, onProgress: (sent) => progress.push(sent) });

  const path = join(home, `it's a "name" $(x)`);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(progress.at(-1)).toBe(bytes.length);
});

test('an empty file can be pushed', async () => {
  await pushBytes(ssh, { bytes: new Uint8Array(), remotePath: 'empty', mode: 0o600 });

  expect(readFileSync(join(home, 'empty'))).toHaveLength(0);
});

test('a push into a folder that is not there fails with the reason', async () => {
  await expect(pushBytes(ssh, { bytes: Buffer.from('x'), remotePath: 'nowhere/file', mode: 0o600 })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('nowhere/file') as string,
  });
});

test('a push to a full disk says so, keeps the old file and leaves no part', async (context) => {
  const disk = join(home, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    await context.annotate('This machine may not mount a small file system, so the full disk was not tried.');
    return;
  }
  try {
    writeFileSync(join(disk, 'file'), 'old');

    const pushed = pushBytes(ssh, { bytes: randomBytes(1024 * 1024), remotePath: 'disk/file', mode: 0o600 });

    await expect(pushed).rejects.toMatchObject({ code: 'no-space', message: expect.stringContaining('disk/file') as string });
    expect(readFileSync(join(disk, 'file'), 'utf8')).toBe('old');
    expect(readdirSync(disk)).toEqual(['file']);
  } finally {
    execFileSync('umount', [disk]);
  }
});
