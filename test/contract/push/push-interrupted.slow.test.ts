// Pushes that do not come to their end: connections that break, processes that die, disks that fill up. Over OpenSSH's server.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';
import { cutSessions, onceSent } from '../../support/cut-push.js';
import { modelOn, type PushHarness } from '../../support/push-harness.js';
import { openPushHarnesses } from '../../support/push-harnesses.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { openSlowLink, type SlowLink } from '../../support/slow-link.js';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.js';

const MIB = 1024 * 1024;
/** Over a link of this rate it takes so long that an accident comes before the end, however fast the machine is. */
const LONG_BYTES = 64 * MIB;
const LINK_BYTES_PER_SEC = 48 * MIB;

let link: SlowLink;

// Closed last: the harness still has connections over it.
beforeEach(() => {
  link = openSlowLink(LINK_BYTES_PER_SEC);
});
afterEach(() => link.close());
const openHarness = openPushHarnesses();

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
