// Nodes that lack something: room in the home folder, a Python, a Python's pip. Each is a machine of its own with file systems of its own.
import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, expect, it, type TestContext, vi } from 'vitest';
import type { ProvisionStepName } from '../../../src/shared/provisioning.js';
import { buildEntry } from '../../support/build-entry.js';
import { type NamespaceHarness, openNamespaceHarness, whyNoNamespaces } from '../../support/namespaces/namespace-harness.js';
import type { NamespacedNodeOptions } from '../../support/namespaces/namespaced-node.js';
import { listTree } from '../../support/provision-harness.js';
import { stepOf } from '../../support/provisioning-services.js';
import { findPipWheel, WORKER_PACKAGES, writeEmptyWheels } from '../../support/python-wheels.js';
import { modelRecord } from '../../support/worker-models.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const SYSTEM_PYTHON = '/usr/bin/python3';
/** All that a Python without python3-venv and python3-pip lacks, wherever its version puts it. */
const PIP_FOLDERS = [
  '/usr/lib/python3/dist-packages/pip',
  ...[8, 9, 10, 11, 12, 13, 14].map((minor) => `/usr/lib/python3.${minor}/ensurepip`),
];

const reason = whyNoNamespaces();
let bundlePath: string;
let harness: NamespaceHarness | null = null;

beforeAll(async () => {
  bundlePath = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
afterEach(async () => {
  await harness?.close();
  harness = null;
});

async function open(context: TestContext, nodes: NamespacedNodeOptions[]): Promise<NamespaceHarness> {
  if (reason !== null) context.skip(`not run: ${reason}`);
  const models = new Map([['refined', modelRecord()]]);
  harness = await openNamespaceHarness({ bundlePath, nodes, services: { overrides: { models } } });
  await harness.trustHostKeys();
  return harness;
}

async function findingsOf({ plan }: NamespaceHarness, name: ProvisionStepName) {
  return (await plan()).nodes.map(({ steps }) => steps.find((step) => step.name === name));
}

const saying = (text: string): string => expect.stringContaining(text) as string;

it('a home folder of 200 MB is refused with the figures, and nothing is stored there, unless a Node.js that fits is there already', async (context) => {
  const opened = await open(context, [{ homeSize: '200m', hasNodeJs: false }, { homeSize: '200m' }]);
  const { machines } = opened;
  const homeOf = (index: number): string => machines[index]!.pathOf(machines[index]!.homeDir);
  const before = listTree(homeOf(0));

  const [planned] = await findingsOf(opened, 'preflight');
  const { nodes } = await opened.provision();

  // A tmpfs of 200 MiB, of which the files of a new account take some KiB.
  expect(planned).toMatchObject({
    verdict: 'blocked',
    why: expect.stringMatching(/^its home folder has 2(09|10) MB free, and 500 MB are needed/) as string,
  });
  expect(stepOf(nodes[0], 'preflight').error).toMatchObject({ message: saying('500 MB are needed'), hint: saying('Free space') });
  expect(listTree(homeOf(0))).toEqual(before);
  expect(nodes[1]!.state).toBe('succeeded');
  expect(existsSync(join(homeOf(1), '.dedgeai', 'agent.mjs'))).toBe(true);
});

it('a node without a Python works with the simulated worker, and is refused the real one with what to install', async (context) => {
  const opened = await open(context, [{ hides: [SYSTEM_PYTHON] }]);
  const { services, testbed } = opened;

  const { nodes } = await opened.provision();

  expect(nodes[0]!.state).toBe('succeeded');
  expect(services.service.get(testbed.id).nodes[0]!.facts).toMatchObject({ pythonVersion: null, torchVersion: null });
  services.provisioning.setDesired({ testbedId: testbed.id, desired: { worker: 'resd3-m', modelId: 'refined' } });
  const [finding] = await findingsOf(opened, 'python');
  expect(finding).toMatchObject({ verdict: 'blocked', why: 'it has no Python 3.8 or newer.', remedy: saying('apt-get install python3') });
});

it("a system's Python without ensurepip and pip gets its libraries by a wheel of pip that is sent along, and before that its command", async (context) => {
  if (!existsSync(SYSTEM_PYTHON)) context.skip(`not run: there is no ${SYSTEM_PYTHON} here`);
  const pip = findPipWheel(SYSTEM_PYTHON);
  if (pip === null) return context.skip('not run: no wheel of pip lies beside python3');
  const opened = await open(context, [{ hides: PIP_FOLDERS }]);
  const { services, testbed, machines } = opened;
  const wheels = join(services.dataDir, 'wheels');
  services.provisioning.setDesired({ testbedId: testbed.id, desired: { worker: 'resd3-m', modelId: 'refined' } });
  writeEmptyWheels(SYSTEM_PYTHON, wheels, WORKER_PACKAGES);

  const [without] = await findingsOf(opened, 'python');
  cpSync(pip, join(wheels, basename(pip)));
  const { nodes } = await opened.provision();

  expect(without).toMatchObject({ verdict: 'blocked', why: saying('lacks pip'), remedy: saying('pip download') });
  expect(stepOf(nodes[0], 'python').detail).toContain('of this program has torch 1.0 and diffusers 1.0');
  const { homeDir, runAsRoot } = machines[0]!;
  expect(runAsRoot(`${homeDir}/.dedgeai/venv/bin/python3 -c 'import torch, sys; print(torch.__file__)'`)).toContain(
    `${homeDir}/.dedgeai/venv/lib`,
  );
});
