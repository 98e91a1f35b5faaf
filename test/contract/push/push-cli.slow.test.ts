// `npm run cli -- model push` in a process of its own, against OpenSSH's server. Needs the built program.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { modelDir } from '../../../src/shared/model-layout.js';
import { runCli, runCliJson } from '../../support/cli.js';
import { findSshd } from '../../support/find-tools.js';
import { allInOneTensors, buildSafetensors } from '../../support/model-files.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';

let dir: string;
let server: RealSshd | null;
let modelPath: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-push-cli-'));
  mkdirSync(join(dir, '.ssh'));
  const key = generateSshKeyPair();
  writeFileSync(join(dir, 'key'), key.privateKeyPem, { mode: 0o600 });
  modelPath = join(dir, 'tiny.safetensors');
  writeFileSync(modelPath, buildSafetensors(allInOneTensors(['t5'])));
  const sshd = findSshd();
  server = sshd ? await startRealSshd({ sshd, dir, authorizedKey: key.publicKeyLine }) : null;
});
afterEach(async () => {
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const options = (): { env: NodeJS.ProcessEnv } => ({ env: { ...process.env, HOME: dir, SSH_AUTH_SOCK: '' } });
const dedgeai = (...args: string[]) => runCliJson([...args, '--data', join(dir, 'data')], options());

/** A testbed with a node and a model on record; null, and a word about it, on a machine without OpenSSH's server. */
async function prepare(context: TestContext): Promise<RealSshd | null> {
  if (!server) {
    await context.annotate('There is no sshd on this machine, so pushing was not tried.');
    return null;
  }
  const { username } = userInfo();
  const address = ['127.0.0.1', '--no-config', '--user', username, '--port', String(server.port), '--name', 'orin'];
  expect((await dedgeai('node', 'add', 'Lab', ...address, '--key', join(dir, 'key'), '--agent-port', '17999')).status).toBe(0);
  expect((await dedgeai('model', 'add', modelPath, '--name', 'Tiny', '--accept-license')).status).toBe(0);
  return server;
}

test('a host key that no one trusts yet ends with status 7; a known one pushes, and once more does nothing', async (context) => {
  const here = await prepare(context);
  if (!here) return;
  const asked = await dedgeai('model', 'push', 'Tiny', 'Lab');
  expect(asked).toMatchObject({ status: 7, document: { nodes: [{ error: { code: 'host-key-unknown' }, progress: { sentBytes: 0 } }] } });
  writeFileSync(join(dir, '.ssh', 'known_hosts'), `[127.0.0.1]:${here.port} ${here.hostKeyLine()}`);

  const pushed = await dedgeai('model', 'push', 'Tiny', 'Lab', '--node', 'orin');

  const { sha256 } = (await dedgeai('model', 'show', 'Tiny')).document as { sha256: string };
  const bytes = readFileSync(modelPath);
  expect(pushed).toMatchObject({ status: 0, document: { state: 'succeeded', nodes: [{ outcome: { sentBytes: bytes.length } }] } });
  expect(readFileSync(join(here.homeDir, '.dedgeai', modelDir(sha256), 'tiny.safetensors')).equals(bytes)).toBe(true);
  const again = await runCli(['model', 'push', 'Tiny', 'Lab', '--data', join(dir, 'data')], options());
  expect(again.status).toBe(0);
  expect(again.stdout).toContain('was there, some blocks compared');
  expect((await dedgeai('model', 'verify', 'Tiny', 'Lab')).status).toBe(0);
  expect((await dedgeai('model', 'verify', 'Tiny')).status).toBe(0);

  const there = join(here.homeDir, '.dedgeai', modelDir(sha256), 'tiny.safetensors');
  const flipped = Buffer.from(bytes);
  flipped[bytes.length - 1]! ^= 1;
  writeFileSync(there, flipped);

  expect(await dedgeai('model', 'verify', 'Tiny', 'Lab')).toMatchObject({
    status: 5,
    document: { nodes: [{ error: { code: 'conflict' } }] },
  });
  const mended = await runCli(['model', 'push', 'Tiny', 'Lab', '--verify', '--data', join(dir, 'data')], options());
  expect(mended.status).toBe(0);
  expect(mended.stdout).toContain('differed (tiny.safetensors), put right');
  expect(readFileSync(there).equals(bytes)).toBe(true);
});

test('a node that is not in the testbed is reported with those that are', async (context) => {
  if (!(await prepare(context))) return;

  const { status, document } = await dedgeai('model', 'push', 'Tiny', 'Lab', '--node', 'nobody');

  expect(status).toBe(3);
  expect((document as { error: { hint: string } }).error.hint).toContain('orin');
});
