// `npm run cli -- node telemetry` in a process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { runCliJson } from '../../support/cli.js';
import { type RecordingSshServer, startRecordingServer } from '../../support/ssh-server.js';

// Each command is a start of the program: on a busy machine that adds up.
vi.setConfig({ testTimeout: 240_000 });

let cli: string;
let dir: string;
let server: RecordingSshServer;

beforeAll(async () => {
  cli = await buildEntry('src/main/cli.ts');
});
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-telemetry-cli-'));
  server = await startRecordingServer({ acceptsLogin: true });
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const node = (...args: string[]) =>
  runCliJson(['node', ...args, '--data', join(dir, 'data')], { cliPath: cli, env: { ...process.env, HOME: dir } });

test('a node whose key no one trusts is not logged in to, and the status says why', async () => {
  await node('add', 'Lab', '127.0.0.1', '--no-config', '--user', 'lab', '--port', String(server.port), '--name', 'orin');

  const reported = await node('telemetry', 'orin', '--for', '30');

  expect(reported).toMatchObject({ status: 7, document: { error: { code: 'host-key-unknown' } } });
  expect(server.attempts).toEqual([]);
});

test('a name that is no node is reported with those there are', async () => {
  expect(await node('telemetry', 'nobody')).toMatchObject({ status: 3 });
});
