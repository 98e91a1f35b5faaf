// Discrete soft actor-critic with twin critics and a learned temperature (paper Sec. IV-A, "Network training", Eqs. 14-17): the update
// of ALL agents, one per BS, as one graph, from a batch of transitions to new parameters. Agents share nothing; they are an axis.
//
// Shapes: A agents, K transitions a batch, B servers, S numbers in a state, P and C parameters of an actor and of a critic.
//
//   states, nextStates [A, S, K]   actions [A, B, K] one-hot   rewards, notDone [A, 1, K]   (and what the actor asks for)
//   actor [A, P]   critics, targetCritics [2, A, C]   logTemperature [A, 1, 1]   two Adam moments of each but the targets
//
//   target  = reward + notDone * discount * (pi' . min(Q1', Q2') + alpha H(pi'))      no gradient
//   critics : minimize mean (Q(s)[a] - target)^2                                        Eq. (14)
//   actor   : minimize mean (-alpha H(pi) - pi . min(Q1, Q2)), with the new critics     Eq. (15)
//   alpha   : minimize mean (H(pi) - target entropy) * alpha                            Eq. (16)
//   targets : tau * critics + (1 - tau) * targets, with the new critics                 Eq. (17)
//
// Deviations from the paper's text, each as its public code does: Eq. (15) prints a square around the actor's loss, which would have it
// minimize the size of the value instead of maximizing it; Eq. (16) prints the entropy with the other sign, which would raise the
// temperature of a policy that is random enough. The optimum of alpha is sought in log alpha, so that it stays positive.

import type { Graph } from '../graph/graph.js';
import { differentiate } from '../graph/differentiate.js';
import { GraphBuilder, type Tensor } from '../graph/graph-builder.js';
import type { RandomSource } from '../../random/random.js';
import type { Actor } from './actor.js';
import { type AdamState, applyAdam } from './adam.js';
import type { Critic } from './critic.js';
import { countParameters, initializeParameters, packParameters, unpackParameters } from './parameter-layout.js';
import type { UpdatePort } from './ports.js';

export interface SoftActorCriticConfig {
  /** Number of agents, one per BS, learned side by side. */
  agents: number;
  /** Number of ESs, B: the number of actions. */
  servers: number;
  /** Numbers in an observation. */
  stateSize: number;
  /** Neurons in each of the critics' two hidden layers; 20 (Table IV). */
  hiddenSize: number;
  /** Transitions in a batch, K; 64 (Table IV). */
  batchSize: number;
  /** 1e-4 (Table IV). */
  actorLearningRate: number;
  /** 1e-3 (Table IV). */
  criticLearningRate: number;
  /** 3e-4 (Table IV). */
  temperatureLearningRate: number;
  /** gamma; 0.95 (Table IV). */
  discount: number;
  /** Weight of the new critics in the targets (Eq. 17), 0 to 1; 0.005 (Table IV). */
  tau: number;
  /** Entropy that the temperature steers to, in nats; -1 (Table IV), below which entropy cannot fall: the temperature then only sinks. */
  targetEntropy: number;
  /** alpha at the start; 0.05 (Table IV). */
  initialTemperature: number;
}

/** Added to a probability before its logarithm. */
const PROBABILITY_FLOOR = 1e-8;

/** What the update reads and gives back changed, as the output `updated_` + name. */
export const SOFT_ACTOR_CRITIC_STATE = [
  'actor',
  'actorFirstMoment',
  'actorSecondMoment',
  'critics',
  'criticsFirstMoment',
  'criticsSecondMoment',
  'targetCritics',
  'logTemperature',
  'logTemperatureFirstMoment',
  'logTemperatureSecondMoment',
] as const;

export type SoftActorCriticState = Record<(typeof SOFT_ACTOR_CRITIC_STATE)[number], Float32Array>;

type UpdateBuilder = GraphBuilder<UpdatePort | keyof SoftActorCriticState>;
/** What Adam moves. */
type Trained = 'actor' | 'critics' | 'logTemperature';

