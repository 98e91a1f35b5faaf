// The plan, the apply and the removal on nodes whose SSH server is OpenSSH's.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import type { PathStepName } from '../../../src/shared/lab-path.js';
import type { NodePlan } from '../../../src/shared/provisioning.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { type ProvisionHarnessOptions, listTree, openProvisionHarness, type ProvisionHarness } from '../../support/provision-harness.js';
import { stepOf, stepStates } from '../../support/provisioning-services.js';
import { until } from '../../support/until.js';

// A provisioning takes two or three seconds on an idle machine, and ten times that on a busy one.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let bundle: string;
let harness: ProvisionHarness | null = null;

beforeAll(async () => {
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
afterEach(async () => {
  await harness?.close();
  harness = null;
});

async function open(context: TestContext, options: Partial<ProvisionHarnessOptions> = {}): Promise<ProvisionHarness | null> {
  const sshd = findSshd();
  if (!sshd) {
    await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
    return null;
  }
  harness = await openProvisionHarness({ sshd, bundlePath: bundle, ...options });
  return harness;
}

const verdicts = (plan: NodePlan | undefined): string => plan?.steps.map(({ name, verdict }) => `${name}=${verdict}`).join(' ') ?? '';
const trust = async ({ services, testbed }: ProvisionHarness): Promise<void> => {
  await services.provisioning.plan({ testbedId: testbed.id }, new AbortController().signal);
  for (const { nodeId, fingerprint } of services.hostKeys.listQuestions(testbed.id))
    services.hostKeys.answer({ nodeId, fingerprint, replace: false });
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

test('the path knows what a plan has found, and what a removal has taken away', async (context) => {
  const opened = await open(context);
  if (!opened) return;
  const { core, finished, provisioning } = opened.services;
  const statesOf = async (...names: PathStepName[]): Promise<string[]> => {
    const { steps } = await core.services.path.get({ testbedId: opened.testbed.id });
    return names.map((name) => steps.find((step) => step.name === name)?.state ?? '');
  };
  const NAMES = ['host-keys', 'login', 'preflight'] as const;
  expect(await statesOf(...NAMES)).toEqual(['unseen', 'unseen', 'unseen']);

  await opened.plan();
  expect(await statesOf(...NAMES)).toEqual(['open', 'unseen', 'unseen']);

  await trust(opened);
  await opened.plan();
  expect(await statesOf(...NAMES, 'power-mode')).toEqual(['done', 'done', 'done', 'done']);
  expect(core.services.facts.history(opened.nodes[0]!.id)).toMatchObject([{ moment: 'asked' }]);
  expect(core.services.app.events({ offset: 0, limit: 1 }).items).toMatchObject([{ kind: 'node-check-passed' }]);

  await opened.provision();
  // With a simulated worker, on a node that is real.
  expect(await statesOf(...NAMES, 'provisioned')).toEqual(['done', 'done', 'done', 'open']);
  await finished(provisioning.remove({ testbedId: opened.testbed.id }));
  const { steps } = await core.services.path.get({});
  expect(steps.find(({ name }) => name === 'provisioned')?.detail).toBe('node-1: not provisioned yet.');
});

test('a plan of a node whose host key no one knows asks for it and looks no further', async (context) => {
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

  const removed = await opened.services.finished(opened.services.provisioning.remove({ testbedId: opened.testbed.id }));

  expect(removed).toMatchObject({ kind: 'remove', state: 'succeeded' });
  expect(homes.map(listTree)).toEqual(before);
  expect(opened.services.service.get(opened.testbed.id).nodes.map(({ provisionState }) => provisionState)).toEqual(['new', 'new']);
  const again = await opened.services.finished(opened.services.provisioning.remove({ testbedId: opened.testbed.id }));
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
  await opened.services.finished(opened.services.provisioning.remove({ testbedId: opened.testbed.id }));
  expect(listTree(home)).toEqual(before);
});

test('a node whose Node.js this machine lacks is blocked, with the command that fetches it', async (context) => {
  const opened = await open(context, { nodeVersion: 'v12.22.9', services: { programDir: '/nonexistent' } });
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

test('the desired state of a node is kept, and a worker that can not be is refused with the field', async (context) => {
  const opened = await open(context, { nodeCount: 2 });
  if (!opened) return;
  const { services, testbed, nodes } = opened;
  services.provisioning.setDesired({ testbedId: testbed.id, nodeIds: [nodes[0]!.id], desired: { service: 'supervised' } });

  expect(services.provisioning.listDesired(testbed.id).map(({ desired }) => desired.service)).toEqual(['supervised', 'auto']);
  const wish = { testbedId: testbed.id, desired: { worker: 'resd3-m' as const } };
  expect(() => services.provisioning.setDesired(wish)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  expect(() => services.provisioning.setDesired({ ...wish, desired: { ...wish.desired, modelId: 'model-none' } })).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  expect(services.provisioning.listDesired(testbed.id).map(({ desired }) => desired.worker)).toEqual(['simulated', 'simulated']);
});
