// The plan, the apply and the removal on nodes whose SSH server is OpenSSH's.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import type { NodePlan } from '../../../src/shared/provisioning.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { type LabOptions, listTree, openProvisionLab, type ProvisionLab } from '../../support/provision-lab.js';
import { stepOf, stepStates } from '../../support/provisioning-bench.js';
import { until } from '../../support/until.js';

// A provisioning takes two or three seconds on an idle machine, and ten times that on a busy one.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let bundle: string;
let lab: ProvisionLab | null = null;

beforeAll(async () => {
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
afterEach(async () => {
  await lab?.close();
  lab = null;
});

async function open(context: TestContext, options: Partial<LabOptions> = {}): Promise<ProvisionLab | null> {
  const sshd = findSshd();
  if (!sshd) {
    await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
    return null;
  }
  lab = await openProvisionLab({ sshd, bundlePath: bundle, ...options });
  return lab;
}

const verdicts = (plan: NodePlan | undefined): string => plan?.steps.map(({ name, verdict }) => `${name}=${verdict}`).join(' ') ?? '';
const trust = async ({ bench, testbed }: ProvisionLab): Promise<void> => {
  await bench.provisioning.plan({ testbedId: testbed.id }, new AbortController().signal);
  for (const { nodeId, fingerprint } of bench.hostKeys.listQuestions(testbed.id))
    bench.hostKeys.answer({ nodeId, fingerprint, replace: false });
};

test('a plan says what an apply would do and changes not a byte on the node, before as after it', async (context) => {
  const opened = await open(context);
  if (!opened) return;
  const [node] = opened.nodes;
  const home = opened.homeOf(node!);
  await trust(opened);
  writeFileSync(join(home, 'notes.txt'), 'of the user');
  const before = listTree(home);

  const first = await opened.plan();

  expect(verdicts(first.nodes[0])).toBe(
    'connect=nothing facts=nothing preflight=nothing runtime=nothing certificate=change agent=change python=nothing model=nothing service=change health=unknown',
  );
  expect(first.nodes[0]?.steps.find(({ name }) => name === 'service')?.changes.join()).toContain(`port ${node!.agentPort}`);
  expect(listTree(home)).toEqual(before);

  const applied = await opened.provision();
  expect(applied.state).toBe('succeeded');
  const installed = listTree(home);
  const second = await opened.plan();

  expect(new Set(second.nodes[0]?.steps.map(({ verdict }) => verdict))).toEqual(new Set(['nothing']));
  expect(listTree(home)).toEqual(installed);
});

test('a plan of a node whose host key nobody knows asks for it and looks no further', async (context) => {
  const opened = await open(context);
  if (!opened) return;

  const plan = await opened.plan();

  expect(plan.nodes[0]?.hostKeyQuestion).toMatchObject({ nodeId: opened.nodes[0]!.id });
  expect(plan.nodes[0]?.error?.code).toBe('host-key-unknown');
  expect(new Set(plan.nodes[0]?.steps.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
});

test('a removal leaves the homes as they were found', async (context) => {
  const opened = await open(context, { nodeCount: 2 });
  if (!opened) return;
  const homes = opened.nodes.map((node) => opened.homeOf(node));
  for (const home of homes) {
    mkdirSync(join(home, 'work'));
    writeFileSync(join(home, 'work', 'results.csv'), 'a,b\n');
  }
  const before = homes.map(listTree);
  await opened.provision();
  expect(homes.map(listTree)).not.toEqual(before);

  const removed = await opened.bench.finished(opened.bench.provisioning.remove({ testbedId: opened.testbed.id }));

  expect(removed).toMatchObject({ kind: 'remove', state: 'succeeded' });
  expect(homes.map(listTree)).toEqual(before);
  expect(opened.bench.service.get(opened.testbed.id).nodes.map(({ provisionState }) => provisionState)).toEqual(['new', 'new']);
  const again = await opened.bench.finished(opened.bench.provisioning.remove({ testbedId: opened.testbed.id }));
  expect(new Set(again.nodes.flatMap(({ steps }) => steps.map(({ state }) => state)))).toEqual(new Set(['unchanged']));
  expect((await opened.provision()).state).toBe('succeeded');
});

test('where there is no systemd a supervisor starts a killed agent again, and an apply finds it in place', async (context) => {
  const opened = await open(context);
  if (!opened) return;
  const run = await opened.provision();
  expect(stepOf(run.nodes[0], 'service').detail).toContain('nothing starts it after a reboot');
  const pidFile = join(opened.homeOf(opened.nodes[0]!), '.dedgeai', 'agent.pid');
  const readyFile = join(opened.homeOf(opened.nodes[0]!), '.dedgeai', 'agent.ready');
  const killed = readFileSync(pidFile, 'utf8');

  process.kill(Number(killed), 'SIGKILL');
  await until(() => readFileSync(pidFile, 'utf8') !== killed && readFileSync(readyFile, 'utf8') !== '');

  const again = await opened.provision();
  expect(stepStates(again.nodes[0])).not.toContain('=changed');
  expect(again.state).toBe('succeeded');
});

test('a node whose Node.js is too old gets the one of this program, and gives it back', async (context) => {
  const opened = await open(context, { nodeVersion: 'v12.22.9' });
  if (!opened) return;
  const home = opened.homeOf(opened.nodes[0]!);
  const before = listTree(home);
  await trust(opened);

  const plan = await opened.plan();
  const run = await opened.provision();

  expect(plan.nodes[0]?.steps.find(({ name }) => name === 'runtime')).toMatchObject({
    verdict: 'change',
    why: "The node's Node.js v12.22.9 is too old for the agent.",
  });
  expect(stepOf(run.nodes[0], 'runtime').detail).toContain(`Sent Node.js ${process.version}`);
  expect(run.state).toBe('succeeded');
  expect(stepStates((await opened.provision()).nodes[0])).not.toContain('=changed');
  await opened.bench.finished(opened.bench.provisioning.remove({ testbedId: opened.testbed.id }));
  expect(listTree(home)).toEqual(before);
});

test('a node whose Node.js this machine lacks is blocked, with the command that fetches it', async (context) => {
  const opened = await open(context, { nodeVersion: 'v12.22.9', bench: { programDir: '/nonexistent' } });
  if (!opened) return;
  await trust(opened);

  const plan = await opened.plan();
  const run = await opened.provision();

  const finding = plan.nodes[0]?.steps.find(({ name }) => name === 'runtime');
  expect(finding?.verdict).toBe('blocked');
  expect(finding?.remedy).toMatch(/npm pack node-linux-(x64|arm64)@24\.[\d.]+ --pack-destination/);
  expect(stepOf(run.nodes[0], 'runtime').error).toMatchObject({ code: 'unsupported', hint: finding?.remedy });
  expect(stepOf(run.nodes[0], 'certificate').state).toBe('skipped');
});

test('what a node is wanted to be is kept, and a worker that can not be is refused with the field', async (context) => {
  const opened = await open(context, { nodeCount: 2 });
  if (!opened) return;
  const { bench, testbed, nodes } = opened;
  bench.provisioning.setWanted({ testbedId: testbed.id, nodeIds: [nodes[0]!.id], wanted: { service: 'supervised' } });

  expect(bench.provisioning.listWanted(testbed.id).map(({ wanted }) => wanted.service)).toEqual(['supervised', 'auto']);
  const wish = { testbedId: testbed.id, wanted: { worker: 'resd3-m' as const } };
  expect(() => bench.provisioning.setWanted(wish)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  expect(() => bench.provisioning.setWanted({ ...wish, wanted: { ...wish.wanted, modelId: 'model-none' } })).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  expect(bench.provisioning.listWanted(testbed.id).map(({ wanted }) => wanted.worker)).toEqual(['simulated', 'simulated']);
});
