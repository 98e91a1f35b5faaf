import { describe, expect, test } from 'vitest';
import { createEnvironment, type Environment } from '../../../../src/scheduling/environment/environment.js';
import type { EpisodeArrivals } from '../../../../src/scheduling/environment/arrivals.js';
import { PRESETS } from '../../../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import { createAlgorithm1 } from '../../../../src/scheduling/learning/algorithm-1.js';
import type { GraphRunner } from '../../../../src/scheduling/learning/graph-runner.js';
import { LatentStore } from '../../../../src/scheduling/learning/latent-store.js';
import { createLearnedPolicy } from '../../../../src/scheduling/learning/learned-policy.js';
import type { NoisePool, NormalNoise } from '../../../../src/scheduling/learning/normal-noise.js';
import type { ReplayBuffer } from '../../../../src/scheduling/learning/replay-buffer.js';
import { SlotDecisions } from '../../../../src/scheduling/learning/slot-decisions.js';
import { createRandom } from '../../../../src/random/random.js';

const AGENTS = 2;
const TASKS = 3;
const STATE_SIZE = 4;
const BATCH = 2;
const scale = { sizeMbit: 10, workGigacycles: 100, backlogGigacycles: 1000 };
/** Writes the same number everywhere, so that what was filled with noise can be told. */
const noise: NormalNoise & NoisePool = {
  fill: (target) => void target.fill(0.125),
  take: (count) => new Float32Array(count).fill(0.125),
};

/** Two stations whose tasks all take long, over `slots` slots. */
function makeEnvironment(slots: number): Environment {
  return createEnvironment(
    { ...PRESETS.paper, baseStations: AGENTS, slots, tasksPerSlot: { min: 2, max: TASKS }, capacityGigacyclesPerSec: { min: 1, max: 2 } },
    1,
  );
}

/** Records what it is fed and gives the next probabilities of the list to every task; the last again and again. */
function makePolicyRunner(probabilities: readonly (readonly [number, number])[]) {
  const fed: Record<string, Float32Array>[] = [];
  const runner: GraphRunner = {
    inputShapes: {
      actor: [AGENTS, 1],
      states: [AGENTS, TASKS, STATE_SIZE],
      latents: [AGENTS, TASKS, AGENTS],
      noise: [1, AGENTS, TASKS, AGENTS],
    },
    run: async (inputs) => {
      fed.push(structuredClone(inputs));
      const row = probabilities[Math.min(fed.length, probabilities.length) - 1]!;
      return { probabilities: Float32Array.from({ length: AGENTS * TASKS * AGENTS }, (_, index) => row[index % AGENTS]!) };
    },
  };
  return { fed, runner };
}

/** An update that adds 1 to its only state. */
function makeUpdateRunner() {
  const fed: Record<string, Float32Array>[] = [];
  const runner: GraphRunner = {
    inputShapes: {
      actor: [AGENTS, 1],
      biasCorrections: [2],
      states: [AGENTS, STATE_SIZE, BATCH],
      actions: [AGENTS, AGENTS, BATCH],
      rewards: [AGENTS, 1, BATCH],
      nextStates: [AGENTS, STATE_SIZE, BATCH],
      notDone: [AGENTS, 1, BATCH],
      next_noise: [1, AGENTS, AGENTS, BATCH],
    },
    run: async (inputs) => {
      fed.push(structuredClone(inputs));
      return { updated_actor: inputs['actor']!.map((value) => value + 1), entropy: Float32Array.of(fed.length, 3 * fed.length) };
    },
  };
  return { fed, runner };
}

function makeLatentStore(): LatentStore {
  return new LatentStore({ agents: AGENTS, tasks: TASKS, servers: AGENTS, slots: 10 }, noise, createRandom(1));
}

