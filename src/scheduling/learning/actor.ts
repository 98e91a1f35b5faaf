// What an actor is to the update and to the policy: parameters, and a way from observations to action probabilities.

import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import type { ParameterLayout } from './parameter-layout.js';

export interface Actor {
  layout: ParameterLayout;
  /**
   * Adds the nodes from states [agents, batch, stateSize] to action probabilities [agents, batch, servers].
   * @param parameters blocks of the layout, each [agents, rows, columns]
   * @param nameInput gives the full name of a further input that the actor declares: in an update, those of the next states are others
   */
  buildProbabilities(
    builder: GraphBuilder,
    parameters: ReadonlyMap<string, Tensor>,
    states: Tensor,
    nameInput: (name: string) => string,
  ): Tensor;
}
