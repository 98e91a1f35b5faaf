import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { openProvisioningServices, type ProvisioningServices, stepOf, stepStates } from '../../support/provisioning-services.js';
import { virtualTestbed } from '../../support/testbed-harness.js';

const execFileAsync = promisify(execFile);
const ALL_CHANGED =
  'connect=unchanged facts=changed preflight=unchanged runtime=unchanged certificate=changed agent=changed python=unchanged model=unchanged service=changed health=changed';
const ALL_UNCHANGED =
  'connect=unchanged facts=unchanged preflight=unchanged runtime=unchanged certificate=unchanged agent=unchanged python=unchanged model=unchanged service=unchanged health=unchanged';

let host: string;
let bundle: string;
let services: ProvisioningServices;

beforeAll(async () => {
  host = await buildEntry('src/main/programs/virtual-nodes/host.ts');
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
beforeEach(async () => {
  services = await openProvisioningServices({ hostEntryPath: host, bundlePath: bundle });
});
afterEach(() => services.remove());

const reopen = async (): Promise<void> => {
  await services.close();
  services = await openProvisioningServices({ hostEntryPath: host, bundlePath: bundle, dataDir: services.dataDir });
  await services.virtualNodes.startAll();
};
const provision = async (testbedId: string) => services.finished(services.provisioning.start({ testbedId }));
const createNodes = (nodeCount: number, timeScale = 200) => services.service.createVirtual(virtualTestbed({ nodeCount, timeScale }));
const installedFile = (nodeId: string, name: string): string => join(services.nodesDir, nodeId, 'home', '.dedgeai', name);

test('provisioning takes new virtual nodes to a proven agent', async () => {
  const testbed = await createNodes(2);

  const run = await provision(testbed.id);

  expect(run.state).toBe('succeeded');
  expect(run.nodes.map(stepStates)).toEqual([ALL_CHANGED, ALL_CHANGED]);
  const nodes = services.service.get(testbed.id).nodes;
  expect(nodes.map((node) => node.provisionState)).toEqual(['ready', 'ready']);
  expect(nodes[0]?.facts?.deviceModel).toBe('Virtual node (simulated Jetson AGX Orin, speed 1)');
  expect(nodes[0]?.facts?.nodeVersion).toBe(process.version);
  expect(new Set(nodes.map((node) => node.agentPort)).size).toBe(2);
});

test('a second provisioning finds everything in place and changes nothing', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);
  const pid = readFileSync(installedFile(testbed.nodes[0]!.id, 'agent.pid'), 'utf8');

  const second = await provision(testbed.id);

  expect(second.nodes.map(stepStates)).toEqual([ALL_UNCHANGED]);
  expect(readFileSync(installedFile(testbed.nodes[0]!.id, 'agent.pid'), 'utf8')).toBe(pid);
});

test('after a restart of the program the agents run again, and provisioning has nothing to do', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);

  await reopen();

  expect((await provision(testbed.id)).nodes.map(stepStates)).toEqual([ALL_UNCHANGED]);
});

test('what is on the node is readable by its user alone, and the log of the run names no secret', async () => {
  const testbed = await createNodes(1);
  const run = await provision(testbed.id);

  const nodeId = testbed.nodes[0]!.id;
  for (const name of ['tls/node.key', 'config.json', 'agent.mjs', 'agent.log']) {
    expect(statSync(installedFile(nodeId, name)).mode & 0o077, name).toBe(0);
  }
  const keyBody = readFileSync(installedFile(nodeId, 'tls/node.key'), 'utf8').split('\n')[1]!;
  expect(JSON.stringify(run)).not.toContain(keyBody);
});

