// SAC-TS's actor, the plain baseline of paper Sec. V-B: one perceptron from the state to the logits of the actions, no diffusion; learned
// by soft-actor-critic.ts like LAD-TS.

import type { Actor } from './actor.js';
import { applyMlp, createMlpLayout } from './mlp.js';

export interface SacActorConfig {
  /** Number of ESs, B: the number of actions. */
  servers: number;
  /** Numbers in an observation. */
  stateSize: number;
  /** Neurons in each of the two hidden layers; 20 (Table IV). */
  hiddenSize: number;
}

/** Takes nothing besides the states. */
export function createSacActor({ servers, stateSize, hiddenSize }: SacActorConfig): Actor {
  return {
    layout: createMlpLayout({ inputs: stateSize, hidden: hiddenSize, outputs: servers }),
    buildProbabilities: (builder, parameters, states) => builder.softmax(applyMlp(builder, parameters, states), 1),
  };
}