function makeTraining(
  probabilities: readonly (readonly [number, number])[],
  { slots = 2, ...overrides }: { slots?: number; learningStarts?: number; explorationRate?: number; updatesPerSlot?: number } = {},
) {
  const policy = makePolicyRunner(probabilities);
  const update = makeUpdateRunner();
  const environment = makeEnvironment(slots);
  const arrivals = environment.makeArrivals(0);
  const { trainEpisode, updates, replay } = createAlgorithm1({
    name: 'test',
    environment,
    settings: {
      replayCapacity: 100,
      learningStarts: 0,
      updatesPerSlot: 1,
      rewardScale: 2,
      explorationRate: 0,
      observationScale: scale,
      ...overrides,
    },
    graphs: { policy: policy.runner, update: update.runner },
    learner: { stateNames: ['actor'] },
    latentStore: makeLatentStore(),
    state: { actor: new Float32Array(AGENTS) },
    noise,
  });
  const run = () => trainEpisode(arrivals, createRandom(1));
  return { run, arrivals, replay, updates, policyFed: policy.fed, updateFed: update.fed };
}

/** The transitions of the first agent in the order in which they were stored. */
function transitionsOf(replay: ReplayBuffer) {
  const { rows, counts } = replay.takeSnapshot();
  const width = rows.length / AGENTS / 100;
  return Array.from({ length: counts[0]! }, (_, index) => {
    const row = [...rows.slice(index * width, (index + 1) * width)];
    const [state, latent, nextState, nextLatent] = [row.slice(0, 4), row.slice(4, 6), row.slice(6, 10), row.slice(10, 12)];
    return { state, latent, nextState, nextLatent, action: row[12]!, reward: row[13]!, notDone: row[14]! };
  });
}

function tasksOfFirstAgent(arrivals: EpisodeArrivals, slot: number): number[] {
  const [first, end] = [arrivals.firstTask[slot * AGENTS]!, arrivals.firstTask[slot * AGENTS + 1]!];
  return Array.from({ length: end - first }, (_, index) => first + index);
}

