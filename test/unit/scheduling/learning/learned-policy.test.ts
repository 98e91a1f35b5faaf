import { describe, expect, test } from 'vitest';
import { createEnvironment, type Environment } from '../../../../src/scheduling/environment/environment.js';
import type { EpisodeArrivals } from '../../../../src/scheduling/environment/arrivals.js';
import { PRESETS } from '../../../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import type { GraphRunner } from '../../../../src/scheduling/learning/graph-runner.js';
import { LatentStore } from '../../../../src/scheduling/learning/latent-store.js';
import { createLearnedPolicy } from '../../../../src/scheduling/learning/learned-policy.js';
import { LearnerUpdates } from '../../../../src/scheduling/learning/learner-updates.js';
import type { NoisePool, NormalNoise } from '../../../../src/scheduling/learning/normal-noise.js';
import { ReplayBuffer } from '../../../../src/scheduling/learning/replay-buffer.js';
import { SlotDecisions } from '../../../../src/scheduling/learning/slot-decisions.js';
import { createRandom } from '../../../../src/scheduling/random.js';

const AGENTS = 2;
const TASKS = 3;
const STATE_SIZE = 4;
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
    inputShapes: { actor: [AGENTS, 1], biasCorrections: [2], rewards: [AGENTS, 2, 1], next_noise: [1, AGENTS, 2, AGENTS] },
    run: async (inputs) => {
      fed.push(structuredClone(inputs));
      return { updated_actor: inputs['actor']!.map((value) => value + 1), entropy: Float32Array.of(fed.length, 3 * fed.length) };
    },
  };
  return { fed, runner };
}

function makePolicy(
  probabilities: readonly (readonly [number, number])[],
  overrides: { learningStarts?: number; explorationRate?: number } = {},
  choice: 'drawn' | 'most-probable' = 'drawn',
) {
  const policy = makePolicyRunner(probabilities);
  const update = makeUpdateRunner();
  const latents = new LatentStore({ agents: AGENTS, tasks: TASKS, servers: AGENTS, slots: 10 }, noise, createRandom(1));
  const replay = new ReplayBuffer({ agents: AGENTS, capacity: 100, stateSize: STATE_SIZE, servers: AGENTS });
  const state = { actor: new Float32Array(AGENTS) };
  const updates = new LearnerUpdates({ stateNames: ['actor'], state, updateCount: 0, update: update.runner, replay, noise });
  const learned = createLearnedPolicy({
    name: 'test',
    decisions: new SlotDecisions({ policy: policy.runner, scale, latents, noise, choice }),
    latents,
    scale,
    readActor: () => updates.state['actor']!,
    learning: { updates, replay, learningStarts: 0, updatesPerSlot: 1, rewardScale: 2, explorationRate: 0, ...overrides },
  });
  return { learned, replay, updates, policyFed: policy.fed, updateFed: update.fed };
}

