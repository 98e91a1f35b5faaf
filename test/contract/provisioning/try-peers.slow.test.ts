// Nodes that knock at each other's ports: the programs in every language that a node may have, and a plan over OpenSSH's servers.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openPeerPort } from '../../../src/main/domain/nodes/provisioning/peers/peer-port.js';
import { knockScript, listenScript } from '../../../src/main/domain/nodes/provisioning/peers/peer-scripts.js';
import {
  KNOCK_STATUSES,
  LISTEN_STATUSES,
  PEER_TOOLS,
  type PeerTool,
} from '../../../src/main/domain/nodes/provisioning/peers/peer-tools.js';
import { parseAnswers, tryPeers } from '../../../src/main/domain/nodes/provisioning/peers/try-peers.js';
import type { NodeConnector } from '../../../src/main/domain/nodes/access/node-connector.js';
import type { SshConnection } from '../../../src/main/adapters/ssh/ssh-connection.js';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import { tryPort } from '../../../src/main/foundation/try-port.js';
import { AppError } from '../../../src/shared/errors.js';
import { describePeerReach } from '../../../src/shared/peer-reach.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { until } from '../../support/until.js';
import { openProvisionHarness, type ProvisionHarness } from '../../support/provision-harness.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: '/nonexistent' };
/** Of TEST-NET-1, which no network routes to; a machine may refuse it at once, or say nothing. */
const NOWHERE = '192.0.2.1';
/** Listens and takes no connection: once its queue is full, Linux answers no more, as a firewall that drops. */
const HOLD_PORT = `use Socket;
socket(my $server, PF_INET, SOCK_STREAM, 0); bind($server, sockaddr_in($ARGV[0], INADDR_LOOPBACK)); listen($server, 0);
$| = 1; print "ready\n"; sleep 600`;

let server: Server | null = null;
let holder: ChildProcess | null = null;
let harness: ProvisionHarness | null = null;
afterEach(async () => {
  server?.close();
  server = null;
  holder?.kill('SIGKILL');
  holder = null;
  await harness?.close();
  harness = null;
});

