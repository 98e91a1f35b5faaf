import { expect, test } from 'vitest';
import { LatentStore } from '../../../../src/scheduling/learning/latent-store.js';
import { createNormalNoise } from '../../../../src/scheduling/learning/normal-noise.js';
import { createRandom } from '../../../../src/random/random.js';

const sizes = { agents: 2, tasks: 2, servers: 2, slots: 3 };

function makeStore(slots: number): LatentStore {
  return new LatentStore({ ...sizes, slots }, createNormalNoise(), createRandom(1));
}

function readSlot(store: LatentStore, slot: number): number[] {
  const target = new Float32Array(8);
  store.readSlot(slot, target);
  return [...target];
}

const given = Float32Array.of(0.5, 0.5, 0.25, 0.75, 1, 0, 0, 1);

test('latents start as normal noise, others in each slot', () => {
  const store = makeStore(3);
  expect(new Set([0, 1, 2].flatMap((slot) => readSlot(store, slot))).size).toBeGreaterThan(20);
});

test('what was given in a slot is the latent of the same slot later', () => {
  const store = makeStore(3);
  const other = readSlot(store, 1);
  store.writeSlot(0, given, () => 2);
  expect(readSlot(store, 0)).toEqual([...given]);
  expect(readSlot(store, 1)).toEqual(other);
});

test('with one slot every slot reads what the last one gave', () => {
  const store = makeStore(1);
  store.writeSlot(4, given, () => 2);
  expect(readSlot(store, 5)).toEqual([...given]);
});

test('tasks that did not arrive keep their latents', () => {
  const store = makeStore(3);
  const before = readSlot(store, 0);
  store.writeSlot(0, given, (agent) => agent);
  expect(readSlot(store, 0)).toEqual([...before.slice(0, 4), 1, 0, ...before.slice(6)]);
});

test('what was read does not change when the store does', () => {
  const store = makeStore(1);
  const target = new Float32Array(8);
  store.readSlot(0, target);
  const before = [...target];
  store.writeSlot(0, given, () => 2);
  expect([...target]).toEqual(before);
});

test('restored from a snapshot holds what was stored when it was taken', () => {
  const store = makeStore(3);
  const before = readSlot(store, 0);
  const snapshot = store.takeSnapshot();
  store.writeSlot(0, given, () => 2);
  store.restore(snapshot);
  expect(readSlot(store, 0)).toEqual(before);
});

test('refuses a snapshot of other sizes', () => {
  expect(() => makeStore(3).restore(makeStore(2).takeSnapshot())).toThrow('other sizes');
});
