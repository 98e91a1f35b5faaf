import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../../src/scheduling/environment/check-policy.js';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { createLearningRun } from '../../../../src/scheduling/learning/learning-run.js';
import type { LearningCheckpoint } from '../../../../src/scheduling/learning/learning-checkpoint.js';
import { buildPriceGraph } from '../../../../src/scheduling/learning/price-graph.js';
import { createPriceLearner, createPricePolicy } from '../../../../src/scheduling/learning/price-ts.js';
import { paperTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';
import { FIRST_UNSEEN_EPISODE } from '../../../../src/scheduling/learning/unseen-episodes.js';
import { createSimulatorPolicy } from '../../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import type { SimulatorPolicy } from '../../../../src/scheduling/environment/simulator-policy.js';
import { createRandom } from '../../../../src/random/random.js';
import { handArrivals, handEnvironment, smallConfig } from '../environment/small-environment.js';

const settings = paperTrainingSettings('price-ts');

async function decideByHand(prices: readonly number[], externalityWeight = 1): Promise<number[]> {
  const options = { environment: handEnvironment, settings: { ...settings, externalityWeight } };
  const policy = createPricePolicy(options, { values: Float32Array.from(prices), episodes: 1 });
  return [...(await runEpisode({ environment: handEnvironment, arrivals: handArrivals, policy, random: createRandom(1) })).choices];
}

describe('decisions worked out by hand', () => {
  it('count what the station has sent in the slot once for every station', async () => {
    // Task 0: 1.2 s or 0.6 s. Task 1: 0.6 s, or (2 * 12 + 6) / 20 = 1.5 s. Task 2, of another station: 2 s or 1 s. Then q is 0 and 12: task 3
    // 0.4 s or 0.8 s, task 4 0.2 s or 0.7 s.
    expect(await decideByHand([0, 0, 0, 0])).toEqual([1, 0, 1, 0, 0]);
  });

  it('keep a task away from where others would wait for it', async () => {
    // In slot 0 a Gigacycle costs the others 0.1 s more at server 1: task 0 1.2 s or 1.8 s, task 1 2 * 12 / 10 + 0.6 s or 0.9 s, task 2 2 s or 3 s.
    // Then q is 22 and 0: task 3 2.6 s or 0.2 s, task 4 2.4 s or 0.1 s.
    expect(await decideByHand([0, 0.1, 0, 0])).toEqual([0, 1, 0, 1, 1]);
  });

  it('do not heed the prices where the others do not count', async () => {
    expect(await decideByHand([0, 0.1, 0, 0], 0)).toEqual([1, 0, 1, 0, 0]);
  });
});

/** Six ESs, for half a minute under almost twice the load that they can bear. */
const busy = createEnvironment(smallConfig({ baseStations: 6, slots: 30, tasksPerSlot: { min: 1, max: 50 } }), 4);

async function train(episodes: number, externalityWeight = 1): Promise<{ values: Float32Array; episodes: number }> {
  const { policy, takeLearned } = createPriceLearner({ environment: busy, settings: { ...settings, externalityWeight } });
  for (let episode = 0; episode < episodes; episode++) {
    await runEpisode({ environment: busy, arrivals: busy.makeArrivals(episode), policy, random: createRandom(episode) });
  }
  return takeLearned();
}

/** Means over unseen episodes, and the mean of their p95. */
async function measure(policy: SimulatorPolicy): Promise<{ meanSec: number; p95Sec: number }> {
  let [meanSec, p95Sec] = [0, 0];
  const episodes = 10;
  for (let episode = FIRST_UNSEEN_EPISODE; episode < FIRST_UNSEEN_EPISODE + episodes; episode++) {
    const run = { environment: busy, arrivals: busy.makeArrivals(episode), policy, random: createRandom(episode) };
    const delays = (await runEpisode(run)).serviceDelaySec.sort();
    meanSec += delays.reduce((sum, sec) => sum + sec, 0) / delays.length / episodes;
    p95Sec += delays[Math.ceil(0.95 * delays.length) - 1]! / episodes;
  }
  return { meanSec, p95Sec };
}

const policyOf = async (externalityWeight: number): Promise<SimulatorPolicy> =>
  createPricePolicy({ environment: busy, settings: { ...settings, externalityWeight } }, await train(60, externalityWeight));

describe('what is learned', () => {
  it('beats Opt-TS by more than 15 % on arrivals that were never learned from', async () => {
    const [learned, optTs] = [await measure(await policyOf(1)), await measure(createSimulatorPolicy('opt-ts'))];
    expect(learned.meanSec / optTs.meanSec).toBeLessThan(0.85);
  });

  it('gives less of the mean for less of the tail where the others count half', async () => {
    const [whole, half, optTs] = [
      await measure(await policyOf(1)),
      await measure(await policyOf(0.5)),
      await measure(createSimulatorPolicy('opt-ts')),
    ];
    expect(half.p95Sec).toBeLessThan(whole.p95Sec);
    expect(half.meanSec).toBeGreaterThan(whole.meanSec);
    expect(half.meanSec).toBeLessThan(optTs.meanSec);
  });

  it('is used without seeing the future', async () => {
    const learned = await train(3);
    expect(await checkPolicy(() => createPricePolicy({ environment: busy, settings }, learned), busy)).toEqual([]);
  });
});

async function resumeRun(checkpoint: LearningCheckpoint | undefined, episodes: readonly number[]) {
  const openGraph = () => Promise.reject(new Error('There is no network to open'));
  const run = await createLearningRun({
    method: 'price-ts',
    settings,
    environment: busy,
    seed: 4,
    openGraph,
    ...(checkpoint && { checkpoint }),
  });
  const delays: number[] = [];
  for (const episode of episodes) {
    const arrivals = busy.makeArrivals(episode);
    const { serviceDelaySec } = await run.trainEpisode(arrivals, createRandom(episode));
    delays.push(...serviceDelaySec);
  }
  return { delays, checkpoint: run.takeCheckpoint() };
}

it('continues from a checkpoint as if it had not been stopped', async () => {
  const whole = await resumeRun(undefined, [0, 1, 2, 3]);
  const firstHalf = await resumeRun(undefined, [0, 1]);
  const secondHalf = await resumeRun(firstHalf.checkpoint, [2, 3]);
  expect([...firstHalf.delays, ...secondHalf.delays]).toEqual(whole.delays);
});

it('decides the same as its graph', async () => {
  const { values } = await train(5);
  const slot = 12;
  const scale = settings.observationScale;
  const graph = buildPriceGraph({
    agents: 6,
    batchSize: 1,
    slots: 30,
    capacityGigacyclesPerSec: busy.capacityGigacyclesPerSec,
    prices: values,
    externalityWeight: 1,
    scale,
  });
  const arrivals = busy.makeArrivals(7);
  const random = createRandom(7);
  const backlogGigacycles = Float64Array.from({ length: 6 }, () => random.nextFloat() * 100);
  const firstTask = arrivals.firstTask[slot * 6]!;
  const endTask = arrivals.firstTask[(slot + 1) * 6]!;
  const choices = new Int32Array(endTask - firstTask);
  const decider = createPricePolicy({ environment: busy, settings }, { values, episodes: 5 }).startEpisode(busy, random);
  await decider.decideSlot({ slot, firstTask, endTask, arrivals, backlogGigacycles }, choices);
  const states = Array.from({ length: 6 }, (_, station) => {
    const task = arrivals.firstTask[slot * 6 + station]!;
    const backlogs = Array.from(backlogGigacycles, (backlog) => backlog / scale.backlogGigacycles);
    return [arrivals.sizeMbit[task]! / scale.sizeMbit, arrivals.workGigacycles[task]! / scale.workGigacycles, ...backlogs];
  });
  const oneHotSlot = Array.from({ length: 30 }, (_, index) => (index === slot ? 1 : 0));
  const { values: probabilities } = interpretGraph(graph, { states: states.flat(), slot: oneHotSlot })['probabilities']!;
  const firstChoices = states.map((_, station) => choices[arrivals.firstTask[slot * 6 + station]! - firstTask]);
  const graphChoices = states.map((_, station) => probabilities.subarray(station * 6, (station + 1) * 6).indexOf(1));
  expect(graphChoices).toEqual(firstChoices);
});
