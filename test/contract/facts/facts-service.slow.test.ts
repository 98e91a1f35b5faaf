// Facts over SSH: kept before and after a provisioning, and read on demand.
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FactsService } from '../../../src/main/domain/nodes/facts/facts-service.js';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { buildEntry } from '../../support/build-entry.js';
import { openProvisioningServices, type ProvisioningServices } from '../../support/provisioning-services.js';
import { virtualTestbed } from '../../support/testbed-harness.js';

const NEVER = new AbortController().signal;

let host: string;
let bundle: string;
let services: ProvisioningServices;
let use: string | null;
let facts: FactsService;

beforeAll(async () => {
  host = await buildEntry('src/main/programs/virtual-nodes/host.ts');
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
beforeEach(() => open(bundle));
afterEach(() => services.remove());

async function open(bundlePath: string): Promise<void> {
  services = await openProvisioningServices({ hostEntryPath: host, bundlePath, overrides: { describeUse: () => use } });
  use = null;
  facts = services.core.services.facts;
}

const createNode = async () => (await services.service.createVirtual(virtualTestbed({ nodeCount: 1 }))).nodes[0]!;

test('a provisioning keeps the facts from before it and from after it', async () => {
  const node = await createNode();
  const run = await services.finished(services.provisioning.start({ testbedId: node.testbedId }));

  expect(facts.history(node.id)).toMatchObject([
    { moment: 'after', provisioningRunId: run.id },
    { moment: 'before', provisioningRunId: run.id },
  ]);
});

test('a provisioning that fails after the facts were read keeps them all the same', async () => {
  await services.remove();
  await open('/nonexistent/agent.mjs');
  const node = await createNode();
  const run = await services.finished(services.provisioning.start({ testbedId: node.testbedId }));

  expect(run.state).toBe('failed');
  expect(facts.history(node.id).map(({ moment }) => moment)).toEqual(['after', 'before']);
});

test('a reading on demand is stored with the node, and a clock that is this very machine’s is at zero within the bound', async () => {
  const node = await createNode();
  const read = await facts.read(node.id, NEVER);

  expect(services.testbeds.getNode(node.id)?.facts).toEqual(read);
  expect(facts.history(node.id)).toMatchObject([{ moment: 'asked', provisioningRunId: null, facts: read }]);
  expect(Math.abs(read.clockOffsetMs!)).toBeLessThanOrEqual(read.clockErrorMs!);
  expect(read.deviceModel).toContain('Virtual node');
});

test('a node that a run uses is left alone', async () => {
  const node = await createNode();
  use = 'run “Batch” is not finished';
  await expect(facts.read(node.id, NEVER)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(use) as unknown });
  expect(facts.history(node.id)).toEqual([]);
});

/** The virtual node as a real one: the same SSH server, under a testbed of hosts, with facts on record. */
async function createRealNode() {
  const { host: address, port, user, keyFile } = await createNode();
  const harness = services.service.create({ name: 'Lab' });
  const node = services.service.addNode({ testbedId: harness.id, host: address, port, user, keyFile });
  const known = { ...parseFacts('', 1), powerMode: 'MODE_30W', torchVersion: '2.5.0', torchCuda: 'works' as const };
  return services.testbeds.updateNode(node.id, { facts: known })!;
}

test('before a run the facts of real nodes are brought up to date, and what the probe of torch told stays', async () => {
  const node = await createRealNode();
  await facts.refresh(node.testbedId);

  expect(services.testbeds.getNode(node.id)?.facts).toMatchObject({ powerMode: null, torchVersion: '2.5.0', torchCuda: 'works' });
  expect(services.testbeds.getNode(node.id)?.facts?.readAtMs).toBeGreaterThan(1);
  expect(facts.history(node.id)).toEqual([]);
});

test('a node that does not answer before a run keeps its facts, and the program’s events say so', async () => {
  const node = await createRealNode();
  await services.virtualNodes.close();
  await facts.refresh(node.testbedId);

  expect(services.testbeds.getNode(node.id)?.facts).toEqual(node.facts);
  expect(services.events).toContainEqual(expect.stringContaining(`The facts of node "${node.name}" could not be read before a run`));
});

test('a node that is not there is reported as such', async () => {
  expect(() => facts.history('node-9')).toThrow(expect.objectContaining({ code: 'not-found' }));
  await expect(facts.read('node-9', NEVER)).rejects.toMatchObject({ code: 'not-found' });
});
