import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AgentConfig } from '../../../src/shared/agent-config.js';
import { findNodeProcesses } from '../../../src/main/programs/virtual-nodes/node-processes.js';
import { buildEntry } from '../../support/build-entry.js';
import { sshToNode } from '../../support/ssh-to-node.js';
import { openTestbedHarness, type TestbedHarness, virtualTestbed } from '../../support/testbed-harness.js';

let entry: string;
let harness: TestbedHarness;

beforeAll(async () => {
  entry = await buildEntry('src/main/programs/virtual-nodes/host.ts');
});
beforeEach(async () => {
  harness = await openTestbedHarness({ hostEntryPath: entry });
});
afterEach(() => harness.remove());

const nextChange = (topic: TestbedHarness['changes']): Promise<void> =>
  new Promise((resolve) => {
    const stop = topic.subscribe(() => {
      stop();
      resolve();
    });
  });

test('creating a virtual testbed gives every node a port, a home and a recorded host key of its own', async () => {
  const testbed = await harness.service.createVirtual(virtualTestbed({ nodeCount: 3, speedFactors: [1, 0.5] }));

  expect(new Set(testbed.nodes.map((node) => node.port)).size).toBe(3);
  expect(testbed.nodes.map((node) => node.virtual?.speedFactor)).toEqual([1, 0.5, 1]);
  expect(harness.service.get(testbed.id)).toEqual(testbed);
  const keys = testbed.nodes.map((node) => harness.hostKeyRecords.find(node.host, node.port));
  expect(new Set(keys.map((key) => key?.fingerprint)).size).toBe(3);
  expect(keys.every((key) => key?.source === 'created by this program')).toBe(true);
});

test('a virtual node runs commands in its own home with a clean environment', async () => {
  const { nodes } = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  const ssh = await sshToNode(harness, nodes[0]!);

  const result = await ssh.exec('pwd; echo "$HOME"; env | grep -c "^npm_"; node --version; echo oops >&2; exit 7');

  const home = join(harness.nodesDir, nodes[0]!.id, 'home');
  expect(result).toMatchObject({ code: 7, stderr: 'oops\n', stdout: `${home}\n${home}\n0\n${process.version}\n` });
  ssh.close();
});

test('a virtual testbed comes back on the same ports after the program was closed and opened', async () => {
  const before = await harness.service.createVirtual(virtualTestbed({ nodeCount: 2 }));
  await harness.close();

  const again = await openTestbedHarness({ hostEntryPath: entry, dataDir: harness.dataDir });
  await again.virtualNodes.startAll();

  expect(again.service.list()).toEqual([before]);
  const ssh = await sshToNode(again, before.nodes[1]!);
  expect(await ssh.exec('echo up')).toMatchObject({ stdout: 'up\n' });
  ssh.close();
  harness = again;
});

test('a virtual testbed in the bin is off and keeps its folders, also over a start of the program, and boots when it is restored', async () => {
  await harness.remove();
  harness = await openTestbedHarness({ hostEntryPath: entry, activity: 'nodes' });
  const before = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  const node = before.nodes[0]!;
  await writeFile(join(harness.nodesDir, node.id, 'home', 'kept'), 'kept');
  const items = [{ kind: 'testbed' as const, id: before.id }];
  const { historyBin } = harness.core.services;
  await historyBin.move(items);
  await expect(sshToNode(harness, node)).rejects.toThrow();
  expect((await historyBin.list())[0]?.sizeBytes).toBeGreaterThan(0);
  await harness.close();

  harness = await openTestbedHarness({ hostEntryPath: entry, dataDir: harness.dataDir, activity: 'nodes' });
  await harness.core.booted;
  await expect(sshToNode(harness, node)).rejects.toThrow();
  await harness.core.services.historyBin.restore(items);
  const [restored] = harness.service.list();
  const ssh = await sshToNode(harness, restored!.nodes[0]!);
  expect(await ssh.exec('cat kept')).toMatchObject({ stdout: 'kept' });
  ssh.close();

  await harness.core.services.historyBin.move(items);
  const emptied = await harness.core.services.historyBin.empty();
  expect(emptied).toMatchObject({ removed: 1, problems: [] });
  expect(emptied.freedBytes).toBeGreaterThan(0);
  expect(existsSync(join(harness.nodesDir, node.id))).toBe(false);
});

test('a node whose port was taken in the meantime moves, with its record of the host key', async () => {
  const before = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  await harness.close();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(before.nodes[0]!.port, '127.0.0.1', resolve));

  const again = await openTestbedHarness({ hostEntryPath: entry, dataDir: harness.dataDir });
  await again.virtualNodes.startAll();
  squatter.close();

  const moved = again.service.get(before.id).nodes[0]!;
  expect(moved.port).not.toBe(before.nodes[0]!.port);
  const ssh = await sshToNode(again, moved);
  expect(await ssh.exec('echo up')).toMatchObject({ stdout: 'up\n' });
  ssh.close();
  harness = again;
});

