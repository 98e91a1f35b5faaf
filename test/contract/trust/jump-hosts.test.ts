// A node behind two hosts, all three OpenSSH's own server on loopback.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test as plainTest } from 'vitest';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../../support/find-tools.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { openTrustLab, type TrustLab } from '../../support/trust-lab.js';

let lab: TrustLab | null;

beforeEach(async () => {
  const sshd = findSshd();
  lab = sshd ? await openTrustLab(sshd) : null;
});
afterEach(() => lab?.remove());

interface Chain {
  outer: RealSshd;
  inner: RealSshd;
  target: RealSshd;
  node: TestbedNode;
}

/** The target takes only the key in the file that the configuration names, the hops only the program's own. */
async function buildChain(lab: TrustLab): Promise<Chain> {
  const keyPair = generateSshKeyPair();
  const keyFile = join(lab.dir, 'id_target');
  writeFileSync(keyFile, keyPair.privateKeyPem, { mode: 0o600 });
  const outer = await lab.startServer();
  const inner = await lab.startServer();
  const target = await lab.startServer(keyPair.publicKeyLine);
  const host = (alias: string, { port }: RealSshd, ...more: string[]): string[] => [
    `Host ${alias}`,
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${lab.user}`,
    'IdentityFile none',
    ...more,
  ];
  lab.writeSshConfig(
    ...host('orin', target, `IdentityFile ${keyFile}`, 'ProxyJump outer,inner'),
    ...host('outer', outer),
    ...host('inner', inner, 'HostKeyAlias inner-gate'),
  );
  const node = await lab.bench.service.addNodeByAlias({ testbedId: lab.testbed.id, alias: 'orin' });
  return { outer, inner, target, node };
}

function test(name: string, act: (lab: TrustLab) => Promise<void>): void {
  plainTest(name, async (context) => {
    if (lab) await act(lab);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

test('a node of ~/.ssh/config keeps its name, address and way on record', async (lab) => {
  const { node, target } = await buildChain(lab);

  expect(node).toMatchObject({ name: 'orin', host: '127.0.0.1', port: target.port, user: lab.user, keyFile: null });
  expect(node.sshRoute?.hops.map((hop) => hop.alias)).toEqual(['outer', 'inner']);
  expect(lab.bench.service.get(lab.testbed.id).nodes).toEqual([node]);
});

test('commands run on the node behind two hops, and each host key is recorded under its own name', async (lab) => {
  const { node, outer, inner, target } = await buildChain(lab);

  expect(await lab.say(node, true)).toBe(`hello from ${target.homeDir}`);

  const { hostKeyRecords } = lab.bench;
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

test('each unknown key on the way is asked for in turn', async (lab) => {
  const { node, outer, inner, target } = await buildChain(lab);
  const asked: number[] = [];
  for (let round = 0; round < 3; round++) {
    await expect(lab.say(node)).rejects.toMatchObject({ code: 'host-key-unknown' });
    const question = lab.questionOf(node)!;
    asked.push(question.port);
    lab.bench.hostKeys.answer({ nodeId: node.id, fingerprint: question.fingerprint, replace: false });
  }

  expect(asked).toEqual([outer.port, inner.port, target.port]);
  expect(await lab.say(node)).toContain('hello');
});

test('a hop whose key has changed stops the way there, with the line of the old key', async (lab) => {
  const { node, inner } = await buildChain(lab);
  lab.writeUserFile(`inner-gate ${inner.hostKeyLine()}`);
  await inner.restartWithNewHostKey();

  await expect(lab.say(node, true)).rejects.toMatchObject({
    code: 'host-key-changed',
    message: expect.stringMatching(new RegExp(`inner-gate, port ${inner.port}.*${lab.userFile}:1`)) as string,
  });
});

test('a node that its last hop cannot reach is told with both addresses', async (lab) => {
  const { node, inner, target } = await buildChain(lab);
  await target.stop();

  await expect(lab.say(node, true)).rejects.toMatchObject({
    code: 'ssh-unreachable',
    message: expect.stringMatching(new RegExp(`port ${inner.port}, could not reach .*port ${target.port}`)) as string,
  });
});

test('a hop that is switched off is told with its address', async (lab) => {
  const { node, outer } = await buildChain(lab);
  await outer.stop();

  await expect(lab.say(node, true)).rejects.toMatchObject({
    code: 'ssh-unreachable',
    message: expect.stringContaining(`port ${outer.port} refuses`) as string,
  });
});

test('a key that only the SSH agent holds logs in', async (lab) => {
  const keyFile = join(lab.dir, 'id_agent');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  const socketPath = join(lab.dir, 'agent.sock');
  const listening = waitForFile(lab.dir, socketPath);
  const agent = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: 'ignore' });
  try {
    await listening;
    execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socketPath }, stdio: 'ignore' });
    const server = await lab.startServer(readFileSync(`${keyFile}.pub`, 'utf8').trim());
    lab.writeSshConfig('Host orin', 'HostName 127.0.0.1', `Port ${server.port}`, `User ${lab.user}`, 'IdentityFile none');
    const node = await lab.bench.service.addNodeByAlias({ testbedId: lab.testbed.id, alias: 'orin' });
    await expect(lab.say(node, true)).rejects.toMatchObject({ code: 'ssh-auth-failed' });

    lab.agent.socketPath = socketPath;

    expect(await lab.say(node)).toContain('hello');
  } finally {
    const ended = once(agent, 'exit');
    agent.kill();
    await ended;
  }
});

test('an agent that is gone is one login that fails, told with what was tried', async (lab) => {
  const server = await lab.startServer(generateSshKeyPair().publicKeyLine);
  lab.writeSshConfig('Host orin', 'HostName 127.0.0.1', `Port ${server.port}`, `User ${lab.user}`, 'IdentityFile none');
  const node = await lab.bench.service.addNodeByAlias({ testbedId: lab.testbed.id, alias: 'orin' });
  lab.agent.socketPath = join(lab.dir, 'no-agent.sock');

  await expect(lab.say(node, true)).rejects.toMatchObject({
    code: 'ssh-auth-failed',
    message: expect.stringMatching(/program's own key, keys of the SSH agent/) as string,
  });
});

function waitForFile(dir: string, path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dir, () => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    });
  });
}
