// A node behind two hosts, all three OpenSSH's own server on loopback.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test as plainTest } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../../support/find-tools.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';
import { startUserSshAgent } from '../../support/user-ssh-agent.js';

let harness: TrustHarness | null;

beforeEach(async () => {
  const sshd = findSshd();
  harness = sshd ? await openTrustHarness(sshd) : null;
});
afterEach(() => harness?.remove());

interface Chain {
  outer: RealSshd;
  inner: RealSshd;
  target: RealSshd;
  node: TestbedNode;
}

/** The target takes only the key in the file that the configuration names, the hops only the program's own. */
async function buildChain(harness: TrustHarness): Promise<Chain> {
  const keyPair = generateSshKeyPair();
  const keyFile = join(harness.dir, 'id_target');
  writeFileSync(keyFile, keyPair.privateKeyPem, { mode: 0o600 });
  const outer = await harness.startServer();
  const inner = await harness.startServer();
  const target = await harness.startServer(keyPair.publicKeyLine);
  const host = (alias: string, { port }: RealSshd, ...more: string[]): string[] => [
    `Host ${alias}`,
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${harness.user}`,
    'IdentityFile none',
    ...more,
  ];
  harness.writeSshConfig(
    ...host('orin', target, `IdentityFile ${keyFile}`, 'ProxyJump outer,inner'),
    ...host('outer', outer),
    ...host('inner', inner, 'HostKeyAlias inner-gate'),
  );
  const node = await harness.services.service.addNodeByAlias({ testbedId: harness.testbed.id, alias: 'orin' });
  return { outer, inner, target, node };
}

function test(name: string, act: (harness: TrustHarness) => Promise<void>): void {
  plainTest(name, async (context) => {
    if (harness) await act(harness);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

test('a node of ~/.ssh/config keeps its name, address and way on record', async (harness) => {
  const { node, target } = await buildChain(harness);

  expect(node).toMatchObject({ name: 'orin', host: '127.0.0.1', port: target.port, user: harness.user, keyFile: null });
  expect(node.sshRoute?.hops.map((hop) => hop.alias)).toEqual(['outer', 'inner']);
  expect(harness.services.service.get(harness.testbed.id).nodes).toEqual([node]);
});

test('commands run on the node behind two hops, and each host key is recorded under its own name', async (harness) => {
  const { node, outer, inner, target } = await buildChain(harness);

  expect(await harness.say(node, true)).toBe(`hello from ${target.homeDir}`);

  const { hostKeyRecords } = harness.services;
  const recorded = [
    hostKeyRecords.find('127.0.0.1', outer.port),
    hostKeyRecords.find('inner-gate', inner.port),
    hostKeyRecords.find('127.0.0.1', target.port),
  ];
  expect(recorded.map((key) => `ssh-ed25519 ${key?.keyBase64}`)).toEqual(
    [outer, inner, target].map((server) => server.hostKeyLine().trim()),
  );
  expect(hostKeyRecords.find('127.0.0.1', inner.port)).toBeNull();
});

test('each unknown key on the way is asked for in turn', async (harness) => {
  const { node, outer, inner, target } = await buildChain(harness);
  const asked: number[] = [];
  for (let round = 0; round < 3; round++) {
    await expect(harness.say(node)).rejects.toMatchObject({ code: 'host-key-unknown' });
    const question = harness.questionOf(node)!;
    asked.push(question.port);
    harness.services.hostKeys.answer({ nodeId: node.id, fingerprint: question.fingerprint, replace: false });
  }

  expect(asked).toEqual([outer.port, inner.port, target.port]);
  expect(await harness.say(node)).toContain('hello');
});

test('a hop whose key has changed stops the way there, with the line of the old key', async (harness) => {
  const { node, inner } = await buildChain(harness);
  harness.writeUserFile(`inner-gate ${inner.hostKeyLine()}`);
  await inner.restartWithNewHostKey();

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringMatching(new RegExp(`inner-gate, port ${inner.port}.*${harness.userFile}:1`)) as string,
  });
});

test('a node that its last hop cannot reach is reported with both addresses', async (harness) => {
  const { node, inner, target } = await buildChain(harness);
  await target.stop();

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'ssh-unreachable',
    message: expect.stringMatching(new RegExp(`port ${inner.port}, could not reach .*port ${target.port}`)) as string,
  });
});

test('a hop that is switched off is reported with its address', async (harness) => {
  const { node, outer } = await buildChain(harness);
  await outer.stop();

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'ssh-unreachable',
    message: expect.stringContaining(`port ${outer.port} refuses`) as string,
  });
});

test('a key that only the SSH agent holds logs in', async (harness) => {
  const keyFile = join(harness.dir, 'id_agent');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  const socketPath = join(harness.dir, 'agent.sock');
  const agent = await startUserSshAgent(socketPath, [keyFile]);
  try {
    const server = await harness.startServer(readFileSync(`${keyFile}.pub`, 'utf8').trim());
    harness.writeSshConfig('Host orin', 'HostName 127.0.0.1', `Port ${server.port}`, `User ${harness.user}`, 'IdentityFile none');
    const node = await harness.services.service.addNodeByAlias({ testbedId: harness.testbed.id, alias: 'orin' });
    await expect(harness.say(node, true)).rejects.toMatchObject({ code: 'ssh-auth-failed' });

    harness.agent.socketPath = socketPath;

    expect(await harness.say(node)).toContain('hello');
  } finally {
    const ended = once(agent, 'exit');
    agent.kill();
    await ended;
  }
});

test('an agent that is gone is one login that fails, told with what was tried', async (harness) => {
  const server = await harness.startServer(generateSshKeyPair().publicKeyLine);
  harness.writeSshConfig('Host orin', 'HostName 127.0.0.1', `Port ${server.port}`, `User ${harness.user}`, 'IdentityFile none');
  const node = await harness.services.service.addNodeByAlias({ testbedId: harness.testbed.id, alias: 'orin' });
  harness.agent.socketPath = join(harness.dir, 'no-agent.sock');

  await expect(harness.say(node, true)).rejects.toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringMatching(/control center's key, keys of the SSH agent/) as string,
  });
});