/** The two kinds of network that learn. */
export interface ActorAndCritic {
  actor: Actor;
  critic: Critic;
}

/** First parameters of all agents; the targets start as copies of the critics, the moments at zero. */
export function initializeSoftActorCritic(
  config: SoftActorCriticConfig,
  { actor, critic }: ActorAndCritic,
  random: RandomSource,
): SoftActorCriticState {
  const actorParameters = initializeParameters(actor.layout, config.agents, random);
  const critics = initializeParameters(critic.layout, 2 * config.agents, random);
  return {
    actor: actorParameters,
    actorFirstMoment: new Float32Array(actorParameters.length),
    actorSecondMoment: new Float32Array(actorParameters.length),
    critics,
    criticsFirstMoment: new Float32Array(critics.length),
    criticsSecondMoment: new Float32Array(critics.length),
    targetCritics: critics.slice(),
    logTemperature: new Float32Array(config.agents).fill(Math.log(config.initialTemperature)),
    logTemperatureFirstMoment: new Float32Array(config.agents),
    logTemperatureSecondMoment: new Float32Array(config.agents),
  };
}

/**
 * Builds the update. Inputs: SOFT_ACTOR_CRITIC_STATE, `biasCorrections` [2] (see adam.ts), the batch as above, and what the actor asks
 * for, once plain for the states and once with the prefix `next_`. Outputs: the state with the prefix `updated_`, and per agent [A]
 * `criticLoss` (mean of both), `actorLoss`, `entropy` (nats), `temperature` (after the update) and `value` (mean of pi . min Q).
 */
export function buildSoftActorCriticUpdate(config: SoftActorCriticConfig, { actor, critic }: ActorAndCritic): Graph {
  const { agents: A, batchSize: K, servers: B, stateSize: S } = config;
  const b: UpdateBuilder = new GraphBuilder();
  const criticLayout = critic.layout;
  const biasCorrections = b.input('biasCorrections', [2]);
  const actorState = declareTrained(b, 'actor', [A, countParameters(actor.layout)]);
  const criticState = declareTrained(b, 'critics', [2, A, countParameters(criticLayout)]);
  const targetCritics = b.input('targetCritics', criticState.parameters.shape);
  const temperatureState = declareTrained(b, 'logTemperature', [A, 1, 1]);
  const states = b.input('states', [A, S, K]);
  const nextStates = b.input('nextStates', [A, S, K]);
  const actions = b.input('actions', [A, B, K]);
  const rewards = b.input('rewards', [A, 1, K]);
  const notDone = b.input('notDone', [A, 1, K]);

  const actorBlocks = unpackParameters(b, actorState.parameters, actor.layout);
  const temperature = b.exp(temperatureState.parameters);

  // Q_target, from the actor and the targets as they are.
  const nextProbabilities = actor.buildProbabilities(b, actorBlocks, nextStates, (name, shape) => b.input(`next_${name}`, shape));
  const nextValues = minQ(b, critic.buildValues(b, unpackParameters(b, targetCritics, criticLayout), nextStates));
  const nextEntropy = buildEntropy(b, nextProbabilities);
  const nextSoftValue = b.add(expectedValue(b, nextProbabilities, nextValues), b.mul(temperature, nextEntropy));
  const target = b.stopGradient(b.add(rewards, b.mul(b.scale(notDone, config.discount), nextSoftValue)));

  // Eq. (14). The sum over twins and agents keeps each one's gradient its own.
  const criticBlocks = unpackParameters(b, criticState.parameters, criticLayout);
  const takenValues = b.sum(b.mul(critic.buildValues(b, criticBlocks, states), actions), [2]);
  const error = b.sub(takenValues, target);
  const criticLoss = b.mean(b.mul(error, error), [3]);
  const updatedCritics = descend(b, criticState, { loss: criticLoss, blocks: criticBlocks }, config.criticLearningRate, biasCorrections);

  // Eq. (15), without the square. The values steer the actor; they do not learn from it.
  const newCriticBlocks = unpackParameters(b, updatedCritics.parameters, criticLayout);
  const values = b.stopGradient(minQ(b, critic.buildValues(b, newCriticBlocks, states)));
  const probabilities = actor.buildProbabilities(b, actorBlocks, states, (name, shape) => b.input(name, shape));
  const entropy = buildEntropy(b, probabilities);
  const value = expectedValue(b, probabilities, values);
  const actorLoss = b.mean(b.neg(b.add(b.mul(temperature, entropy), value)), [2]);
  const updatedActor = descend(b, actorState, { loss: actorLoss, blocks: actorBlocks }, config.actorLearningRate, biasCorrections);

  // Eq. (16), with the sign of the public code; d alpha / d log alpha = alpha.
  const meanEntropy = b.mean(entropy, [2]);
  const temperatureSlope = b.mul(b.sub(meanEntropy, b.scalar(config.targetEntropy)), temperature);
  const updatedTemperature = applyAdam(b, temperatureState, temperatureSlope, {
    learningRate: config.temperatureLearningRate,
    biasCorrections,
  });

  // Eq. (17).
  const kept = b.scale(targetCritics, 1 - config.tau);
  const updatedTargets = b.add(b.scale(updatedCritics.parameters, config.tau), kept);

  const perAgent = (x: Tensor): Tensor => b.reshape(x, [A]);
  return b.finish({
    ...nameUpdated('actor', updatedActor),
    ...nameUpdated('critics', updatedCritics),
    updated_targetCritics: updatedTargets,
    ...nameUpdated('logTemperature', updatedTemperature),
    criticLoss: perAgent(b.mean(criticLoss, [0])),
    actorLoss: perAgent(actorLoss),
    entropy: perAgent(meanEntropy),
    temperature: perAgent(b.exp(updatedTemperature.parameters)),
    value: perAgent(b.mean(value, [2])),
  });
}

