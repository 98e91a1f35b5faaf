// What carries the bytes of a push: OpenSSH's `ssh` where it can, the program's own SSH else. All servers are OpenSSH's.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { findOpenSsh } from '../../../src/main/adapters/ssh/find-openssh.js';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';
import { buildEntry } from '../../support/build-entry.js';
import { cutSessions, onceSent } from '../../support/cut-push.js';
import { findSshd } from '../../support/find-tools.js';
import { findShell, LOGIN_SHELLS, writeHomeFile } from '../../support/login-shells.js';
import { listProcessesWith } from '../../support/processes.js';
import { modelOn, openPushHarness, type PushHarness } from '../../support/push-harness.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { openSlowLink, type SlowLink } from '../../support/slow-link.js';
import { makeSystemAccount, type SystemAccount } from '../../support/system-account.js';

const MIB = 1024 * 1024;
/** Over a link of this rate it takes so long that an accident comes before the end, however fast the machine is. */
const LONG_BYTES = 64 * MIB + 777;
const LINK_BYTES_PER_SEC = 48 * MIB;
const OPENSSH = { kind: 'openssh', why: null };

let worker: string;
let link: SlowLink;
/** What the programs of a test take for the folder of temporary files: others push on this machine too. */
let temporary: string;
const ending: (() => unknown)[] = [];

