// What a critic is to the update: parameters, and a way from observations to the values of all actions.

import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import { applyMlp, createMlpLayout } from './mlp.js';
import type { ParameterLayout } from './parameter-layout.js';
import { applyScorer, applyStateLayer, createScorerLayout, type ScorerSizes, spreadStates } from './server-scorer.js';

export interface Critic {
  layout: ParameterLayout;
  /** From states [agents, stateSize, batch] to Q [..., servers, batch]; the leading axes are those of the blocks, [..., rows, columns]. */
  buildValues(builder: GraphBuilder, blocks: ReadonlyMap<string, Tensor>, states: Tensor): Tensor;
}

/** The paper's: one perceptron from the state to the values of all servers. */
export function createMlpCritic({ stateSize, hiddenSize, servers }: ScorerSizes): Critic {
  return { layout: createMlpLayout({ inputs: stateSize, hidden: hiddenSize, outputs: servers }), buildValues: applyMlp };
}

/** One perceptron for every server; see server-scorer.ts. */
export function createScorerCritic(sizes: ScorerSizes): Critic {
  return {
    layout: createScorerLayout(sizes),
    buildValues: (builder, blocks, states) =>
      applyScorer(builder, blocks, applyStateLayer(builder, blocks, spreadStates(builder, states, sizes)), sizes.servers),
  };
}
