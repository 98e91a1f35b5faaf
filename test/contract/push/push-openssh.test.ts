// Pushing models to nodes whose SSH server is OpenSSH's, as on every real node.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, type TestContext } from 'vitest';
import { BLOCK_BYTES, stagingDir } from '../../../src/shared/model-layout.js';
import type { ModelPush } from '../../../src/shared/model-push.js';
import { type BuiltEntry, buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { listProcessesWith, stillRunning } from '../../support/processes.js';
import { modelOn, openPushLab, type PushLab } from '../../support/push-lab.js';
import type { RealSshd } from '../../support/real-sshd.js';
import { mountSmallDisk } from '../../support/small-disk.js';

const MIB = 1024 * 1024;
let worker: BuiltEntry;
let lab: PushLab | null;

beforeAll(async () => {
  worker = await buildEntry('src/main/models/push/push-worker.ts');
});
afterAll(() => worker.remove());
beforeEach(async () => {
  const sshd = findSshd();
  lab = sshd ? await openPushLab({ sshd, workerPath: worker.path }) : null;
});
afterEach(() => lab?.close());

/** Null, and a word about it, on a machine without OpenSSH's server. */
async function openLab(context: TestContext): Promise<PushLab | null> {
  if (!lab) await context.annotate('There is no sshd on this machine, so pushing was not tried.');
  return lab;
}

/** Kills the sshd processes of this server's sessions, as a broken line or a reboot does; the server itself goes on. */
function cut(server: RealSshd): void {
  const sessions = listProcessesWith(server.homeDir);
  if (sessions.length === 0) throw new Error('There was no session to cut');
  for (const { parentPid } of sessions) process.kill(parentPid, 'SIGKILL');
}

/** Calls `act` once, when a node of the push has got this far. */
function onceSent(bytes: number, act: () => void): (push: ModelPush) => void {
  let isDone = false;
  return ({ nodes }) => {
    if (isDone || !nodes.some(({ progress }) => progress.sentBytes >= bytes)) return;
    isDone = true;
    act();
  };
}

test('a model gets to a node whole, under its name, readable for its owner alone', async (context) => {
  const here = await openLab(context);
  if (!here) return;
  const { server } = await here.addTrustedNode();
  const model = here.addModel();

  const push = await here.finished(here.start(model));

  expect(push.nodes[0]?.error).toBeNull();
  expect(push.state).toBe('succeeded');
  const outcome = { isUnchanged: false, foundBytes: 0, sentBytes: model.sizeBytes, totalBytes: model.sizeBytes };
  expect(push.nodes[0]?.outcome).toMatchObject({ ...outcome, remotePath: `.dedgeai/models/${model.sha256}/model.safetensors` });
  expect(modelOn(server, model).final()?.equals(readFileSync(model.path))).toBe(true);
  expect(modelOn(server, model).names()).toEqual([model.sha256, `${model.sha256}/model.safetensors`]);
});