beforeAll(async () => {
  worker = await buildEntry('src/main/programs/push-worker/push-worker.ts');
});
beforeEach(() => {
  const { TMPDIR } = process.env;
  temporary = mkdtempSync(join(tmpdir(), 'dedgeai-carriers-'));
  // Accounts of tests have their home folders in it.
  chmodSync(temporary, 0o755);
  process.env['TMPDIR'] = temporary;
  ending.push(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  });
  link = openSlowLink(LINK_BYTES_PER_SEC);
  ending.push(() => link.close());
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** Null, and a word about it, on a machine without OpenSSH. `openSshPath`: instead of the machine's `ssh`. */
async function open(context: TestContext, openSshPath?: string | null): Promise<PushHarness | null> {
  const sshd = findSshd();
  if (!sshd || findOpenSsh() === null) {
    await context.annotate('OpenSSH is not on this machine, so its carrier was not tried.');
    return null;
  }
  const harness = await openPushHarness({ sshd, workerPath: worker, ...(openSshPath === undefined ? {} : { openSshPath }) });
  ending.push(() => harness.close());
  return harness;
}

/** A program in the place of `ssh`. */
function standIn(script: string): string {
  const path = join(temporary, 'ssh');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Folders and processes that pushes with `ssh` have left. */
function leftBehind(): { folders: string[]; processes: string[] } {
  return {
    folders: readdirSync(temporary).filter((name) => name.startsWith('dedgeai-ssh-')),
    processes: listProcessesWith(`${temporary}/dedgeai-ssh-`).map(({ command }) => command),
  };
}

function isWhole(server: Pick<RealSshd, 'homeDir'>, model: Parameters<typeof modelOn>[1]): boolean {
  return modelOn(server, model).final()?.equals(readFileSync(model.path)) ?? false;
}

describe.each([
  ['OpenSSH’s ssh', undefined, OPENSSH],
  ['the program’s own SSH', null, { kind: 'built-in', why: 'there is no OpenSSH on this computer' }],
])('over %s', (_name, openSshPath, carrier) => {
  test('a model gets to a node whole, verified and under its name, and the record says what carried it', async (context) => {
    const here = await open(context, openSshPath);
    if (!here) return;
    const { server } = await here.addTrustedNode();
    const model = here.addModel();

    const push = await here.finished(here.start(model));

    expect(push.nodes[0]?.error).toBeNull();
    expect(push.nodes[0]?.outcome).toMatchObject({ sentBytes: model.sizeBytes, foundBytes: 0, carrier });
    expect(isWhole(server, model)).toBe(true);
    expect(modelOn(server, model).names()).toEqual([model.sha256, `${model.sha256}.verified`, `${model.sha256}/model.safetensors`]);
  });

  test('a connection that is cut is taken up again, and what is there is not re-sent', async (context) => {
    const here = await open(context, openSshPath);
    if (!here) return;
    const { server } = await here.addTrustedNode({ link });
    const model = here.addModel(randomBytes(LONG_BYTES));
    let didWait = false;
    const cut = onceSent(34 * MIB, () => cutSessions(model.sha256));

    const push = await here.finished(here.start(model), (snapshot) => {
      cut(snapshot);
      didWait ||= snapshot.nodes[0]?.progress.state === 'waiting';
    });

    expect(push.nodes[0]?.error).toBeNull();
    expect(didWait).toBe(true);
    const { sentBytes, foundBytes } = push.nodes[0]!.outcome!;
    expect(push.nodes[0]!.outcome).toMatchObject({ carrier });
    expect(foundBytes).toBeGreaterThan(0);
    expect(sentBytes - model.sizeBytes).toBeLessThanOrEqual(16 * MIB);
    expect(isWhole(server, model)).toBe(true);
  });

  test('a push that is canceled ends what carries it, and the next one continues', async (context) => {
    const here = await open(context, openSshPath);
    if (!here) return;
    const { server } = await here.addTrustedNode({ link });
    const model = here.addModel(randomBytes(LONG_BYTES));
    const started = here.start(model);
    const canceled = await here.finished(
      started,
      onceSent(40 * MIB, () => void here.jobs.cancel(started.id)),
    );
    expect(canceled).toMatchObject({ state: 'cancelled', nodes: [{ error: { code: 'cancelled' } }] });
    expect(modelOn(server, model).final()).toBeNull();
    await expect.poll(() => listProcessesWith(model.sha256), { timeout: 60_000 }).toEqual([]);

    const push = await here.finished(here.start(model));

    expect(push.nodes[0]!.outcome!.foundBytes).toBeGreaterThanOrEqual(2 * BLOCK_BYTES);
    expect(isWhole(server, model)).toBe(true);
  });

  test('another host key than the one on record stops a push before a byte of it, and becomes a question', async (context) => {
    const here = await open(context, openSshPath);
    if (!here) return;
    const { server, node } = await here.addTrustedNode();
    await server.restartWithNewHostKey();
    const model = here.addModel(randomBytes(2 * MIB));

    const push = await here.finished(here.start(model));

    expect(push.nodes[0]).toMatchObject({ error: { code: 'host-key-changed' }, progress: { sentBytes: 0 } });
    expect(modelOn(server, model).names()).toEqual([]);
    expect(here.questionOf(node)).not.toBeNull();
  });
});

test('pushes leave neither folders nor processes of ssh behind', async (context) => {
  const here = await open(context);
  if (!here) return;
  await here.addTrustedNode();
  await here.addTrustedNode();

  const push = await here.finished(here.start(here.addModel()));

  expect(push.nodes.map(({ outcome }) => outcome?.carrier)).toEqual([OPENSSH, OPENSSH]);
  await expect.poll(leftBehind, { timeout: 60_000 }).toEqual({ folders: [], processes: [] });
});

test('ssh ends with the push process, though that be killed, and its folder is removed', async (context) => {
  const here = await open(context);
  if (!here) return;
  const { server } = await here.addTrustedNode({ link });
  const model = here.addModel(randomBytes(LONG_BYTES));
  const kill = onceSent(16 * MIB, () => process.kill(here.pusher.processIds()[0]!, 'SIGKILL'));
  const killed = await here.finished(here.start(model), kill);
  expect(killed.nodes[0]?.error).toMatchObject({ code: 'io' });
  await expect.poll(leftBehind, { timeout: 60_000 }).toEqual({ folders: [], processes: [] });
  await expect.poll(() => listProcessesWith(model.sha256), { timeout: 60_000 }).toEqual([]);

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.outcome?.foundBytes).toBeGreaterThan(0);
  expect(isWhole(server, model)).toBe(true);
});

test('ssh is given no secret: not on its command line, in its environment or in a file', async (context) => {
  const here = await open(context);
  if (!here) return;
  await here.addTrustedNode({ link });
  const secret = here.services.programKey.privateKeyPem.split('\n')[2]!;
  let reported = '';
  const look = onceSent(1, () => {
    for (const { pid, command } of listProcessesWith(`${temporary}/dedgeai-ssh-`)) {
      reported += `${command}\n${readFileSync(`/proc/${pid}/environ`, 'utf8')}\n`;
      const [, folder] = /-F (\S+)\/config/.exec(command.replaceAll('\0', ' ')) ?? [];
      for (const name of folder ? readdirSync(folder, { withFileTypes: true }) : []) {
        if (name.isFile()) reported += `${name.name}: ${readFileSync(join(folder!, name.name), 'utf8')}`;
      }
    }
  });

  await here.finished(here.start(here.addModel(randomBytes(LONG_BYTES))), look);

  expect(reported).toContain('StrictHostKeyChecking yes');
  expect(reported).toContain('known_hosts: ');
  expect(reported).not.toContain(secret);
});

test('a password is not handed to ssh: the program’s own SSH carries the bytes', async (context) => {
  const here = await open(context);
  const account = here ? await makeAccount(context) : null;
  if (!here || !account) return;
  const server = await here.startServer(undefined, { takesPasswords: true });
  const { service, credentials } = here.services;
  const node = service.addNode({ testbedId: here.testbed.id, host: '127.0.0.1', port: server.port, user: account.user, auth: 'password' });
  await credentials.set({ of: { kind: 'password', nodeId: node.id }, secret: account.password, holder: 'session' });
  await here.say(node, true);
  const model = here.addModel();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.nodes[0]?.outcome?.carrier).toEqual({ kind: 'built-in', why: 'a password is not handed to another program' });
  expect(isWhole(server, model)).toBe(true);
});