async function listening(): Promise<number> {
  server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

/** A port of this computer that says nothing; null where there is no perl to hold it. */
async function silentPort(): Promise<number | null> {
  const port = await findFreePort('127.0.0.1', null);
  holder = spawn('perl', ['-e', HOLD_PORT, String(port)], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = (await Promise.race([once(holder.stdout!, 'data'), once(holder, 'error').then(() => [null])])) as [Buffer | null];
  if (said === null) return null;
  // They wait in the queue until the holder ends; the last of them are not taken into it.
  for (let count = 0; count < 4; count++) connect(port, '127.0.0.1').on('error', () => undefined);
  const signal = new AbortController().signal;
  await until(async () => (await tryPort({ host: '127.0.0.1', port, timeoutMs: 500, signal })) === 'silent');
  return port;
}

function hasTool({ command, proof }: PeerTool): boolean {
  const script = `tool_path=$(command -v node); ${command} '${proof}'`;
  return spawnSync('/bin/sh', ['-c', script], { env }).status === 0;
}

function knock(script: string, input: string, more: Record<string, string> = {}) {
  const { status, stdout } = spawnSync('/bin/sh', ['-c', script], { env: { ...env, ...more }, input, encoding: 'utf8' });
  return { status, answers: parseAnswers(stdout) };
}

describe.each(PEER_TOOLS)('by $name', (tool) => {
  test('an open port is reached, a closed one refused, a name without address named, and silence is no answer', async (context) => {
    if (!hasTool(tool)) return void (await context.annotate(`There is no ${tool.name} on this machine.`));
    const open = await listening();
    const closed = await findFreePort('127.0.0.1', null);
    const silent = await silentPort();
    const input = `0 127.0.0.1 ${open}\n1 127.0.0.1 ${closed}\n2 no-such-host.invalid 80\n${silent === null ? '' : `3 127.0.0.1 ${silent}\n`}`;

    // The server of the test answers in this process: it may not be blocked.
    const answers = await answersOf(knockScript({ tools: [tool], allowsBash: false }), input);

    expect([answers.get(0), answers.get(1), answers.get(2)]).toEqual(['reached', 'refused', 'no-name']);
    if (silent !== null) expect(answers.get(3)).toBe('silent');
  });

  test('a port is open until it is given back, and one that is taken is reported as such', async (context) => {
    if (!hasTool(tool)) return void (await context.annotate(`There is no ${tool.name} on this machine.`));
    const port = await findFreePort('127.0.0.1', null);
    const connection = execHere(listenScript({ port, family: 4, seconds: 200, tools: [tool] }));
    const options = { connection, nodeName: 'node-1', port, family: 4 as const, seconds: 200, signal: new AbortController().signal };
    const knockHere = () => tryPort({ host: '127.0.0.1', port, timeoutMs: 20_000, signal: options.signal });

    const opened = await openPeerPort(options);
    expect([opened.why, await knockHere(), await knockHere()]).toEqual([null, 'open', 'open']);
    const second = spawnSync('/bin/sh', ['-c', listenScript({ port, family: 4, seconds: 200, tools: [tool] })], { env, input: '' });
    expect(second.status).toBe(LISTEN_STATUSES.taken);
    await opened.close();

    expect(await knockHere()).toBe('closed');
  });
});

test('bash knocks where nothing else can, once it has proved that it can', async () => {
  const open = await listening();
  const closed = await findFreePort('127.0.0.1', null);
  const input = `0 127.0.0.1 ${open}\n1 127.0.0.1 ${closed}\n`;
  const connection = `127.0.0.1 40000 127.0.0.1 ${open}`;

  const answers = await answersOf(knockScript({ tools: [] }), input, { SSH_CONNECTION: connection });

  expect(answers).toEqual(
    new Map([
      [0, 'reached'],
      [1, 'failed'],
    ]),
  );
});

test('a node with none of the tools says so, and nothing counts as reached', () => {
  const unproved = knock(knockScript({ tools: [] }), '0 127.0.0.1 22\n');
  expect(unproved).toEqual({ status: LISTEN_STATUSES.noTool, answers: new Map() });
  expect(spawnSync('/bin/sh', ['-c', listenScript({ port: 1, family: 4, seconds: 1, tools: [] })], { env }).status).toBe(
    LISTEN_STATUSES.noTool,
  );
});

test('what a node answers is an answer only as index and a status that a tool has', () => {
  expect(parseAnswers(`0 0\n1 ${KNOCK_STATUSES.silent}\n2 255\nwelcome\n3 0 0\n-1 0\n`)).toEqual(
    new Map([
      [0, 'reached'],
      [1, 'silent'],
    ]),
  );
});

describe('a plan over OpenSSH', () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  });

  test('names every connection between the nodes before and after they are provisioned, and leaves no port open', async (context) => {
    const sshd = findSshd();
    if (!sshd) return void (await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.'));
    harness = await openProvisionHarness({ sshd, bundlePath: bundle, nodeCount: 3 });
    const { services, testbed, nodes } = harness;
    const plan = () => services.provisioning.plan({ testbedId: testbed.id, acceptNewHostKeys: true }, new AbortController().signal);

    const before = await plan();

    // Three from this computer, and two from each of three nodes.
    expect(before.peers?.tries).toHaveLength(9);
    expect(new Set(before.peers?.tries.map(({ answer }) => answer))).toEqual(new Set(['reached']));
    expect(describePeerReach(before.peers!).problems).toEqual([]);
    const ports = nodes.map(({ agentPort }) => agentPort!);
    const signal = new AbortController().signal;
    const knocked = await Promise.all(ports.map((port) => tryPort({ host: '127.0.0.1', port, timeoutMs: 20_000, signal })));
    expect(knocked).toEqual(['closed', 'closed', 'closed']);

    expect((await harness.provision()).state).toBe('succeeded');
    expect(new Set((await plan()).peers?.tries.map(({ answer }) => answer))).toEqual(new Set(['reached']));
  });

  test('names the node that the others do not reach by the address it has, and those it could not ask', async (context) => {
    const sshd = findSshd();
    if (!sshd) return void (await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.'));
    harness = await openProvisionHarness({ sshd, bundlePath: bundle, nodeCount: 3 });
    const { services, testbed, nodes } = harness;
    await services.provisioning.plan({ testbedId: testbed.id, acceptNewHostKeys: true }, new AbortController().signal);
    const [first, second, third] = nodes;
    const lost = { ...third!, port: await findFreePort('127.0.0.1', null) };
    const { connector } = services;
    // The connection leads to the node that is meant; its address in the testbed is one at which no one answers.
    const misnamed = { ...second!, host: NOWHERE };
    const asked = {
      connect: (node: typeof lost, options: Parameters<typeof connector.connect>[1]) =>
        connector.connect(node === misnamed ? second! : node, options),
    };

    const reach = await tryPeers({ nodes: [first!, misnamed, lost], connector: asked, signal: new AbortController().signal });

    const { problems, notTried, summary } = describePeerReach(reach);
    expect(problems.map(({ text }) => text).join()).toContain(`node-2 (${NOWHERE}, port ${second!.agentPort})`);
    expect(reach.tries.filter(({ fromId, toId }) => fromId === second!.id && toId === first!.id)[0]?.answer).toBe('reached');
    expect(notTried.join()).toContain('node-3 was not reached by SSH.');
    expect(summary).toMatch(/^2 of 4 connections/);
  });
});

async function answersOf(script: string, input: string, more: Record<string, string> = {}) {
  const child = spawn('/bin/sh', ['-c', script], { env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stdin.end(input);
  await once(child, 'close');
  return parseAnswers(said);
}

/** A connection that runs the script of the test here, whatever it is asked to run. */
function execHere(script: string): Pick<SshConnection, 'exec'> {
  return {
    exec: async (_script, { stdin, onOutput } = {}) => {
      const child = spawn('/bin/sh', ['-c', script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdout.on('data', (chunk: Buffer) => onOutput?.(chunk.toString('utf8'), 'stdout'));
      const ended = once(child, 'close') as Promise<[number | null]>;
      for await (const bytes of stdin ?? []) child.stdin.write(bytes);
      child.stdin.end();
      const [code] = await ended;
      return { code, stdout: '', stderr: '', isTruncated: false };
    },
  };
}

describe('many nodes', () => {
  const node = (index: number, port: number): TestbedNode =>
    ({ id: `node-${index}`, name: `node-${index}`, host: '127.0.0.1', agentPort: port }) as TestbedNode;

  /** Nodes that open their ports at once and reach everything; `seen` counts connections that are open side by side while they are made. */
  function willing(seen: { now: number; most: number; inputs: string[] }): NodeConnector {
    const exec: SshConnection['exec'] = async (_script, { stdin, onOutput } = {}) => {
      if (stdin instanceof Uint8Array) {
        const lines = Buffer.from(stdin).toString().trim().split('\n');
        seen.inputs.push(...lines);
        return { code: 0, stdout: lines.map((line) => `${line.split(' ')[0]} 0\n`).join(''), stderr: '', isTruncated: false };
      }
      onOutput?.('listening\n', 'stdout');
      for await (const bytes of stdin ?? []) void bytes;
      return { code: 0, stdout: '', stderr: '', isTruncated: false };
    };
    const connect = async () => {
      seen.now++;
      seen.most = Math.max(seen.most, seen.now);
      await new Promise((resolve) => setImmediate(resolve));
      seen.now--;
      return { kind: 'connected', connection: { exec, close: () => undefined } };
    };
    return { connect } as unknown as NodeConnector;
  }

  test('fifty try all others, sixteen at once', async () => {
    const port = await findFreePort('127.0.0.1', null);
    const seen = { now: 0, most: 0, inputs: [] as string[] };
    const nodes = Array.from({ length: 50 }, (_, index) => node(index, port));

    const reach = await tryPeers({ nodes, connector: willing(seen), signal: new AbortController().signal });

    expect(seen.most).toBeLessThanOrEqual(16);
    expect(seen.inputs).toHaveLength(50 * 49);
    expect(reach.tries).toHaveLength(50 * 50);
    expect(reach.tries.filter(({ fromId }) => fromId !== null).every(({ answer }) => answer === 'reached')).toBe(true);
    expect(reach.sampledPeers).toBeNull();
  });

  test('what is not tried when the time is over says so, and a cancel ends all of it', async () => {
    const nodes = [node(1, 1), node(2, 1)];
    const never = {
      connect: (_node: TestbedNode, { signal }: { signal: AbortSignal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'It was given up.')))),
    } as unknown as NodeConnector;

    const reach = await tryPeers({ nodes, connector: never, signal: new AbortController().signal, limitMs: 50 });

    expect(new Set(reach.tries.map(({ answer }) => answer))).toEqual(new Set(['not-tried']));
    expect(describePeerReach(reach).summary).toBe('Whether the nodes reach each other could not be tried.');
    const canceling = new AbortController();
    const canceled = tryPeers({ nodes, connector: never, signal: canceling.signal });
    canceling.abort();
    await expect(canceled).rejects.toThrow();
  });
});
