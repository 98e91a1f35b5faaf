// What an actor is to the update and to the policy: parameters, and a way from observations to action probabilities.

import type { Shape } from '../graph/graph.js';
import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import type { ParameterLayout } from './parameter-layout.js';
import type { ActorPort } from './ports.js';

export interface Actor {
  layout: ParameterLayout;
  /**
   * Adds the nodes from states [agents, stateSize, batch] to action probabilities [agents, servers, batch]; feature-major, see mlp.ts.
   * @param parameters blocks of the layout, each [agents, rows, columns]
   * @param declareInput declares a further input that the actor asks for, [..., servers, batch]: in an update those of the next states have
   *   other names, in a policy another order of the axes
   */
  buildProbabilities(
    builder: GraphBuilder,
    parameters: ReadonlyMap<string, Tensor>,
    states: Tensor,
    declareInput: (name: ActorPort, shape: Shape) => Tensor,
  ): Tensor;
}