test('when the process of the virtual nodes is killed, it restarts and the nodes come back', async () => {
  const { nodes } = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  const changed = nextChange(harness.changes);

  process.kill(harness.virtualNodes.hostPid!, 'SIGKILL');
  await changed;

  const ssh = await sshToNode(harness, nodes[0]!);
  expect(await ssh.exec('echo back')).toMatchObject({ stdout: 'back\n' });
  ssh.close();
  expect(harness.problems.join()).toContain('SIGKILL');
});

test('an agent that could not be started at the boot of its node is tried again', async () => {
  const { nodes } = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  await harness.close();
  const installDir = join(harness.nodesDir, nodes[0]!.id, 'home', '.dedgeai');
  await mkdir(installDir);
  const config: AgentConfig = {
    ...{ nodeId: nodes[0]!.id, nodeName: 'ES 1', testbedId: 'testbed-1', resultsDir: 'results', timeScale: 1, exitWithPid: null },
    listen: { host: '127.0.0.1', port: 0 },
    tls: { caFile: 'ca.pem', certificateFile: 'node.pem', privateKeyFile: 'node.key' },
    worker: { kind: 'simulated', timeModel: { fixedSec: 1, secPerStep: 1 }, speedFactor: 1, jitterFraction: 0 },
    simulatedLink: null,
  };
  await writeFile(join(installDir, 'config.json'), JSON.stringify(config));
  // As when another program takes the port in the moment between the look for a free one and the start.
  await writeFile(
    join(installDir, 'start-agent.sh'),
    'cd .dedgeai; [ -f tried ] && exec touch started; touch tried; echo "Port in use" >&2; exit 3',
  );

  const again = await openTestbedHarness({ hostEntryPath: entry, dataDir: harness.dataDir });
  await again.virtualNodes.startAll();
  await expect.poll(() => existsSync(join(installDir, 'started'))).toBe(true);
  await again.close();
  expect(again.problems.join()).toContain('Port in use');
});

test('a power cut ends the sessions and every process of the node, detached ones too', async () => {
  const { nodes } = await harness.service.createVirtual(virtualTestbed({ nodeCount: 1 }));
  const node = nodes[0]!;
  const home = join(harness.nodesDir, node.id, 'home');
  const ssh = await sshToNode(harness, node);
  await ssh.exec('(setsid sleep 600 || sleep 600) >/dev/null 2>&1 </dev/null & :');
  const running = ssh.exec('sleep 600');
  expect(findNodeProcesses(home).length).toBeGreaterThan(0);
  const outcome = expect(running).rejects.toMatchObject({ code: 'ssh-unreachable' });

  await harness.virtualNodes.powerOff(node.id);

  await outcome;
  expect(findNodeProcesses(home)).toEqual([]);
  await expect(sshToNode(harness, node)).rejects.toMatchObject({ code: 'ssh-unreachable' });
  await harness.virtualNodes.powerOn(node);
  (await sshToNode(harness, node)).close();
});

test('closing the program leaves no process of any node', async () => {
  const { nodes } = await harness.service.createVirtual(virtualTestbed({ nodeCount: 2 }));
  for (const node of nodes) {
    const ssh = await sshToNode(harness, node);
    await ssh.exec('sleep 600 >/dev/null 2>&1 </dev/null &');
    ssh.close();
  }

  await harness.close();

  expect(nodes.flatMap((node) => findNodeProcesses(join(harness.nodesDir, node.id, 'home')))).toEqual([]);
  expect(harness.virtualNodes.hostPid).toBeNull();
  harness = await openTestbedHarness({ hostEntryPath: entry, dataDir: harness.dataDir });
});

test('a program that starts while its predecessor is still ending keeps its nodes on their ports', async () => {
  const testbed = await harness.service.createVirtual(virtualTestbed({ nodeCount: 2 }));
  const closing = harness.close();

  const again = await openTestbedHarness({ hostEntryPath: entry, dataDir: harness.dataDir, overrides: { isWithoutLock: true } });
  await again.virtualNodes.startAll();
  await closing;

  expect(again.service.list()).toEqual([testbed]);
  (await sshToNode(again, testbed.nodes[0]!)).close();
  harness = again;
});

test('a creation that fails leaves neither rows nor folders', async () => {
  await writeFile(harness.nodesDir, 'not a folder');

  await expect(harness.service.createVirtual(virtualTestbed({ nodeCount: 2 }))).rejects.toMatchObject({ code: 'io' });

  expect(harness.service.list()).toEqual([]);
});

test('folders that no node refers to are cleared away at the start', async () => {
  await mkdir(join(harness.nodesDir, 'node-stray', 'home'), { recursive: true });

  await harness.virtualNodes.startAll();

  expect(readdirSync(harness.nodesDir)).toEqual([]);
});

test('removing a virtual testbed deletes its folders, keys and certificates', async () => {
  const testbed = await harness.service.createVirtual(virtualTestbed({ nodeCount: 2 }));
  await harness.identities.controlCenter(testbed.id);

  await harness.service.remove(testbed.id);

  expect(harness.service.list()).toEqual([]);
  expect(readdirSync(harness.nodesDir)).toEqual([]);
  expect(existsSync(join(harness.dataDir, 'secrets', `${testbed.id}-ca.key`))).toBe(false);
  expect(harness.hostKeyRecords.find(testbed.nodes[0]!.host, testbed.nodes[0]!.port)).toBeNull();
});
