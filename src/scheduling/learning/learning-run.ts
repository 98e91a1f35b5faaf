// Puts a learned policy together for an environment, new or from a checkpoint: the one place that knows all parts of the learning.

import type { Environment } from '../environment/environment.js';
import { stateLength } from '../environment/state.js';
import type { Graph } from '../graph/graph.js';
import type { SimulatorPolicy } from '../policies/simulator/simulator-policy.js';
import { createRandom, deriveSeed } from '../random.js';
import type { GraphRunner } from './graph-runner.js';
import { LatentStore } from './latent-store.js';
import { createLearnedPolicy } from './learned-policy.js';
import { createLearner, type LearningMethod } from './learner.js';
import { type LearnerState, LearnerUpdates } from './learner-updates.js';
import { createNoisePool, createNormalNoise } from './normal-noise.js';
import { buildPolicyGraph } from './policy-graph.js';
import { createPriceLearner, createPricePolicy, type LearnedPrices, PRICE_METHOD } from './price-ts.js';
import { ReplayBuffer, type ReplaySnapshot } from './replay-buffer.js';
import { SlotDecisions } from './slot-decisions.js';
import type { TrainingSettings } from './training-settings.js';

/** Everything that a run between two episodes is made of, but for its options and seed. */
export interface LearningCheckpoint {
  state: LearnerState;
  updateCount: number;
  replay: ReplaySnapshot;
  latents: Float32Array;
}

export interface LearningRunOptions {
  method: LearningMethod | typeof PRICE_METHOD;
  settings: TrainingSettings;
  environment: Environment;
  seed: number;
  /** Makes a graph ready to run. */
  openGraph: (graph: Graph) => Promise<GraphRunner>;
  /** Of a run with the same options and seed; it then goes on as that one did. */
  checkpoint?: LearningCheckpoint;
}

export interface LearningRun {
  /** Decides and learns; give each episode a random source of its own, made of the seed and the episode's number. */
  policy: SimulatorPolicy;
  /** See LearnerUpdates.takeMetrics. */
  takeMetrics(): Record<string, number>;
  /** To be taken between two episodes. */
  takeCheckpoint(): LearningCheckpoint;
}

export async function createLearningRun(options: LearningRunOptions): Promise<LearningRun> {
  const { method, settings, openGraph, checkpoint } = options;
  if (method === PRICE_METHOD) return createPriceRun(options);
  const { sizes, randomFor, learner, policy, latents } = await openPolicy({ ...options, method });
  const update = await openGraph(learner.buildUpdate());
  const noise = createNoisePool(poolLengthFor([policy, update]), randomFor('noise'));
  const replay = new ReplayBuffer({ ...sizes, capacity: settings.replayCapacity });
  if (checkpoint !== undefined) replay.restore(checkpoint.replay);
  const state = checkpoint?.state ?? learner.initialise(randomFor('parameters'));
  const updateCount = checkpoint?.updateCount ?? 0;
  const updates = new LearnerUpdates({ stateNames: learner.stateNames, state, updateCount, update, replay, noise });
  const scale = settings.observationScale;
  const { learningStarts, updatesPerSlot, rewardScale, explorationRate } = settings;
  return {
    policy: createLearnedPolicy({
      name: method,
      decisions: new SlotDecisions({ policy, scale, latents, noise, choice: 'drawn' }),
      latents,
      scale,
      readActor: () => updates.state['actor']!,
      learning: { updates, replay, learningStarts, updatesPerSlot, rewardScale, explorationRate },
    }),
    takeMetrics: () => updates.takeMetrics(),
    takeCheckpoint: () => ({
      state: updates.state,
      updateCount: updates.updateCount,
      replay: replay.takeSnapshot(),
      latents: latents.takeSnapshot(),
    }),
  };
}

export interface TrainedPolicyOptions extends LearningRunOptions {
  checkpoint: LearningCheckpoint;
  /** See SlotDecisionsOptions, like the next. */
  choice: 'drawn' | 'most-probable';
  onDecision: (probabilities: Float32Array) => void;
}

/** The policy as the checkpoint has it, that only decides, without exploring; its latents go on from the checkpoint's. */
export async function createTrainedPolicy(options: TrainedPolicyOptions): Promise<SimulatorPolicy> {
  const { method, settings, checkpoint, choice, onDecision } = options;
  if (method === PRICE_METHOD) return createPricePolicy(options, pricesOf(checkpoint));
  const { randomFor, policy, latents } = await openPolicy({ ...options, method });
  const noise = createNoisePool(poolLengthFor([policy]), randomFor('noise'));
  const scale = settings.observationScale;
  const decisions = new SlotDecisions({ policy, scale, latents, noise, choice, onDecision });
  return createLearnedPolicy({ name: method, decisions, latents, scale, readActor: () => checkpoint.state['actor']! });
}

/** Prices have no networks: their checkpoint is the table, its episodes in the place of updates, and no experience. */
function createPriceRun({ environment, settings, checkpoint }: LearningRunOptions): LearningRun {
  const { policy, takeLearned } = createPriceLearner({ environment, settings, ...(checkpoint && { learned: pricesOf(checkpoint) }) });
  return {
    policy,
    takeMetrics: () => ({}),
    takeCheckpoint: () => {
      const { values, episodes } = takeLearned();
      const replay = { rows: new Float32Array(), counts: new Int32Array(), nextSlots: new Int32Array() };
      return { state: { prices: values }, updateCount: episodes, replay, latents: new Float32Array() };
    },
  };
}

/** What a checkpoint of PRICE-TS holds. */
export function pricesOf({ state, updateCount }: LearningCheckpoint): LearnedPrices {
  return { values: state['prices']!, episodes: updateCount };
}

/** What deciding takes, with or without learning. */
async function openPolicy({ method, settings, environment, seed, openGraph, checkpoint }: LearningRunOptions & { method: LearningMethod }) {
  const { baseStations: agents, tasksPerSlot, slots } = environment.config;
  const sizes = { agents, servers: agents, stateSize: stateLength(agents) };
  const randomFor = (part: string) => createRandom(deriveSeed(seed, `${part} of the learning`));
  const learner = createLearner(method, { ...settings, ...sizes });
  const policy = await openGraph(buildPolicyGraph(learner.actor, { ...sizes, batchSize: tasksPerSlot.max }));
  const latentSlots = settings.latentIndex === 'task' ? 1 : slots;
  const latents = new LatentStore({ ...sizes, tasks: tasksPerSlot.max, slots: latentSlots }, createNormalNoise(), randomFor('latents'));
  if (checkpoint !== undefined) latents.restore(checkpoint.latents);
  return { sizes, randomFor, learner, policy, latents };
}

/** About a million numbers at the paper's scale (4 MB), ten times the longest input. */
function poolLengthFor(graphs: readonly GraphRunner[]): number {
  const lengths = graphs.flatMap(({ inputShapes }) => Object.values(inputShapes).map((shape) => shape.reduce((a, b) => a * b, 1)));
  return 10 * Math.max(...lengths);
}
