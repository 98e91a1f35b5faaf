// What ~/.ssh/config says of a host's key and of the keys to log in with, against OpenSSH's server, with OpenSSH's client as the witness: what it
// refuses is refused here.
import { execFileSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test as plainTest } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../../support/find-tools.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';
import { startUserSshAgent } from '../../support/user-ssh-agent.js';

let harness: TrustHarness | null;
let agent: ChildProcess | null;

beforeEach(async () => {
  agent = null;
  const sshd = findSshd();
  harness = sshd ? await openTrustHarness(sshd) : null;
});
afterEach(async () => {
  agent?.kill();
  await harness?.remove();
});

function test(name: string, act: (harness: TrustHarness) => Promise<void>): void {
  plainTest(name, async (context) => {
    if (harness) await act(harness);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

interface Configured {
  server: RealSshd;
  node: TestbedNode;
  /** The key that the server takes. */
  keyFile: string;
}

/** A server that takes one key, which the configuration names, and the node of it. */
async function configure(harness: TrustHarness, ...lines: string[]): Promise<Configured> {
  const keyPair = generateSshKeyPair();
  const keyFile = join(harness.dir, 'id_lab');
  writeFileSync(keyFile, keyPair.privateKeyPem, { mode: 0o600 });
  writeFileSync(`${keyFile}.pub`, `${keyPair.publicKeyLine}\n`);
  const server = await harness.startServer(keyPair.publicKeyLine);
  const node = await describe(harness, server, `IdentityFile ${keyFile}`, ...lines);
  return { server, node, keyFile };
}

function describe(harness: TrustHarness, server: RealSshd, ...lines: string[]): Promise<TestbedNode> {
  harness.writeSshConfig('Host orin', 'HostName 127.0.0.1', `Port ${server.port}`, `User ${harness.user}`, ...lines);
  return harness.services.service.addNodeByAlias({ testbedId: harness.testbed.id, alias: 'orin' });
}

/** Whether `ssh` itself, which asks no one, reaches the host. */
function doesSshReach(harness: TrustHarness): boolean {
  const config = join(harness.services.dataDir, 'ssh_config');
  try {
    execFileSync('ssh', ['-F', config, '-o', 'BatchMode=yes', 'orin', 'echo hello'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

const pin = (harness: TrustHarness): string => join(harness.dir, 'pinned');
const nameOf = ({ port }: RealSshd): string => `[127.0.0.1]:${port}`;

test('a pinned host whose key is not in its file is refused, also where new keys are accepted, and without a question', async (harness) => {
  const { node } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking yes');
  expect(doesSshReach(harness)).toBe(false);

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'host-key-unknown',
    message: expect.stringContaining(pin(harness)) as string,
  });
  expect(harness.questionOf(node)).toBeNull();
});

test('a pinned host stays refused although this program has its key on record', async (harness) => {
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking yes');
  const [keyType = '', keyBase64 = ''] = server.hostKeyLine().split(' ');
  const record = { host: '127.0.0.1', port: server.port, keyType, keyBase64, fingerprint: 'SHA256:x', nodeId: node.id };
  harness.services.hostKeyRecords.replace({ ...record, source: 'for another node', atMs: 1 });

  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-unknown' });
});

test('a pinned host is reached by the key in its file, and no other file is asked', async (harness) => {
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking yes');
  harness.writeUserFile(`${nameOf(server)} ${server.hostKeyLine()}`);
  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-unknown' });

  writeFileSync(pin(harness), `${nameOf(server)} ${server.hostKeyLine()}\n`);
  expect(doesSshReach(harness)).toBe(true);
  expect(await harness.say(node)).toContain('hello');
});

test('a pinned host with another key is refused by file and line', async (harness) => {
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking yes');
  writeFileSync(pin(harness), `${nameOf(server)} ${server.hostKeyLine()}\n`);
  await server.restartWithNewHostKey();
  expect(doesSshReach(harness)).toBe(false);

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringContaining(`${pin(harness)}:1`) as string,
  });
  expect(harness.questionOf(node)).toBeNull();
});

test('the second of several files counts, and an alias of the host key', async (harness) => {
  const second = join(harness.dir, 'second');
  const lines = [`UserKnownHostsFile ${pin(harness)} ${second}`, 'StrictHostKeyChecking yes', 'HostKeyAlias bench-7'];
  const { node, server } = await configure(harness, ...lines);
  writeFileSync(second, `bench-7 ${server.hostKeyLine()}\n`);
  expect(doesSshReach(harness)).toBe(true);

  expect(await harness.say(node)).toContain('hello');
});

test('the file of all users counts as the configuration names it', async (harness) => {
  const { node, server } = await configure(
    harness,
    'UserKnownHostsFile none',
    `GlobalKnownHostsFile ${pin(harness)}`,
    'StrictHostKeyChecking yes',
  );
  writeFileSync(pin(harness), `${nameOf(server)} ${server.hostKeyLine()}\n`);
  expect(doesSshReach(harness)).toBe(true);

  expect(await harness.say(node)).toContain('hello');
});

test('accept-new accepts a new key without a question and never a changed one', async (harness) => {
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking accept-new');

  expect(await harness.say(node)).toContain('hello');
  expect(harness.services.hostKeyRecords.find('127.0.0.1', server.port)?.source).toContain('StrictHostKeyChecking');
  expect(existsSync(pin(harness))).toBe(false);

  await server.restartWithNewHostKey();
  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-changed' });
});

test('accept-new does not answer for a person who compares a fingerprint', async (harness) => {
  const { node } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking accept-new');

  expect(await harness.connector.probe(node, new AbortController().signal)).toMatchObject({ kind: 'host-key-question' });
});

test('"no" still refuses a changed key, and the node says so', async (harness) => {
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking no');
  writeFileSync(pin(harness), `${nameOf(server)} ${server.hostKeyLine()}\n`);
  await server.restartWithNewHostKey();

  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-changed' });
  expect(node.sshRoute?.remarks).toEqual([expect.stringContaining('StrictHostKeyChecking no') as string]);
});

test('a key in RevokedHostKeys is refused although it is known, and so is every key when that file is gone', async (harness) => {
  const revoked = join(harness.dir, 'revoked');
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, `RevokedHostKeys ${revoked}`);
  writeFileSync(pin(harness), `${nameOf(server)} ${server.hostKeyLine()}\n`);
  writeFileSync(revoked, '');
  expect(doesSshReach(harness)).toBe(true);
  expect(await harness.say(node)).toContain('hello');

  writeFileSync(revoked, server.hostKeyLine());
  expect(doesSshReach(harness)).toBe(false);
  await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-revoked', message: expect.stringContaining(revoked) as string });

  rmSync(revoked);
  expect(doesSshReach(harness)).toBe(false);
  await expect(harness.say(node)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(revoked) as string });
});

/** An agent that holds keys; resolves with its socket. */
async function startAgent(harness: TrustHarness, ...keyFiles: string[]): Promise<string> {
  const socketPath = join(harness.dir, 'agent.sock');
  agent = await startUserSshAgent(socketPath, keyFiles);
  return socketPath;
}

test('the agent that IdentityAgent names logs in, by path and by environment variable, and none does not', async (harness) => {
  const { server, keyFile } = await configure(harness);
  const socketPath = await startAgent(harness, keyFile);
  const trusting = ['IdentityFile none', `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking accept-new'];
  const reach = async (identityAgent: string): Promise<string> => {
    for (const { id } of harness.services.service.get(harness.testbed.id).nodes) await harness.services.service.removeNode(id);
    return harness.say(await describe(harness, server, ...trusting, `IdentityAgent ${identityAgent}`));
  };

  expect(await reach(socketPath)).toContain('hello');
  process.env['DEDGEAI_TEST_AGENT'] = socketPath;
  try {
    expect(await reach('$DEDGEAI_TEST_AGENT')).toContain('hello');
  } finally {
    delete process.env['DEDGEAI_TEST_AGENT'];
  }
  harness.agent.socketPath = socketPath;
  expect(await reach('SSH_AUTH_SOCK')).toContain('hello');
  await expect(reach('none')).rejects.toMatchObject({ code: 'ssh-auth-failed' });
});

test('with IdentitiesOnly the agent offers the keys of the files alone, and the program offers none of its own', async (harness) => {
  const { server, keyFile, node: first } = await configure(harness);
  await harness.services.service.removeNode(first.id);
  harness.agent.socketPath = await startAgent(harness, keyFile);
  const trusting = [`UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking accept-new', 'IdentitiesOnly yes'];
  const named = join(harness.dir, 'named');
  copyFileSync(`${keyFile}.pub`, `${named}.pub`);
  const other = generateSshKeyPair();
  writeFileSync(join(harness.dir, 'other.pub'), other.publicKeyLine);

  const node = await describe(harness, server, ...trusting, `IdentityFile ${named}`);
  expect(await harness.say(node)).toContain('hello');
  await harness.services.service.removeNode(node.id);
  const without = await describe(harness, server, ...trusting, `IdentityFile ${join(harness.dir, 'other')}`);
  await expect(harness.say(without)).rejects.toMatchObject({ code: 'ssh-auth-failed' });

  const own = await harness.startServer();
  await harness.services.service.removeNode(without.id);
  await expect(harness.say(await describe(harness, own, ...trusting, `IdentityFile ${named}`))).rejects.toMatchObject({
    code: 'ssh-auth-failed',
  });
});

test('a key in PKCS#8 logs in', async (harness) => {
  const keyFile = join(harness.dir, 'id_pkcs8');
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-m', 'PKCS8', '-N', '', '-f', keyFile]);
  const server = await harness.startServer(readFileSync(`${keyFile}.pub`, 'utf8').trim());
  const node = harness.addNode(server);

  harness.services.service.setNodeLogin({ id: node.id, auth: 'key-file', keyFile });

  expect(await harness.say(harness.services.service.get(harness.testbed.id).nodes[0]!, true)).toContain('hello');
});

test('options that are not obeyed are kept with the node, those of the hosts on the way with these', async (harness) => {
  const { node } = await configure(
    harness,
    'Compression yes',
    'ProxyJump gate',
    'Host gate',
    'HostName 192.0.2.1',
    'BindAddress 192.0.2.9',
  );

  expect(node.sshRoute?.remarks).toEqual([expect.stringMatching(/^Compression yes is not supported/) as string]);
  expect(node.sshRoute?.hops[0]?.remarks).toEqual([expect.stringMatching(/^BindAddress/) as string]);
  expect(readFileSync(join(harness.services.dataDir, 'ssh_config'), 'utf8')).toContain('Compression');
});

plainTest('every option that this OpenSSH prints has its row in the table', async (context) => {
  const { isKnownOption } = await import('../../../src/main/adapters/ssh/ssh-options.js');
  let printed: string;
  try {
    printed = execFileSync('ssh', ['-F', 'none', '-G', '--', 'orin'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return context.annotate('There is no ssh on this machine, so OpenSSH was not asked.').then(() => undefined);
  }
  const unknown = printed
    .split('\n')
    .flatMap((line) => line.split(' ')[0] || [])
    .filter((keyword) => !isKnownOption(keyword));
  expect(unknown).toEqual([]);
});

test('a node that was added before the rules were asked for is refused what ssh refuses, at its next connection of whatever kind', async (harness) => {
  const { node, server } = await configure(harness, `UserKnownHostsFile ${pin(harness)}`, 'StrictHostKeyChecking yes');
  const { testbeds, hostKeyRecords, events, database } = harness.services;
  const { alias, hops, identityFiles, identitiesOnly, hostKeyAlias } = node.sshRoute!;
  // As a version of before wrote it.
  const former = JSON.stringify({ alias, hops, identityFiles, identitiesOnly, hostKeyAlias });
  database.prepare('UPDATE nodes SET ssh_route_json = @former WHERE id = @id').run({ former, id: node.id });
  const old = testbeds.getNode(node.id)!;
  expect(old.sshRoute).toMatchObject({ areRulesRead: false, hostKeyRules: { unknownKey: 'ask' } });

  await expect(harness.say(old, true)).rejects.toMatchObject({ code: 'host-key-unknown' });

  expect(hostKeyRecords.find('127.0.0.1', node.port)).toBeNull();
  expect(testbeds.getNode(node.id)!.sshRoute).toEqual(node.sshRoute);
  expect(events.join()).toContain(`how host keys on the way to node "${node.name}" are verified`);
  writeFileSync(pin(harness), `${nameOf(server)} ${server.hostKeyLine()}`);
  expect(await harness.say(old)).toContain('hello');
});

test('one whose configuration OpenSSH refuses now is not reached, and says how that is checked', async (harness) => {
  const { node } = await configure(harness);
  harness.services.testbeds.updateNode(node.id, { sshRoute: { ...node.sshRoute!, areRulesRead: false } });
  harness.writeSshConfig('Host orin', 'NoSuchKeyword yes');

  await expect(harness.say(harness.services.testbeds.getNode(node.id)!, true)).rejects.toMatchObject({
    code: 'invalid-input',
    hint: expect.stringContaining('ssh -G orin') as string,
  });
});