test('an agent that crashes is started again by its node, as often as it crashes', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);
  const nodeId = testbed.nodes[0]!.id;
  const pid = (): number => Number(readFileSync(installedFile(nodeId, 'agent.pid'), 'utf8'));
  const isReady = (): boolean =>
    existsSync(installedFile(nodeId, 'agent.ready')) && statSync(installedFile(nodeId, 'agent.ready')).size > 0;
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const crashed = pid();
    process.kill(crashed, signal);
    await expect.poll(() => existsSync(installedFile(nodeId, 'agent.pid')) && pid() !== crashed && isReady()).toBe(true);
  }
  await expect.poll(() => services.problems.filter((problem) => problem.includes('started again')).length).toBe(2);
  expect((await provision(testbed.id)).nodes.map(stepStates)).toEqual([ALL_UNCHANGED]);
});

test('a changed certificate leads to a restart of the agent', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);
  await writeFile(installedFile(testbed.nodes[0]!.id, 'tls/node.pem'), 'damaged');

  const run = await provision(testbed.id);

  expect(run.nodes.map(stepStates)).toEqual([
    'connect=unchanged facts=unchanged preflight=unchanged runtime=unchanged certificate=changed agent=unchanged python=unchanged model=unchanged service=changed health=unchanged',
  ]);
});

test('an agent that was killed is started again', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);
  const pidFile = installedFile(testbed.nodes[0]!.id, 'agent.pid');
  const pid = Number(await readFile(pidFile, 'utf8'));
  // Without the file, what keeps the agents of virtual nodes running takes it for stopped on purpose, and does not start it first.
  await rm(pidFile);
  process.kill(pid, 'SIGKILL');

  const run = await provision(testbed.id);

  expect(stepOf(run.nodes[0], 'service').state).toBe('changed');
  expect(run.state).toBe('succeeded');
});

test('starts of one agent take turns: the second finds what the first has started', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);
  await services.virtualNodes.powerOff(testbed.nodes[0]!.id);
  const startAgent = () => execFileAsync('/bin/sh', [installedFile(testbed.nodes[0]!.id, 'start-agent.sh')]);
  try {
    const starts = await Promise.all([startAgent(), startAgent(), startAgent()]);

    const instances = starts.map(({ stdout }) => (JSON.parse(stdout) as { instanceId: string }).instanceId);
    expect(new Set(instances).size).toBe(1);
    expect(existsSync(installedFile(testbed.nodes[0]!.id, 'start.lock'))).toBe(false);
    const alone = await startAgent();
    expect(alone.stdout, 'one that waited for no one replaces the agent').not.toContain(instances[0]);
  } finally {
    await execFileAsync('/bin/sh', [installedFile(testbed.nodes[0]!.id, 'stop-agent.sh')]);
  }
});

test('the turn of a start that was killed is taken over', async () => {
  const testbed = await createNodes(1);
  await provision(testbed.id);
  await mkdir(installedFile(testbed.nodes[0]!.id, 'start.lock'));
  await writeFile(installedFile(testbed.nodes[0]!.id, 'start.lock/pid'), '999999999');
  await writeFile(installedFile(testbed.nodes[0]!.id, 'tls/node.pem'), 'damaged');

  const run = await provision(testbed.id);

  expect(stepOf(run.nodes[0], 'service').state).toBe('changed');
  expect(run.state).toBe('succeeded');
  expect(existsSync(installedFile(testbed.nodes[0]!.id, 'start.lock'))).toBe(false);
});

