// What a push finds on a node is verified: what differs is re-sent, and what is right stays. Over OpenSSH's server.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';
import { modelOn } from '../../support/push-harness.js';
import { openPushHarnesses } from '../../support/push-harnesses.js';

const MIB = 1024 * 1024;
const openHarness = openPushHarnesses();

/** As a failing disk would: the byte is another one, and no time of change tells. */
function flipByte(path: string, position: number): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[position]! ^= 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

test('a byte that flipped on a node is found by a full verification, and only its block is re-sent', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel();
  await here.finished(here.start(model));
  flipByte(modelOn(server, model).finalPath, BLOCK_BYTES + 5);

  const looked = await here.finished(here.start(model, undefined, 'only'));

  expect(looked.nodes[0]).toMatchObject({ outcome: null, progress: { sentBytes: 0 } });
  expect(looked.nodes[0]?.error).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('model.safetensors differ') as string,
    hint: expect.stringContaining('--verify') as string,
  });

  const push = await here.finished(here.start(model, undefined, 'full'));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.nodes[0]?.outcome).toMatchObject({
    isUnchanged: false,
    check: { extent: 'full', differingFiles: ['model.safetensors'] },
    sentBytes: BLOCK_BYTES,
    foundBytes: model.sizeBytes - BLOCK_BYTES,
  });
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
  const again = await here.finished(here.start(model, undefined, 'only'));
  expect(again.nodes[0]?.outcome).toMatchObject({ isUnchanged: true, check: { extent: 'full', differingFiles: [] } });
});

test('a flipped byte in the header is found by every push', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel();
  await here.finished(here.start(model));
  flipByte(modelOn(server, model).finalPath, 5);

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.outcome).toMatchObject({ check: { differingFiles: ['model.safetensors'] }, sentBytes: BLOCK_BYTES });
});

test.for([
  ['a file that is newer than the last full comparison', 'now'],
  ['a last full comparison of long ago', 'then'],
])('%s has all of it compared', async ([, when], context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel();
  await here.finished(here.start(model));
  const { finalPath } = modelOn(server, model);
  const stamp = `${dirname(finalPath)}.verified`;
  if (when === 'then') writeFileSync(stamp, '1000\n');
  else utimesSync(finalPath, new Date(), new Date(Date.now() + 60_000));

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.outcome).toMatchObject({ isUnchanged: true, check: { extent: 'full', differingFiles: [] } });
  expect(Number(readFileSync(stamp, 'utf8'))).toBeGreaterThan(1000);
});

test('a file that has changed here overwrites nothing of a right one on a node', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel();
  const bytes = readFileSync(model.path);
  await here.finished(here.start(model));
  flipByte(model.path, 5);

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toMatchObject({ code: 'conflict', message: `${model.path} has changed since it was added.` });
  expect(modelOn(server, model).final()?.equals(bytes)).toBe(true);
});

test('a block that was damaged on the node in the meantime is found and re-sent, and only that one', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel(randomBytes(40 * MIB));
  const bytes = readFileSync(model.path);
  const damaged = Buffer.from(bytes);
  damaged[BLOCK_BYTES + 9] = damaged[BLOCK_BYTES + 9]! ^ 1;
  const { partPath, final } = modelOn(server, model);
  mkdirSync(dirname(partPath), { recursive: true });
  writeFileSync(partPath, damaged);

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.outcome).toMatchObject({ sentBytes: BLOCK_BYTES, foundBytes: bytes.length - BLOCK_BYTES });
  expect(final()?.equals(bytes)).toBe(true);
});

test('an unfinished file that is longer than the model is not trusted', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel(randomBytes(3 * MIB));
  const { partPath, final } = modelOn(server, model);
  mkdirSync(dirname(partPath), { recursive: true });
  writeFileSync(partPath, Buffer.concat([readFileSync(model.path), Buffer.from('more')]));

  await here.finished(here.start(model));

  expect(final()?.equals(readFileSync(model.path))).toBe(true);
});

test('a model under its name that lost bytes is made whole again', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel(randomBytes(40 * MIB));
  await here.finished(here.start(model));
  const { finalPath, final } = modelOn(server, model);
  writeFileSync(finalPath, readFileSync(model.path).subarray(0, 20 * MIB));

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.outcome).toMatchObject({ isUnchanged: false, foundBytes: 2 * BLOCK_BYTES });
  expect(final()?.equals(readFileSync(model.path))).toBe(true);
});

test('a file that has changed since it was added never gets the name of the model', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel(randomBytes(20 * MIB));
  writeFileSync(model.path, randomBytes(20 * MIB));

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('changed since it was added') as string,
  });
  expect(modelOn(server, model).final()?.length).toBeUndefined();
  expect(modelOn(server, model).part()).toBeNull();
});
