// Pushing models to nodes whose SSH server is OpenSSH's, as on every real node.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, type TestContext } from 'vitest';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';
import type { PushProgress } from '../../../src/shared/model-push.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { cutSessions, onceSent } from '../../support/cut-push.js';
import { modelOn, openPushHarness, type PushHarness } from '../../support/push-harness.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { openSlowLink, type SlowLink } from '../../support/slow-link.js';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.js';

const MIB = 1024 * 1024;
let worker: string;
let harness: PushHarness | null;
let link: SlowLink;

beforeAll(async () => {
  worker = await buildEntry('src/main/programs/push-worker/push-worker.ts');
});
beforeEach(async () => {
  const sshd = findSshd();
  harness = sshd ? await openPushHarness({ sshd, workerPath: worker }) : null;
  link = openSlowLink(LINK_BYTES_PER_SEC);
});
afterEach(async () => {
  await harness?.close();
  await link.close();
});

/** Null, and a word about it, on a machine without OpenSSH's server. */
async function openHarness(context: TestContext): Promise<PushHarness | null> {
  if (!harness) await context.annotate('There is no sshd on this machine, so pushing was not tried.');
  return harness;
}

/** Over a link of this rate it takes so long that an accident comes before the end, however fast the machine is. */
const LONG_BYTES = 64 * MIB;
const LINK_BYTES_PER_SEC = 48 * MIB;

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
  expect(modelOn(server, model).names()).toEqual([model.sha256, `${model.sha256}/model.safetensors`]);
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

test('a line that is cut is taken up again by itself, and at most 16 MiB are sent twice', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode({ link });
  const model = here.addModel(randomBytes(LONG_BYTES + 777));
  let didWait = false;
  const cut = onceSent(34 * MIB, () => cutSessions(model.sha256));

  const push = await here.finished(here.start(model), (snapshot) => {
    cut(snapshot);
    didWait ||= snapshot.nodes[0]?.progress.state === 'waiting';
  });

  expect(push.nodes[0]?.error).toBeNull();
  expect(didWait).toBe(true);
  const { sentBytes, foundBytes } = push.nodes[0]!.outcome!;
  expect(sentBytes).toBeGreaterThan(model.sizeBytes - foundBytes);
  // A block, and what was on the way in the connection when it broke.
  expect(sentBytes - model.sizeBytes).toBeLessThanOrEqual(16 * MIB);
  expect(foundBytes).toBeGreaterThan(0);
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
});

test('after kill -9 of the push process the next push sends at most 16 MiB twice', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode({ link });
  const model = here.addModel(randomBytes(LONG_BYTES + 777));
  let sentBefore = 0;
  const kill = onceSent(34 * MIB, () => process.kill(here.pusher.processIds()[0]!, 'SIGKILL'));
  const killed = await here.finished(here.start(model), (snapshot) => {
    kill(snapshot);
    sentBefore = snapshot.nodes[0]!.progress.sentBytes;
  });
  expect(killed.nodes[0]?.error).toMatchObject({ code: 'io', hint: expect.stringContaining('continues') as string });
  expect(modelOn(server, model).final()?.length).toBeUndefined();

  const push = await here.finished(here.start(model));

  const { sentBytes, foundBytes } = push.nodes[0]!.outcome!;
  expect(sentBytes + foundBytes).toBe(model.sizeBytes);
  expect(foundBytes).toBeGreaterThanOrEqual(sentBefore - 16 * MIB);
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
});

test('a cancelled push leaves what is there for the next one, never under the name of the model', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const { server } = await here.addTrustedNode({ link });
  const model = here.addModel(randomBytes(LONG_BYTES));
  const started = here.start(model);
  const cancelled = await here.finished(
    started,
    onceSent(40 * MIB, () => void here.jobs.cancel(started.id)),
  );
  expect(cancelled).toMatchObject({ state: 'cancelled', nodes: [{ error: { code: 'cancelled' } }] });
  expect(modelOn(server, model).final()?.length).toBeUndefined();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]!.outcome!.foundBytes).toBeGreaterThanOrEqual(2 * BLOCK_BYTES);
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
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
  const look = onceSent(1, () => {
    const pid = here.pusher.processIds()[0]!;
    reported = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
  });

  await here.finished(here.start(here.addModel()), look);

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

/** Null, and a word about it, where none can be mounted. */
async function openSmallDisk(context: TestContext, mebibytes: number): Promise<SmallDisk | null> {
  const disk = mountSmallDisk(mebibytes);
  if (!disk) await context.annotate('This machine may not mount a small file system, so the full disk was not tried.');
  return disk;
}

/** A node that keeps its models on the disk. */
async function addNodeOnDisk(here: PushHarness, disk: SmallDisk): Promise<RealSshd> {
  const { server } = await here.addTrustedNode({ link });
  mkdirSync(join(server.homeDir, '.dedgeai'));
  symlinkSync(disk.dir, join(server.homeDir, '.dedgeai', 'models'));
  return server;
}

test('a disk without room is reported before anything is sent', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const disk = await openSmallDisk(context, 16);
  if (!disk) return;
  try {
    await addNodeOnDisk(here, disk);
    const model = here.addModel();

    const push = await here.finished(here.start(model));

    expect(push.nodes[0]).toMatchObject({ error: { code: 'no-space' }, progress: { sentBytes: 0 } });
    expect(push.nodes[0]?.error?.message).toMatch(/has 17 MB free, and 21 MB of the model are to come/);
  } finally {
    disk.remove();
  }
});

test('a disk that fills up on the way is reported, nothing of the user is removed, and the next push continues', async (context) => {
  const here = await openHarness(context);
  if (!here) return;
  const disk = await openSmallDisk(context, 120);
  if (!disk) return;
  try {
    const server = await addNodeOnDisk(here, disk);
    writeFileSync(join(disk.dir, 'of-the-user'), 'mine');
    const model = here.addModel(randomBytes(LONG_BYTES));
    const full = await here.finished(
      here.start(model),
      onceSent(20 * MIB, () => disk.fill()),
    );
    expect(full.nodes[0]?.error).toMatchObject({ code: 'no-space', message: expect.stringContaining('no space left') as string });
    expect(modelOn(server, model).final()?.length).toBeUndefined();
    expect(readFileSync(join(disk.dir, 'of-the-user'), 'utf8')).toBe('mine');
    disk.free();

    const push = await here.finished(here.start(model));

    expect(push.nodes[0]?.outcome?.foundBytes).toBeGreaterThanOrEqual(BLOCK_BYTES);
    expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
    rmSync(join(server.homeDir, '.dedgeai', 'models'));
  } finally {
    disk.remove();
  }
});
