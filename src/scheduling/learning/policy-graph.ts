// The graph that decides: action probabilities for a batch of observations of every agent, in one run. All decisions of a slot are one
// batch, since an observation holds the backlogs of the last slot only (Eq. 6).

import type { Graph } from '../graph/graph.js';
import { GraphBuilder } from '../graph/graph-builder.js';
import type { Actor } from './actor.js';
import { countParameters, unpackParameters } from './parameter-layout.js';

export interface PolicyGraphOptions {
  /** Agents, one per BS, each with parameters of its own. */
  agents: number;
  /** Observations per agent in one run; the rows of a smaller slot may hold anything and their results are to be ignored. */
  batchSize: number;
  stateSize: number;
  /** Parameters [agents, parameters] to write into the graph, for a policy that travels alone; without them they are the input `actor`. */
  parameters?: ArrayLike<number>;
}

/** Inputs: `states` [agents, batch, stateSize] and what the actor asks for. Output: `probabilities` [agents, batch, servers]. */
export function buildPolicyGraph(actor: Actor, { agents, batchSize, stateSize, parameters }: PolicyGraphOptions): Graph {
  const builder = new GraphBuilder();
  const shape = [agents, countParameters(actor.layout)];
  const packed = parameters === undefined ? builder.input('actor', shape) : builder.constant(parameters, shape);
  const states = builder.input('states', [agents, batchSize, stateSize]);
  const blocks = unpackParameters(builder, packed, actor.layout);
  return builder.finish({ probabilities: actor.buildProbabilities(builder, blocks, states, (name) => name) });
}
