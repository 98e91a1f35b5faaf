// The model as a step of provisioning, on a node whose SSH server is OpenSSH's.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { NodeSession, type ProvisioningTools } from '../../../src/main/domain/nodes/provisioning/node-session.js';
import { modelStep } from '../../../src/main/domain/nodes/provisioning/steps/model-step.js';
import type { StoredModel } from '../../../src/main/adapters/storage/model-repository.js';
import type { DesiredState } from '../../../src/shared/provisioning.js';
import { modelOn } from '../../support/push-harness.js';
import { openPushHarnesses } from '../../support/push-harnesses.js';

const openHarness = openPushHarnesses();

/** A session on a node that wants a model; null, and a word about it, on a machine without OpenSSH's server. */
async function openSession(context: TestContext, desired: Partial<DesiredState> = {}) {
  const harness = await openHarness(context);
  if (!harness) return null;
  const { services, testbed, connector, pusher } = harness;
  const { server, node } = await harness.addTrustedNode();
  const model = harness.addModel(randomBytes(3 * 1024 * 1024));
  const tools: Pick<ProvisioningTools, 'connector' | 'models'> = {
    connector,
    models: { find: (id): StoredModel | null => (id === model.id ? model : null), push: (push) => pusher.push(push) },
  };
  const said: { doneBytes: number; totalBytes: number }[] = [];
  const session = new NodeSession({
    testbed,
    node,
    desired: { worker: 'resd3-m', modelId: model.id, service: 'auto', ...desired },
    tools: tools as ProvisioningTools,
    acceptNewHostKeys: false,
    signal: new AbortController().signal,
    log: () => undefined,
    stepProgress: (doneBytes, totalBytes) => said.push({ doneBytes, totalBytes }),
    saveNode: (patch) => services.testbeds.updateNode(node.id, patch),
    keepFacts: () => undefined,
  });
  await session.open();
  return { session, server, model, said };
}

test('the plan tells what would come to the node and changes nothing there; the apply does it, once; the removal undoes it', async (context) => {
  const here = await openSession(context);
  if (!here) return;
  const { session, server, model, said } = here;
  const homeBefore = readdirSync(server.homeDir, { recursive: true });

  const planned = await modelStep.inspect(session);
  expect(planned).toMatchObject({ verdict: 'change', changes: [`~/.dedgeai/models/${model.sha256}/model.safetensors: 3 MB`] });
  expect(readdirSync(server.homeDir, { recursive: true })).toEqual(homeBefore);

  expect(await modelStep.apply(session)).toMatchObject({ state: 'changed', detail: expect.stringContaining('verified') as string });
  expect(said.at(-1)).toEqual({ doneBytes: model.sizeBytes, totalBytes: model.sizeBytes });
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'nothing' });
  expect(await modelStep.apply(session)).toMatchObject({ state: 'unchanged' });

  expect(await modelStep.remove?.(session)).toMatchObject({ state: 'changed' });
  expect(modelOn(server, model).names()).toEqual([]);
  session.close();
});

test('a byte that flipped is in the plan, and the apply sends its block and has the agent start again', async (context) => {
  const here = await openSession(context);
  if (!here) return;
  const { session, server, model } = here;
  await modelStep.apply(session);
  const path = modelOn(server, model).finalPath;
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[9]! ^= 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
  const started = join(server.homeDir, '.dedgeai/agent.started');
  writeFileSync(started, '');

  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'change', why: expect.stringContaining('not as on record') as string });
  expect(await modelStep.apply(session)).toMatchObject({ state: 'changed', detail: expect.stringContaining('re-sent') as string });
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
  expect(existsSync(started)).toBe(false);
  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'nothing', why: expect.stringContaining('blocks') as string });
  session.close();
});

test('a model that was never compared as a whole since it is noted is due, and the apply does that without sending', async (context) => {
  const here = await openSession(context);
  if (!here) return;
  const { session, server, model } = here;
  await modelStep.apply(session);
  rmSync(join(server.homeDir, '.dedgeai/models', `${model.sha256}.verified`));

  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'change', why: expect.stringContaining('due') as string });
  expect(await modelStep.apply(session)).toMatchObject({ state: 'unchanged', detail: expect.stringContaining('read back now') as string });
  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'nothing' });
  session.close();
});

test('a simulated worker needs no model', async (context) => {
  const here = await openSession(context, { worker: 'simulated', modelId: null });
  if (!here) return;

  expect(await modelStep.inspect(here.session)).toMatchObject({ verdict: 'nothing' });
  expect(await modelStep.apply(here.session)).toMatchObject({ state: 'unchanged' });
  here.session.close();
});

test('a model that no one chose, or that is not on record, blocks', async (context) => {
  const here = await openSession(context, { modelId: 'model-gone' });
  if (!here) return;

  expect(await modelStep.inspect(here.session)).toMatchObject({ verdict: 'blocked', why: expect.stringContaining('model-gone') as string });
  await expect(modelStep.apply(here.session)).rejects.toMatchObject({ code: 'unsupported' });
  here.session.close();
});

test('a model whose file is gone here blocks, unless it is whole on the node', async (context) => {
  const here = await openSession(context);
  if (!here) return;
  const { session, model } = here;
  await modelStep.apply(session);
  rmSync(model.path);
  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'nothing' });

  await modelStep.remove?.(session);

  expect(await modelStep.inspect(session)).toMatchObject({ verdict: 'blocked', why: expect.stringContaining(model.path) as string });
  session.close();
});
