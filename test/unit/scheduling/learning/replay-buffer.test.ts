import { describe, expect, test } from 'vitest';
import { ReplayBuffer, type Transition } from '../../../../src/scheduling/learning/replay-buffer.js';
import { createRandom } from '../../../../src/random/random.js';

const sizes = { agents: 2, capacity: 3, stateSize: 2, servers: 2 };

/** Told apart by its reward. */
function makeTransition(reward: number): Transition {
  return {
    state: [reward, reward + 0.25],
    latent: [0.5, reward],
    action: 1,
    reward,
    nextState: [-reward, 0.75],
    nextLatent: [reward, 0.5],
    done: false,
  };
}

function sampleRewards(buffer: ReplayBuffer, agent: number): Set<number> {
  const batch = buffer.createBatch(50);
  buffer.sample(batch, createRandom(1));
  return new Set(batch.rewards.subarray(50 * agent, 50 * (agent + 1)));
}

function fill(rewards: readonly number[]): ReplayBuffer {
  const buffer = new ReplayBuffer(sizes);
  for (const reward of rewards) {
    buffer.add(0, makeTransition(reward));
    buffer.add(1, makeTransition(100 + reward));
  }
  return buffer;
}

describe('a replay buffer', () => {
  test('keeps the newest transitions of each agent', () => {
    const buffer = fill([1, 2, 3, 4]);
    expect(sampleRewards(buffer, 0)).toEqual(new Set([2, 3, 4]));
    expect(sampleRewards(buffer, 1)).toEqual(new Set([102, 103, 104]));
  });

  test('gives all parts of one transition in the same row', () => {
    const buffer = new ReplayBuffer({ ...sizes, agents: 1 });
    buffer.add(0, makeTransition(7));
    const batch = buffer.createBatch(1);
    buffer.sample(batch, createRandom(1));
    expect(batch).toEqual({
      states: Float32Array.of(7, 7.25),
      latents: Float32Array.of(0.5, 7),
      actions: Float32Array.of(0, 1),
      rewards: Float32Array.of(7),
      nextStates: Float32Array.of(-7, 0.75),
      next_latents: Float32Array.of(7, 0.5),
      notDone: Float32Array.of(1),
    });
  });

  test('lays a batch out number by number, then transition by transition, for each agent', () => {
    const buffer = new ReplayBuffer({ ...sizes, capacity: 1 });
    buffer.add(0, makeTransition(1));
    buffer.add(1, makeTransition(2));
    const batch = buffer.createBatch(2);
    buffer.sample(batch, createRandom(1));
    expect([...batch.states]).toEqual([1, 1, 1.25, 1.25, 2, 2, 2.25, 2.25]);
    expect([...batch.next_latents]).toEqual([1, 1, 0.5, 0.5, 2, 2, 0.5, 0.5]);
    expect([...batch.actions]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
    expect([...batch.rewards]).toEqual([1, 1, 2, 2]);
  });

  test('marks a transition after which nothing follows', () => {
    const buffer = new ReplayBuffer({ ...sizes, agents: 1 });
    buffer.add(0, { ...makeTransition(1), done: true });
    const batch = buffer.createBatch(1);
    buffer.sample(batch, createRandom(1));
    expect([...batch.notDone]).toEqual([0]);
  });

  test('keeps what it was given when the caller changes it later', () => {
    const buffer = new ReplayBuffer({ ...sizes, agents: 1 });
    const latent = Float32Array.of(0.25, 0.75);
    buffer.add(0, { ...makeTransition(1), latent });
    latent.fill(9);
    const batch = buffer.createBatch(1);
    buffer.sample(batch, createRandom(1));
    expect([...batch.latents]).toEqual([0.25, 0.75]);
  });

  test('clears the actions of the batch before', () => {
    const buffer = new ReplayBuffer({ ...sizes, agents: 1, capacity: 1 });
    const batch = buffer.createBatch(1);
    for (const action of [0, 1]) {
      buffer.add(0, { ...makeTransition(1), action });
      buffer.sample(batch, createRandom(1));
    }
    expect([...batch.actions]).toEqual([0, 1]);
  });

  test('counts by the agent that has the fewest', () => {
    const buffer = new ReplayBuffer(sizes);
    buffer.add(0, makeTransition(1));
    expect(buffer.minCount).toBe(0);
    buffer.add(1, makeTransition(1));
    expect(buffer.minCount).toBe(1);
  });

  test('refuses to sample before every agent has a transition', () => {
    const buffer = new ReplayBuffer(sizes);
    expect(() => buffer.sample(buffer.createBatch(1), createRandom(1))).toThrow('no transition of some agent');
  });

  test('restored from a snapshot continues as the one it was taken from', () => {
    const original = fill([1, 2]);
    const restored = new ReplayBuffer(sizes);
    restored.restore(original.takeSnapshot());
    for (const buffer of [original, restored]) buffer.add(0, makeTransition(3));
    const [expected, found] = [original, restored].map((buffer) => {
      const batch = buffer.createBatch(10);
      buffer.sample(batch, createRandom(5));
      return batch;
    });
    expect(found).toEqual(expected);
  });

  test('refuses a snapshot of other sizes', () => {
    const snapshot = new ReplayBuffer({ ...sizes, capacity: 4 }).takeSnapshot();
    expect(() => new ReplayBuffer(sizes).restore(snapshot)).toThrow('other sizes');
  });
});
