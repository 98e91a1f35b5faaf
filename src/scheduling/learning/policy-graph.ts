// The graph that decides: action probabilities for a batch of observations of every agent, in one run. All decisions of a slot are one
// batch, since an observation holds the backlogs of the last slot only (Eq. 6).

import type { Graph, Shape } from '../graph/graph.js';
import { GraphBuilder, type Tensor } from '../graph/graph-builder.js';
import type { Actor } from './actor.js';
import { countParameters, unpackParameters } from './parameter-layout.js';
import type { PolicyPort } from './ports.js';

export interface PolicyGraphOptions {
  /** Agents, one per BS, each with parameters of its own. */
  agents: number;
  /** Observations per agent in one run; the rows of a smaller slot may hold anything and their results are to be ignored. */
  batchSize: number;
  stateSize: number;
  /** Parameters [agents, parameters] to write into the graph, for a policy that travels alone; without them they are the input `actor`. */
  parameters?: ArrayLike<number>;
}

/**
 * Inputs: `states` [agents, batch, stateSize] and what the actor asks for, [..., batch, servers]. Output: `probabilities` [agents, batch,
 * servers]. Observation by observation, as callers have them: only inside the graph tensors are feature-major (see mlp.ts).
 */
export function buildPolicyGraph(actor: Actor, { agents, batchSize, stateSize, parameters }: PolicyGraphOptions): Graph {
  const builder = new GraphBuilder<PolicyPort>();
  const shape = [agents, countParameters(actor.layout)];
  const packed = parameters === undefined ? builder.input('actor', shape) : builder.constant(parameters, shape);
  const declareInput = (name: PolicyPort, shape: Shape): Tensor =>
    builder.swapLastAxes(builder.input(name, [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!]));
  const states = declareInput('states', [agents, stateSize, batchSize]);
  const blocks = unpackParameters(builder, packed, actor.layout);
  return builder.finish({ probabilities: builder.swapLastAxes(actor.buildProbabilities(builder, blocks, states, declareInput)) });
}