test("one node's failure does not stop the others, and retrying does only what failed", async () => {
  const testbed = await createNodes(3);
  const broken = testbed.nodes[1]!;
  await services.virtualNodes.powerOff(broken.id);

  const run = await provision(testbed.id);

  expect(run.state).toBe('failed');
  expect(run.nodes.map((node) => node.state)).toEqual(['succeeded', 'failed', 'succeeded']);
  expect(stepOf(run.nodes[1], 'connect').error).toMatchObject({ code: 'ssh-unreachable' });
  expect(stepOf(run.nodes[1], 'facts').state).toBe('skipped');

  await services.virtualNodes.powerOn(broken);
  const retried = await services.finished(services.provisioning.retryFailed({ id: run.id }));

  expect(retried.nodes.map((node) => [node.nodeName, node.state])).toEqual([['node-2', 'succeeded']]);
  expect(
    services.provisioning
      .list(testbed.id)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([run.id, retried.id].sort());
});

test('a retry starts at the failed step and shows the earlier ones as they were', async () => {
  const testbed = await createNodes(1);
  const obstacle = installedFile(testbed.nodes[0]!.id, 'tls');
  await mkdir(dirname(obstacle));
  await writeFile(obstacle, 'a file where the folder should be');
  const run = await provision(testbed.id);
  expect(stepStates(run.nodes[0])).toBe(
    'connect=unchanged facts=changed preflight=unchanged runtime=unchanged certificate=failed agent=skipped python=skipped model=skipped service=skipped health=skipped',
  );
  expect(run.nodes[0]?.output.map(({ text }) => text).join()).toContain('tls');
  await rm(obstacle);

  const retried = await services.finished(services.provisioning.retryFailed({ id: run.id }));

  expect(stepStates(retried.nodes[0])).toBe(ALL_CHANGED);
  expect(stepOf(retried.nodes[0], 'facts')).toEqual(stepOf(run.nodes[0], 'facts'));
  expect(stepOf(retried.nodes[0], 'connect').startedAtMs).toBeGreaterThanOrEqual(stepOf(run.nodes[0], 'certificate').finishedAtMs!);
});

test('a node that dies in the middle fails its running step with the remedy', async () => {
  const testbed = await createNodes(2);
  const dying = testbed.nodes[0]!;
  const started = services.provisioning.start({ testbedId: testbed.id });
  for await (const state of services.provisioning.watch(started.id, new AbortController().signal)) {
    if (stepOf(state.nodes[0], 'certificate').state !== 'queued') break;
  }

  await services.virtualNodes.powerOff(dying.id);
  const run = await services.finished(started);

  const [first, second] = run.nodes;
  expect(first?.state).toBe('failed');
  expect(first?.steps.find((step) => step.state === 'failed')?.error?.hint).toEqual(expect.any(String));
  expect(second?.state).toBe('succeeded');
  expect(services.service.get(testbed.id).nodes.map((node) => node.provisionState)).toEqual(['failed', 'ready']);
});

test('cancelling in the middle stops all nodes and leaves them as they were', async () => {
  const testbed = await createNodes(2);
  const started = services.provisioning.start({ testbedId: testbed.id });
  for await (const state of services.provisioning.watch(started.id, new AbortController().signal)) {
    if (stepOf(state.nodes[0], 'facts').state !== 'queued') break;
  }

  await services.jobs.cancel(started.id);

  const run = services.provisioning.get(started.id);
  expect(run.state).toBe('cancelled');
  expect(run.nodes.map((node) => node.state)).toEqual(['cancelled', 'cancelled']);
  expect(services.service.get(testbed.id).nodes.map((node) => node.provisionState)).toEqual(['new', 'new']);
  expect((await provision(testbed.id)).state).toBe('succeeded');
});

test('a testbed is provisioned once at a time', async () => {
  const testbed = await createNodes(1);
  const started = services.provisioning.start({ testbedId: testbed.id });

  expect(() => services.provisioning.start({ testbedId: testbed.id })).toThrow(expect.objectContaining({ code: 'conflict' }));
  await services.finished(started);
});

test('a run that a crash cut off is found failed, and so are its nodes', async () => {
  const testbed = await createNodes(1);
  const started = services.provisioning.start({ testbedId: testbed.id });
  const other = await openProvisioningServices({
    ...{ hostEntryPath: host, bundlePath: bundle, dataDir: services.dataDir },
    overrides: { isWithoutLock: true },
  });

  expect(other.provisioning.get(started.id)).toMatchObject({ state: 'failed', nodes: [{ state: 'failed' }] });
  expect(other.service.get(testbed.id).nodes[0]?.provisionState).toBe('failed');
  await other.close();
});
