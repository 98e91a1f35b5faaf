// Pushing models to nodes whose SSH server is OpenSSH's, as on every real node.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { PushProgress } from '../../../src/shared/model-push.js';
import { modelOn } from '../../support/push-harness.js';
import { openPushHarnesses } from '../../support/push-harnesses.js';
import { until } from '../../support/until.js';

const MIB = 1024 * 1024;
const openHarness = openPushHarnesses();

test('a model gets to a node whole and under its name, and nothing else is left of the push', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  const outcome = { isUnchanged: false, foundBytes: 0, sentBytes: model.sizeBytes, totalBytes: model.sizeBytes };
  expect(push.nodes[0]?.outcome).toMatchObject({ ...outcome, remotePath: `.dedgeai/models/${model.sha256}/model.safetensors` });
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
  expect(modelOn(server, model).names()).toEqual([model.sha256, `${model.sha256}.verified`, `${model.sha256}/model.safetensors`]);
});

test('a model that is there is not re-sent', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  await here.addTrustedNode();
  const model = here.addModel();
  await here.finished(here.start(model));

  const again = await here.finished(here.start(model));

  expect(again.nodes[0]?.outcome).toMatchObject({ isUnchanged: true, sentBytes: 0, foundBytes: model.sizeBytes });
});

test('a model of a folder gets there with its folders and names', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const folder = join(here.dir, 'a folder');
  const files = [
    { path: 'model_index.json', bytes: Buffer.from('{}') },
    { path: "text encoder's/it $(is).json", bytes: Buffer.alloc(0) },
    { path: 'transformer/model.safetensors', bytes: randomBytes(3 * MIB + 1) },
  ];
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const model = here.addFolder(folder, files);

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  for (const { path, bytes } of files) expect(modelOn(server, model, path).final()?.equals(bytes)).toBe(true);
  expect(push.nodes[0]?.outcome?.remotePath).toBe(`.dedgeai/models/${model.sha256}`);
});

test('an unknown host key stops a push before a single byte of it, and the other nodes get theirs', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const trusted = await here.addTrustedNode();
  const server = await here.startServer();
  const node = here.addNode(server);
  const model = here.addModel(randomBytes(2 * MIB));

  const push = await here.finished(here.start(model));

  const stranger = push.nodes.find(({ nodeId }) => nodeId === node.id);
  expect(stranger).toMatchObject({ error: { code: 'host-key-unknown' }, progress: { sentBytes: 0 } });
  expect(here.services.hostKeys.listQuestions(node.testbedId)).toMatchObject([{ nodeId: node.id }]);
  expect(modelOn(server, model).names()).toEqual([]);
  expect(modelOn(trusted.server, model).final()?.length).toBe(model.sizeBytes);
  expect(push.state).toBe('failed');
});

test('a host key that has changed stops a push before a single byte of it', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  await server.restartWithNewHostKey();
  const model = here.addModel(randomBytes(2 * MIB));

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]).toMatchObject({ error: { code: 'host-key-changed' }, progress: { sentBytes: 0 } });
  expect(modelOn(server, model).names()).toEqual([]);
});

test('the secrets of the way stand neither on the command line nor in the environment of the push process', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  await here.addTrustedNode();
  const secret = here.services.programKey.privateKeyPem.split('\n')[2]!;
  let reported = '';
  // Of a process that is just being made, the kernel shows what made it.
  const look = until(() => {
    const pid = here.pusher.processIds()[0];
    if (pid === undefined) return false;
    reported = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
    return reported.includes('push-worker');
  });

  await Promise.all([here.finished(here.start(here.addModel(randomBytes(40 * MIB)))), look]);

  expect(reported).toContain('push-worker');
  expect(reported).not.toContain(secret);
});

test('three nodes without agents get the model at once', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const nodes = [await here.addTrustedNode(), await here.addTrustedNode(), await here.addTrustedNode()];
  const model = here.addModel(randomBytes(40 * MIB));
  let maxAtOnce = 0;

  const push = await here.finished(here.start(model), (snapshot) => {
    // From the connect on: which of them sends when is up to the machine.
    const isUnderWay = ({ state }: PushProgress): boolean => !['queued', 'succeeded', 'failed', 'cancelled'].includes(state);
    maxAtOnce = Math.max(maxAtOnce, snapshot.nodes.filter(({ progress }) => isUnderWay(progress)).length);
  });

  expect(push.state).toBe('succeeded');
  expect(maxAtOnce).toBe(3);
  for (const { server } of nodes) expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
});
