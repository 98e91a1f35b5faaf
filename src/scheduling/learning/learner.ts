// The learning methods by name, behind one interface: what a trainer needs to know of any of them.

import type { Graph } from '../graph/graph.js';
import type { RandomSource } from '../../random/random.js';
import type { Actor } from './actor.js';
import { createMlpCritic, createScorerCritic } from './critic.js';
import { createD2sacActor } from './d2sac-ts.js';
import { buildDqnUpdate, createDqnActor, DQN_STATE, type DqnConfig, initializeDqn } from './dqn-ts.js';
import { createLadnActor, type LadnConfig } from './ladn.js';
import { createSacActor } from './sac-ts.js';
import { createSharedLadnActor, createSharedSacActor } from './shared-actors.js';
import {
  type ActorAndCritic,
  buildSoftActorCriticUpdate,
  initializeSoftActorCritic,
  SOFT_ACTOR_CRITIC_STATE,
  type SoftActorCriticConfig,
} from './soft-actor-critic.js';

export const LEARNING_METHODS = ['lad-ts', 'd2sac-ts', 'sac-ts', 'dqn-ts'] as const;

export type LearningMethod = (typeof LEARNING_METHODS)[number];

/** A network of its own for each BS with an output for each ES, as in the paper, or one for all BSs and every ES (server-scorer.ts). */
export type NetworkForm = 'per-station' | 'shared';

/** Every method reads its part. */
export type LearningConfig = SoftActorCriticConfig & LadnConfig & DqnConfig & { network: NetworkForm };

/** Table IV, and the schedule and encoding of the paper's public code: everything but the sizes of the environment. */
export const PAPER_LEARNING = {
  hiddenSize: 20,
  batchSize: 64,
  actorLearningRate: 1e-4,
  criticLearningRate: 1e-3,
  temperatureLearningRate: 3e-4,
  discount: 0.95,
  tau: 0.005,
  targetEntropy: -1,
  initialTemperature: 0.05,
  denoisingSteps: 5,
  betaMin: 0.1,
  betaMax: 10,
  stepEncodingSize: 16,
  epsilonBound: 'softmax',
  chainNoise: 'root',
  chainStart: 'latents',
  network: 'per-station',
} as const satisfies Omit<LearningConfig, 'agents' | 'servers' | 'stateSize'>;

/** Parts of a learner's state: those of soft-actor-critic.ts or of dqn-ts.ts. */
export type StateName = (typeof SOFT_ACTOR_CRITIC_STATE)[number] | (typeof DQN_STATE)[number];

/** All parts that a method has; every one has an actor, [agents, parameters]. */
export type LearnerState = Readonly<{ actor: Float32Array } & Partial<Record<StateName, Float32Array>>>;

export interface Learner {
  /** For the policy's graph, which reads the state's `actor`. */
  actor: Actor;
  /** The update reads these inputs and gives each back as the output `updated_` + name. Its other inputs are in ports.ts. */
  stateNames: readonly StateName[];
  /** Makes the state before the first update (Algorithm 1 line 2). */
  initialize(random: RandomSource): LearnerState;
  buildUpdate(): Graph;
}

/** @throws Error for a shared network of DQN-TS: there is none */
export function createLearner(method: LearningMethod, config: LearningConfig): Learner {
  if (method === 'dqn-ts') return createDqnLearner(config);
  const critic = config.network === 'shared' ? createScorerCritic(config) : createMlpCritic(config);
  return createSoftActorCriticLearner(config, { actor: createActor(method, config), critic });
}

function createActor(method: Exclude<LearningMethod, 'dqn-ts'>, config: LearningConfig): Actor {
  const isShared = config.network === 'shared';
  switch (method) {
    case 'lad-ts':
      return isShared ? createSharedLadnActor(config) : createLadnActor(config);
    case 'd2sac-ts':
      return isShared ? createSharedLadnActor({ ...config, chainStart: 'gaussianStart' }) : createD2sacActor(config);
    case 'sac-ts':
      return isShared ? createSharedSacActor(config) : createSacActor(config);
  }
}

function createDqnLearner(config: LearningConfig): Learner {
  if (config.network === 'shared') throw new Error('DQN-TS has no network that is shared by the servers');
  return {
    actor: createDqnActor(config),
    stateNames: DQN_STATE,
    initialize: (random) => initializeDqn(config, random),
    buildUpdate: () => buildDqnUpdate(config),
  };
}

function createSoftActorCriticLearner(config: LearningConfig, networks: ActorAndCritic): Learner {
  return {
    actor: networks.actor,
    stateNames: SOFT_ACTOR_CRITIC_STATE,
    initialize: (random) => initializeSoftActorCritic(config, networks, random),
    buildUpdate: () => buildSoftActorCriticUpdate(config, networks),
  };
}