describe('Algorithm 1', () => {
  test('draws servers by the probabilities of its graph', async () => {
    const { choices } = await makeTraining([[0, 1]]).run();
    expect(new Set(choices)).toEqual(new Set([1]));
  });

  test('explores where it is told to', async () => {
    const { choices } = await makeTraining([[0, 1]], { explorationRate: 1 }).run();
    expect(new Set(choices)).toEqual(new Set([0, 1]));
  });

  test('sees the scaled size, work and backlogs of each task', async () => {
    const made = makeTraining([[1, 0]]);
    await made.run();
    const { arrivals } = made;
    const [task] = tasksOfFirstAgent(arrivals, 1);
    const state = made.policyFed[1]!['states']!.slice(0, STATE_SIZE);
    expect(state[0]).toBeCloseTo(arrivals.sizeMbit[task!]! / 10, 6);
    expect(state[1]).toBeCloseTo(arrivals.workGigacycles[task!]! / 100, 6);
    expect(state[2]).toBeGreaterThan(0);
    expect(state[2]).toBeLessThan(0.1);
    expect(state[3]).toBe(0);
  });

  test('starts from noise, and in the next episode from what it gave for the same slot and task', async () => {
    const made = makeTraining([
      [0.25, 0.75],
      [0.5, 0.5],
      [1, 0],
    ]);
    await made.run();
    await made.run();
    const latentsOf = (call: number): number[] => [...made.policyFed[call]!['latents']!.slice(0, 2)];
    expect([latentsOf(0), latentsOf(2), latentsOf(3)]).toEqual([
      [0.125, 0.125],
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
  });

  test('decides with the parameters of the last update', async () => {
    const made = makeTraining([[0, 1]], { slots: 3 });
    await made.run();
    expect(made.policyFed.map((inputs) => inputs['actor']![0])).toEqual([0, 1, 2]);
  });

  test('feeds its graphs noise wherever they ask for something else than state and experience', async () => {
    const made = makeTraining([[0, 1]]);
    await made.run();
    expect(new Set(made.policyFed[0]!['noise'])).toEqual(new Set([0.125]));
    expect(new Set(made.updateFed[0]!['next_noise'])).toEqual(new Set([0.125]));
  });

  test('updates as often a slot as it is told to, each time on a batch of its own', async () => {
    const made = makeTraining([[0, 1]], { updatesPerSlot: 3 });
    await made.run();
    expect(made.updates.updateCount).toBe(6);
  });

  test('does not learn before every agent has enough transitions', async () => {
    const made = makeTraining([[0, 1]], { learningStarts: 1000 });
    await made.run();
    expect(made.updateFed).toHaveLength(0);
  });

  test('counts its updates for the corrections of Adam', async () => {
    const made = makeTraining([[0, 1]], { slots: 3 });
    await made.run();
    expect(made.updates.updateCount).toBe(3);
    expect(made.updateFed[1]!['biasCorrections']![0]).toBeCloseTo(1 / (1 - 0.9 ** 2), 5);
  });

  test('tells the mean of its metrics since they were last taken', async () => {
    const made = makeTraining([[0, 1]], { slots: 3 });
    await made.run();
    expect(made.updates.takeMetrics()).toEqual({ entropy: 4 });
    expect(made.updates.takeMetrics()).toEqual({});
  });
});

describe('the experience of Algorithm 1', () => {
  test('holds the action taken and the negative delay, scaled', async () => {
    const made = makeTraining([[0, 1]]);
    const { serviceDelaySec } = await made.run();
    const { arrivals } = made;
    const stored = transitionsOf(made.replay);
    const tasks = [...tasksOfFirstAgent(arrivals, 0), ...tasksOfFirstAgent(arrivals, 1)];
    expect(stored.map(({ action }) => action)).toEqual(tasks.map(() => 1));
    stored.forEach(({ reward }, index) => expect(reward).toBeCloseTo(-2 * serviceDelaySec[tasks[index]!]!, 4));
  });

  test('continues to the next task of the slot, with the same backlog and its latent', async () => {
    const made = makeTraining([[0.25, 0.75]]);
    await made.run();
    const [first, second] = transitionsOf(made.replay);
    expect(first!.nextState).toEqual(second!.state);
    expect(first!.nextLatent).toEqual([0.125, 0.125]);
    expect(first!.notDone).toBe(1);
  });

  test('continues from the last task of a slot to the first of the next, with the updated backlog and its latent', async () => {
    const made = makeTraining([
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
    await made.run();
    const { arrivals } = made;
    await made.run();
    const inFirstSlot = tasksOfFirstAgent(arrivals, 0).length;
    const perEpisode = inFirstSlot + tasksOfFirstAgent(arrivals, 1).length;
    const stored = transitionsOf(made.replay).slice(perEpisode);
    expect(stored[inFirstSlot - 1]!.nextState).toEqual(stored[inFirstSlot]!.state);
    expect(stored[inFirstSlot]!.state.slice(2).some((backlog) => backlog > 0)).toBe(true);
    expect(stored[inFirstSlot - 1]!.nextLatent).toEqual([0.5, 0.5]);
  });

  test('ends with the last task of the episode', async () => {
    const made = makeTraining([[0, 1]]);
    await made.run();
    expect(transitionsOf(made.replay).map(({ notDone }) => notDone)).toEqual(
      transitionsOf(made.replay).map((_, index, all) => (index === all.length - 1 ? 0 : 1)),
    );
  });
});

describe('a trained policy', () => {
  async function decide(choice: 'drawn' | 'most-probable') {
    const { fed, runner } = makePolicyRunner([[0.49, 0.51]]);
    const latentStore = makeLatentStore();
    const decisions = new SlotDecisions({ policy: runner, scale, noise, choice });
    const policy = createLearnedPolicy({ name: 'test', actor: Float32Array.of(3, 4), decisions, latentStore });
    const environment = makeEnvironment(2);
    const runOnce = () => runEpisode({ environment, arrivals: environment.makeArrivals(0), policy, random: createRandom(1) });
    const { choices } = await runOnce();
    await runOnce();
    return { fed, choices };
  }

  test('takes the most probable server where it is told to, and draws one otherwise', async () => {
    expect(new Set((await decide('most-probable')).choices)).toEqual(new Set([1]));
    expect(new Set((await decide('drawn')).choices)).toEqual(new Set([0, 1]));
  });

  test('keeps its parameters, and the latents that it gave in the episode before', async () => {
    const { fed } = await decide('drawn');
    expect(fed.map(({ actor }) => [...actor!])).toEqual(fed.map(() => [3, 4]));
    expect([fed[0], fed[2]].map((inputs) => [...inputs!['latents']!.slice(0, 2)])).toEqual([
      [0.125, 0.125],
      [Math.fround(0.49), Math.fround(0.51)],
    ]);
  });
});