function declareTrained(builder: UpdateBuilder, name: Trained, shape: readonly number[]): AdamState {
  return {
    parameters: builder.input(name, shape),
    firstMoment: builder.input(`${name}FirstMoment`, shape),
    secondMoment: builder.input(`${name}SecondMoment`, shape),
  };
}

function nameUpdated(name: Trained, state: AdamState): Record<string, Tensor> {
  return {
    [`updated_${name}`]: state.parameters,
    [`updated_${name}FirstMoment`]: state.firstMoment,
    [`updated_${name}SecondMoment`]: state.secondMoment,
  };
}

/** One step of Adam on packed parameters against the gradient of a loss that was built from their unpacked blocks. */
function descend(
  builder: GraphBuilder,
  state: AdamState,
  { loss, blocks }: { loss: Tensor; blocks: ReadonlyMap<string, Tensor> },
  learningRate: number,
  biasCorrections: Tensor,
): AdamState {
  const gradient = packParameters(builder, differentiate(builder, loss, [...blocks.values()]));
  return applyAdam(builder, state, gradient, { learningRate, biasCorrections });
}

/** The smaller of both critics' values: [2, A, B, K] to [A, B, K]. */
function minQ(builder: GraphBuilder, values: Tensor): Tensor {
  const twin = (index: number): Tensor => builder.reshape(builder.slice(values, 0, index, index + 1), values.shape.slice(1));
  return builder.smaller(twin(0), twin(1));
}

/** pi . Q: [A, B, K] to [A, 1, K]. */
function expectedValue(builder: GraphBuilder, probabilities: Tensor, values: Tensor): Tensor {
  return builder.sum(builder.mul(probabilities, values), [1]);
}

/** Entropy in nats: [A, B, K] to [A, 1, K]. */
function buildEntropy(builder: GraphBuilder, probabilities: Tensor): Tensor {
  const logarithms = builder.log(builder.add(probabilities, builder.scalar(PROBABILITY_FLOOR)));
  return builder.neg(builder.sum(builder.mul(probabilities, logarithms), [1]));
}