test.each([
  ['is no OpenSSH', 'echo "usage: ssh of another kind" >&2; exit 1', 'usage: ssh of another kind'],
  ['does not know an option', 'echo "config line 3: Bad configuration option" >&2; exit 255', 'Bad configuration option'],
  ['is ended by a signal', 'kill -9 $$', 'ended by a signal'],
])('an ssh that %s is passed over, and the record says why', async (_what, script, why) => {
  const sshd = findSshd();
  if (!sshd) return;
  const here = await openPushHarness({ sshd, workerPath: worker, openSshPath: standIn(script) });
  ending.push(() => here.close());
  const { server } = await here.addTrustedNode();
  const model = here.addModel();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.nodes[0]?.outcome?.carrier).toEqual({ kind: 'built-in', why: expect.stringContaining(why) as string });
  expect(isWhole(server, model)).toBe(true);
});

test('ssh goes over a jump host by the recorded keys of both, each logged in to with its own key', async (context) => {
  const here = await open(context);
  if (!here) return;
  const key = generateSshKeyPair();
  const keyFile = join(here.dir, 'id_target');
  writeFileSync(keyFile, key.privateKeyPem, { mode: 0o600 });
  const hop = await here.startServer();
  const target = await here.startServer(key.publicKeyLine);
  const host = (alias: string, { port }: RealSshd, ...more: string[]): string[] => [
    ...[`Host ${alias}`, 'HostName 127.0.0.1', `Port ${port}`, `User ${here.user}`, 'IdentityFile none'],
    ...more,
  ];
  here.writeSshConfig(...host('orin', target, `IdentityFile ${keyFile}`, 'IdentitiesOnly yes', 'ProxyJump gate'), ...host('gate', hop));
  const node = await here.services.service.addNodeByAlias({ testbedId: here.testbed.id, alias: 'orin' });
  await here.say(node, true);
  const model = here.addModel();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.nodes[0]?.outcome?.carrier).toEqual(OPENSSH);
  expect(isWhole(target, model)).toBe(true);

  await hop.restartWithNewHostKey();
  const other = here.addModel();

  const refused = await here.finished(here.start(other));

  expect(refused.nodes[0]).toMatchObject({ error: { code: 'host-key-changed' }, progress: { sentBytes: 0 } });
  expect(modelOn(target, other).final()).toBeNull();
});

test.each(['rsa', 'ecdsa', 'ed25519'])('a key file of type %s with a passphrase opens the way for ssh', async (type) => {
  const sshd = findSshd();
  if (!sshd || findOpenSsh() === null) return;
  const here = await openPushHarness({ sshd, workerPath: worker });
  ending.push(() => here.close());
  const keyFile = join(here.dir, `id_${type}`);
  const passphrase = 'of the key';
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', keyFile]);
  const server = await here.startServer(readFileSync(`${keyFile}.pub`, 'utf8').trim());
  const { service, credentials } = here.services;
  await credentials.set({ of: { kind: 'passphrase', keyFile }, secret: passphrase, holder: 'session' });
  const endpoint = { testbedId: here.testbed.id, host: '127.0.0.1', port: server.port, user: here.user };
  const node = service.addNode({ ...endpoint, auth: 'key-file', keyFile });
  await here.say(node, true);

  const push = await here.finished(here.start(here.addModel(randomBytes(2 * MIB))));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.nodes[0]?.outcome?.carrier).toEqual(OPENSSH);
});

test.each(['fish', 'bash', 'zsh', 'tcsh'])('ssh brings a model past %s as the login shell and its noisy start-up file', async (name) => {
  const shell = LOGIN_SHELLS.find((known) => known.name === name)!;
  const program = findShell(shell);
  const sshd = findSshd();
  if (!program || !sshd || findOpenSsh() === null || process.getuid?.() !== 0) return;
  const here = await openPushHarness({ sshd, workerPath: worker });
  ending.push(() => here.close());
  const homeDir = mkdtempSync(join(here.dir, 'account-'));
  writeHomeFile(homeDir, shell.startUpFile!, `${shell.habits['prints']!}\n${shell.habits['changes the folder']!}`);
  const account = makeSystemAccount({ shell: program, homeDir });
  if (!account) return;
  ending.push(() => account.remove());
  const server = await here.startServer(undefined, { keepsAccounts: true });
  const endpoint = { testbedId: here.testbed.id, host: '127.0.0.1', port: server.port, user: account.user };
  await here.say(here.services.service.addNode(endpoint), true);
  const model = here.addModel();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.nodes[0]?.outcome?.carrier).toEqual(OPENSSH);
  expect(isWhole({ homeDir }, model)).toBe(true);
});

async function makeAccount(context: TestContext): Promise<SystemAccount | null> {
  const account = makeSystemAccount();
  if (account) ending.push(() => account.remove());
  else await context.annotate('No account can be made here (not root), so no password was tried.');
  return account;
}
