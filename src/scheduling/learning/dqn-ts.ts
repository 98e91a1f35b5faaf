// DQN-TS, the value-based baseline of paper Sec. V-B: one value network and its target per agent, a greedy policy on the values. The
// update of all agents is one graph. Shapes and batch as in soft-actor-critic.ts.
//
//   target = reward + notDone * discount * max over actions of Q'(s')      no gradient
//   values : minimize mean (Q(s)[a] - target)^2
//   targets: tau * values + (1 - tau) * targets, with the new values         as Eq. (17)
//
// Exploration is the caller's: with probability epsilon another action than the policy's. The paper does not say how its DQN copies its
// target; the soft copy of Table IV is used here as everywhere.

import { differentiate } from '../graph/differentiate.js';
import type { Graph } from '../graph/graph.js';
import { GraphBuilder } from '../graph/graph-builder.js';
import type { RandomSource } from '../../random/random.js';
import type { Actor } from './actor.js';
import { applyAdam } from './adam.js';
import { applyMlp, createMlpLayout } from './mlp.js';
import { countParameters, initializeParameters, packParameters, type ParameterLayout, unpackParameters } from './parameter-layout.js';
import type { UpdatePort } from './ports.js';

export interface DqnConfig {
  /** Number of agents, one per BS, learned side by side. */
  agents: number;
  /** Number of ESs, B: the number of actions. */
  servers: number;
  /** Numbers in an observation. */
  stateSize: number;
  /** Neurons in each of the two hidden layers; 20 (Table IV). */
  hiddenSize: number;
  /** Transitions in a batch, K; 64 (Table IV). */
  batchSize: number;
  /** 1e-3 (Table IV). */
  criticLearningRate: number;
  /** gamma; 0.95 (Table IV). */
  discount: number;
  /** Weight of the new network in its target (Eq. 17), 0 to 1; 0.005 (Table IV). */
  tau: number;
}

/** What the update reads and gives back changed, as the output `updated_` + name. `actor` is the value network: the policy reads it. */
export const DQN_STATE = ['actor', 'actorFirstMoment', 'actorSecondMoment', 'targetActor'] as const;

export type DqnState = Record<(typeof DQN_STATE)[number], Float32Array>;

function createLayout({ stateSize, hiddenSize, servers }: DqnConfig): ParameterLayout {
  return createMlpLayout({ inputs: stateSize, hidden: hiddenSize, outputs: servers });
}

/** The greedy policy: all probability on the action of the highest value, shared between equals. */
export function createDqnActor(config: DqnConfig): Actor {
  return {
    layout: createLayout(config),
    buildProbabilities: (b, parameters, states) => {
      const values = applyMlp(b, parameters, states);
      const isHighest = b.sub(b.scalar(1), b.step(b.sub(b.max(values, [1]), values)));
      return b.div(isHighest, b.sum(isHighest, [1]));
    },
  };
}

/** First parameters of all agents; the targets start as copies, the moments at zero. */
export function initializeDqn(config: DqnConfig, random: RandomSource): DqnState {
  const actor = initializeParameters(createLayout(config), config.agents, random);
  return {
    actor,
    actorFirstMoment: new Float32Array(actor.length),
    actorSecondMoment: new Float32Array(actor.length),
    targetActor: actor.slice(),
  };
}

/**
 * Builds the update. Inputs: DQN_STATE, `biasCorrections` [2] (see adam.ts) and the batch. Outputs: the state with the prefix `updated_`,
 * and per agent [A] `criticLoss` and `value` (mean over the batch of the highest Q(s)).
 */
export function buildDqnUpdate(config: DqnConfig): Graph {
  const { agents: A, batchSize: K, servers: B, stateSize: S } = config;
  const b = new GraphBuilder<UpdatePort | keyof DqnState>();
  const layout = createLayout(config);
  const biasCorrections = b.input('biasCorrections', [2]);
  const parameters = b.input('actor', [A, countParameters(layout)]);
  const firstMoment = b.input('actorFirstMoment', parameters.shape);
  const secondMoment = b.input('actorSecondMoment', parameters.shape);
  const targetParameters = b.input('targetActor', parameters.shape);
  const states = b.input('states', [A, S, K]);
  const nextStates = b.input('nextStates', [A, S, K]);
  const actions = b.input('actions', [A, B, K]);
  const rewards = b.input('rewards', [A, 1, K]);
  const notDone = b.input('notDone', [A, 1, K]);

  const highestNext = b.max(applyMlp(b, unpackParameters(b, targetParameters, layout), nextStates), [1]);
  const target = b.stopGradient(b.add(rewards, b.mul(b.scale(notDone, config.discount), highestNext)));

  const blocks = unpackParameters(b, parameters, layout);
  const values = applyMlp(b, blocks, states);
  const error = b.sub(b.sum(b.mul(values, actions), [1]), target);
  const loss = b.mean(b.mul(error, error), [2]);
  const gradient = packParameters(b, differentiate(b, loss, [...blocks.values()]));
  const updated = applyAdam(b, { parameters, firstMoment, secondMoment }, gradient, {
    learningRate: config.criticLearningRate,
    biasCorrections,
  });

  const kept = b.scale(targetParameters, 1 - config.tau);
  return b.finish({
    updated_actor: updated.parameters,
    updated_actorFirstMoment: updated.firstMoment,
    updated_actorSecondMoment: updated.secondMoment,
    updated_targetActor: b.add(b.scale(updated.parameters, config.tau), kept),
    criticLoss: b.reshape(loss, [A]),
    value: b.reshape(b.mean(b.max(values, [1]), [2]), [A]),
  });
}
