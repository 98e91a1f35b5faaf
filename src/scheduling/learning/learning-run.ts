// Puts a training, or a trained policy, together for an environment, new or from a checkpoint: the one place that knows all parts.

import type { EpisodeArrivals } from '../environment/arrivals.js';
import type { Environment } from '../environment/environment.js';
import { type EpisodeResult, runEpisode } from '../environment/run-episode.js';
import { stateLength } from '../environment/state.js';
import { countElements, type Graph } from '../graph/graph.js';
import type { SimulatorPolicy } from '../environment/simulator-policy.js';
import { createRandom, deriveSeed, type RandomSource } from '../../random/random.js';
import { createAlgorithm1 } from './algorithm-1.js';
import type { GraphRunner } from './graph-runner.js';
import { LatentStore } from './latent-store.js';
import { createLearnedPolicy } from './learned-policy.js';
import { createLearner, type LearningMethod } from './learner.js';
import { type LearningCheckpoint, learningCheckpointSchema, type NetworkCheckpoint, type PriceCheckpoint } from './learning-checkpoint.js';
import { createNoisePool, createNormalNoise } from './normal-noise.js';
import { buildPolicyGraph } from './policy-graph.js';
import { createPriceLearner, createPricePolicy, PRICE_METHOD } from './price-ts.js';
import { SlotDecisions } from './slot-decisions.js';
import type { TrainingSettings } from './training-settings.js';

interface PolicyOptions {
  settings: TrainingSettings;
  environment: Environment;
  seed: number;
  /** Makes a graph ready to run. */
  openGraph: (graph: Graph) => Promise<GraphRunner>;
}

export interface LearningRunOptions extends PolicyOptions {
  method: LearningMethod | typeof PRICE_METHOD;
  /** Of a run with the same options and seed; it then continues as that one did. */
  checkpoint?: LearningCheckpoint;
}

export interface LearningRun {
  /** Decides and learns; give each episode a random source of its own, made of the seed and the episode's number. */
  trainEpisode(arrivals: EpisodeArrivals, random: RandomSource): Promise<EpisodeResult>;
  /** See LearnerUpdates.takeMetrics. */
  takeMetrics(): Record<string, number>;
  /** To be taken between two episodes. */
  takeCheckpoint(): LearningCheckpoint;
}

/** @throws Error where the checkpoint is of another method or of other sizes */
export async function createLearningRun(options: LearningRunOptions): Promise<LearningRun> {
  const { method, checkpoint } = options;
  if (method === PRICE_METHOD) {
    if (checkpoint === undefined || checkpoint.method === PRICE_METHOD) return createPriceRun({ ...options, checkpoint });
  } else if (checkpoint === undefined || checkpoint.method !== PRICE_METHOD) {
    return createNetworkRun({ ...options, method, checkpoint });
  }
  throw new Error(`A checkpoint of ${checkpoint.method} is none of ${method}`);
}

async function createNetworkRun(
  options: PolicyOptions & { method: LearningMethod; checkpoint: NetworkCheckpoint | undefined },
): Promise<LearningRun> {
  const { method, settings, environment, openGraph, checkpoint } = options;
  if (checkpoint !== undefined && checkpoint.method !== method)
    throw new Error(`A checkpoint of ${checkpoint.method} is none of ${method}`);
  const { randomFor, learner, policy, latentStore } = await openPolicy(options);
  const update = await openGraph(learner.buildUpdate());
  const { trainEpisode, updates, replay } = createAlgorithm1({
    name: method,
    environment,
    settings,
    graphs: { update, policy },
    learner,
    latentStore,
    state: checkpoint?.state ?? learner.initialize(randomFor('parameters')),
    noise: createNoisePool(poolLengthFor([policy, update]), randomFor('noise')),
    ...(checkpoint && { checkpoint }),
  });
  return {
    trainEpisode,
    takeMetrics: () => updates.takeMetrics(),
    takeCheckpoint: () =>
      learningCheckpointSchema.parse({
        method,
        state: updates.state,
        updateCount: updates.updateCount,
        replay: replay.takeSnapshot(),
        ...(latentStore && { latents: latentStore.takeSnapshot() }),
      }),
  };
}

export interface TrainedPolicyOptions extends PolicyOptions {
  checkpoint: LearningCheckpoint;
  /** See SlotDecisionsOptions, like the next. */
  choice: 'drawn' | 'most-probable';
  onDecision: (probabilities: Float32Array) => void;
}

/** The policy as the checkpoint has it, that only decides, without exploring; its latents continue from the checkpoint's. */
export async function createTrainedPolicy(options: TrainedPolicyOptions): Promise<SimulatorPolicy> {
  const { settings, checkpoint, choice, onDecision } = options;
  if (checkpoint.method === PRICE_METHOD) return createPricePolicy(options, { values: checkpoint.prices, episodes: checkpoint.episodes });
  const { method } = checkpoint;
  const { randomFor, policy, latentStore } = await openPolicy({ ...options, method, checkpoint });
  const noise = createNoisePool(poolLengthFor([policy]), randomFor('noise'));
  const decisions = new SlotDecisions({ policy, scale: settings.observationScale, noise, choice, onDecision });
  return createLearnedPolicy({ name: method, actor: checkpoint.state.actor, decisions, latentStore });
}

/** Prices have no networks: their checkpoint is the table and its episodes. */
function createPriceRun(options: PolicyOptions & { checkpoint: PriceCheckpoint | undefined }): LearningRun {
  const { environment, settings, checkpoint } = options;
  const learned = checkpoint && { values: checkpoint.prices, episodes: checkpoint.episodes };
  const { policy, takeLearned } = createPriceLearner({ environment, settings, ...(learned && { learned }) });
  return {
    trainEpisode: (arrivals, random) => runEpisode({ environment, arrivals, policy, random }),
    takeMetrics: () => ({}),
    takeCheckpoint: () => {
      const { values, episodes } = takeLearned();
      return { method: PRICE_METHOD, prices: values, episodes };
    },
  };
}

/** What deciding takes, with or without learning. */
async function openPolicy(options: PolicyOptions & { method: LearningMethod; checkpoint: NetworkCheckpoint | undefined }) {
  const { method, settings, environment, seed, openGraph, checkpoint } = options;
  const { baseStations: agents, tasksPerSlot, slots } = environment.config;
  const sizes = { agents, servers: agents, stateSize: stateLength(agents) };
  const randomFor = (part: string) => createRandom(deriveSeed(seed, `${part} of the learning`));
  const learner = createLearner(method, { ...settings, ...sizes });
  const policy = await openGraph(buildPolicyGraph(learner.actor, { ...sizes, batchSize: tasksPerSlot.max }));
  const startsFromLatents = policy.inputShapes['latents'] !== undefined;
  const latentSlots = settings.latentIndex === 'task' ? 1 : slots;
  const latentStore = startsFromLatents
    ? new LatentStore({ ...sizes, tasks: tasksPerSlot.max, slots: latentSlots }, createNormalNoise(), randomFor('latents'))
    : null;
  if (checkpoint?.method === 'lad-ts') latentStore?.restore(checkpoint.latents);
  return { randomFor, learner, policy, latentStore };
}

/** About a million numbers at the paper's scale (4 MB), ten times the longest input. */
function poolLengthFor(graphs: readonly GraphRunner[]): number {
  return 10 * Math.max(...graphs.flatMap(({ inputShapes }) => Object.values(inputShapes).map(countElements)));
}
