// What an agent keeps of input pictures: those that tasks need always, the others for a while and as long as there is room.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SILENT_LOG } from '../../../src/agent/log.js';
import { PictureStore } from '../../../src/agent/pictures/picture-store.js';
import { makePng } from '../../support/make-picture.js';

const KEPT_MS = 10 * 60_000;
const [first, second, third] = [10, 90, 170].map((shade) => makePng(32, 32, { shade })) as [Buffer, Buffer, Buffer];
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let store: PictureStore;
const inUse = new Set<string>();
let nowMs = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  nowMs = 0;
  inUse.clear();
  const maxTotalBytes = first.length + second.length;
  store = await PictureStore.open(join(folder, 'pictures'), { inUse: () => inUse, log: SILENT_LOG, nowMs: () => nowMs, maxTotalBytes });
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (bytes: Buffer) => store.put(hashOf(bytes), bytes);
const kept = async (): Promise<string[]> => (await readdir(join(folder, 'pictures'))).sort();

it('drops what no task needs a while after it was asked for, and nothing that one needs', async () => {
  await put(first);
  await put(second);
  inUse.add(hashOf(first));
  nowMs = KEPT_MS - 1;
  await store.sweep();
  expect(await kept()).toEqual([hashOf(first), hashOf(second)].sort());
  nowMs = KEPT_MS;
  await store.sweep();
  expect(await kept()).toEqual([hashOf(first)]);
  expect([store.has(hashOf(first)), store.has(hashOf(second))]).toEqual([true, false]);
  expect(await store.read(hashOf(first))).toEqual(first);
});

it('makes room with what no task needs, and refuses where all of it is needed', async () => {
  await put(first);
  await put(second);
  inUse.add(hashOf(first)).add(hashOf(second));
  expect(await put(third)).toMatchObject({ status: 507 });
  inUse.delete(hashOf(first));
  expect(await put(third)).toBeNull();
  expect(await kept()).toEqual([hashOf(second), hashOf(third)].sort());
});

it('takes the same picture again without a second copy', async () => {
  expect([await put(first), await put(first), await put(second)]).toEqual([null, null, null]);
  expect(await kept()).toHaveLength(2);
});
