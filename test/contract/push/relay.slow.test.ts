// Agents hand blocks on between OpenSSH nodes, so that a model leaves this machine once.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest';
import type { ModelPush } from '../../../src/shared/model-push.js';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';
import { onceSent } from '../../support/cut-push.js';
import { addNodeWithAgent, type NodeWithAgent } from '../../support/push-agents.js';
import { modelOn, type PushHarness } from '../../support/push-harness.js';
import { openPushHarnesses } from '../../support/push-harnesses.js';

const openHarness = openPushHarnesses();
let nodes: NodeWithAgent[];

beforeEach(() => {
  nodes = [];
});
afterEach(async () => {
  for (const { agent } of nodes) await agent?.stop();
});

/** Nodes with agents, those of the given places without; null, and a word about it, on a machine without OpenSSH's server. */
async function openNodes(context: TestContext, count: number, withoutAgent: readonly number[] = []): Promise<PushHarness | null> {
  const harness = await openHarness(context);
  if (!harness) return null;
  for (let index = 0; index < count; index++) nodes.push(await addNodeWithAgent(harness, { isRunning: !withoutAgent.includes(index) }));
  return harness;
}

function sumOf(push: ModelPush, what: 'sentBytes' | 'relayedBytes'): number {
  return push.nodes.reduce((sum, { outcome }) => sum + (outcome?.[what] ?? NaN), 0);
}

test('three nodes get a model that leaves this machine once', async (context) => {
  const here = await openNodes(context, 3);
  if (!here) return;
  const model = here.addModel(randomBytes(4 * BLOCK_BYTES + 4321));

  const push = await here.finished(here.start(model));

  expect(push.nodes.map(({ error }) => error)).toEqual([null, null, null]);
  for (const { server } of nodes) expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
  expect(sumOf(push, 'sentBytes')).toBe(model.sizeBytes);
  expect(sumOf(push, 'relayedBytes')).toBe(2 * model.sizeBytes);
});

test('a node without an agent is sent everything, and the others still share', async (context) => {
  const here = await openNodes(context, 3, [1]);
  if (!here) return;
  const model = here.addModel(randomBytes(3 * BLOCK_BYTES));

  const push = await here.finished(here.start(model));

  expect(push.state).toBe('succeeded');
  expect(push.nodes[1]?.outcome).toMatchObject({ sentBytes: model.sizeBytes, relayedBytes: 0 });
  expect(push.nodes[0]!.outcome!.sentBytes + push.nodes[2]!.outcome!.sentBytes).toBe(model.sizeBytes);
  for (const { server } of nodes) expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
});

test('an agent that ends on the way costs its blocks, not the push', async (context) => {
  const here = await openNodes(context, 2);
  if (!here) return;
  const model = here.addModel(randomBytes(4 * BLOCK_BYTES));

  const push = await here.finished(
    here.start(model),
    onceSent(BLOCK_BYTES, () => void nodes[0]!.agent?.stop()),
  );

  expect(push.nodes.map(({ error }) => error)).toEqual([null, null]);
  for (const { server } of nodes) expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
});