async function run(made: ReturnType<typeof makePolicy>, slots = 2) {
  const environment = makeEnvironment(slots);
  const arrivals = environment.makeArrivals(0);
  const result = await runEpisode({ environment, arrivals, policy: made.learned, random: createRandom(1) });
  return { environment, arrivals, ...result };
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

describe('a learned policy', () => {
  test('draws servers by the probabilities of its graph', async () => {
    const { choices } = await run(makePolicy([[0, 1]]));
    expect(new Set(choices)).toEqual(new Set([1]));
  });

  test('takes the most probable server where it is told to', async () => {
    const { choices } = await run(makePolicy([[0.49, 0.51]], {}, 'most-probable'));
    expect(new Set(choices)).toEqual(new Set([1]));
  });

  test('explores where it is told to', async () => {
    const { choices } = await run(makePolicy([[0, 1]], { explorationRate: 1 }));
    expect(new Set(choices)).toEqual(new Set([0, 1]));
  });

  test('sees the scaled size, work and backlogs of each task', async () => {
    const made = makePolicy([[1, 0]]);
    const { arrivals } = await run(made);
    const [task] = tasksOfFirstAgent(arrivals, 1);
    const state = made.policyFed[1]!['states']!.slice(0, STATE_SIZE);
    expect(state[0]).toBeCloseTo(arrivals.sizeMbit[task!]! / 10, 6);
    expect(state[1]).toBeCloseTo(arrivals.workGigacycles[task!]! / 100, 6);
    expect(state[2]).toBeGreaterThan(0);
    expect(state[2]).toBeLessThan(0.1);
    expect(state[3]).toBe(0);
  });

  test('starts from noise, and in the next episode from what it gave for the same slot and task', async () => {
    const made = makePolicy([
      [0.25, 0.75],
      [0.5, 0.5],
      [1, 0],
    ]);
    await run(made);
    await run(made);
    const latentsOf = (call: number): number[] => [...made.policyFed[call]!['latents']!.slice(0, 2)];
    expect([latentsOf(0), latentsOf(2), latentsOf(3)]).toEqual([
      [0.125, 0.125],
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
  });

  test('decides with the parameters of the last update', async () => {
    const made = makePolicy([[0, 1]]);
    await run(made, 3);
    expect(made.policyFed.map((inputs) => inputs['actor']![0])).toEqual([0, 1, 2]);
  });

  test('feeds its graphs noise wherever they ask for something else than state and experience', async () => {
    const made = makePolicy([[0, 1]]);
    await run(made);
    expect(new Set(made.policyFed[0]!['noise'])).toEqual(new Set([0.125]));
    expect(new Set(made.updateFed[0]!['next_noise'])).toEqual(new Set([0.125]));
  });

  test('does not learn before every agent has enough transitions', async () => {
    const made = makePolicy([[0, 1]], { learningStarts: 1000 });
    await run(made);
    expect(made.updateFed).toHaveLength(0);
  });

  test('counts its updates for the corrections of Adam', async () => {
    const made = makePolicy([[0, 1]]);
    await run(made, 3);
    expect(made.updates.updateCount).toBe(3);
    expect(made.updateFed[1]!['biasCorrections']![0]).toBeCloseTo(1 / (1 - 0.9 ** 2), 5);
  });

  test('tells the mean of its metrics since they were last taken', async () => {
    const made = makePolicy([[0, 1]]);
    await run(made, 3);
    expect(made.updates.takeMetrics()).toEqual({ entropy: 4 });
    expect(made.updates.takeMetrics()).toEqual({});
  });
});

describe('the experience of a learned policy', () => {
  test('holds the action taken and the negative delay, scaled', async () => {
    const made = makePolicy([[0, 1]]);
    const { arrivals, serviceDelaySec } = await run(made);
    const stored = transitionsOf(made.replay);
    const tasks = [...tasksOfFirstAgent(arrivals, 0), ...tasksOfFirstAgent(arrivals, 1)];
    expect(stored.map(({ action }) => action)).toEqual(tasks.map(() => 1));
    stored.forEach(({ reward }, index) => expect(reward).toBeCloseTo(-2 * serviceDelaySec[tasks[index]!]!, 4));
  });

  test('goes on to the next task of the slot, with the same backlog and its latent', async () => {
    const made = makePolicy([[0.25, 0.75]]);
    await run(made);
    const [first, second] = transitionsOf(made.replay);
    expect(first!.nextState).toEqual(second!.state);
    expect(first!.nextLatent).toEqual([0.125, 0.125]);
    expect(first!.notDone).toBe(1);
  });

  test('goes on from the last task of a slot to the first of the next, with the updated backlog and its latent', async () => {
    const made = makePolicy([
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
    const { arrivals } = await run(made);
    await run(made);
    const inFirstSlot = tasksOfFirstAgent(arrivals, 0).length;
    const perEpisode = inFirstSlot + tasksOfFirstAgent(arrivals, 1).length;
    const stored = transitionsOf(made.replay).slice(perEpisode);
    expect(stored[inFirstSlot - 1]!.nextState).toEqual(stored[inFirstSlot]!.state);
    expect(stored[inFirstSlot]!.state.slice(2).some((backlog) => backlog > 0)).toBe(true);
    expect(stored[inFirstSlot - 1]!.nextLatent).toEqual([0.5, 0.5]);
  });

  test('ends with the last task of the episode', async () => {
    const made = makePolicy([[0, 1]]);
    await run(made);
    expect(transitionsOf(made.replay).map(({ notDone }) => notDone)).toEqual(
      transitionsOf(made.replay).map((_, index, all) => (index === all.length - 1 ? 0 : 1)),
    );
  });
});
