// The actors whose network is shared by the servers (server-scorer.ts): LAD-TS's and D2SAC-TS's chain, and the plain SAC-TS. As in the
// networks of one output a server, softmax makes the scores of a denoising step the eps of it, and the last x the probabilities.

import type { Actor } from './actor.js';
import { denoise, declareChain, encodeSteps, type LadnConfig } from './ladn.js';
import { appendUnit, applyWeights } from './mlp.js';
import { applyScorer, applyStateLayer, createScorerLayout, type ScorerSizes, spreadStates } from './server-scorer.js';

/** eps_j = f(x_j, step, task, features of j, the mean over servers); otherwise as createLadnActor. */
export function createSharedLadnActor(config: LadnConfig): Actor {
  const { hiddenSize, stepEncodingSize, servers } = config;
  const chainInputs = 1 + stepEncodingSize;
  const state = createScorerLayout(config, chainInputs);
  const layerInputs = state[0]!.layerInputs;
  return {
    layout: [
      { name: 'layer1Latent', rows: 1, columns: hiddenSize, layerInputs },
      { name: 'layer1Step', rows: stepEncodingSize, columns: hiddenSize, layerInputs },
      ...state,
    ],
    buildProbabilities: (builder, blocks, states, declareInput) => {
      const chain = declareChain(builder, config, states.shape.with(1, servers), declareInput);
      const latentWeights = appendUnit(builder, blocks.get('layer1Latent')!, 'nothing');
      const stepWeights = appendUnit(builder, blocks.get('layer1Step')!, 'nothing');
      const stepPart = applyWeights(builder, stepWeights, encodeSteps(builder, config));
      const statePart = applyStateLayer(builder, blocks, spreadStates(builder, states, config));
      const x0 = denoise(builder, config, chain, ({ index, y, growth }) => {
        const [agents, , batch] = y.shape as readonly [number, number, number];
        const ofServers = builder.reshape(y, [agents, 1, servers * batch]);
        const fixedPart = builder.add(statePart, builder.slice(stepPart, 2, index, index + 1));
        const layer1 = builder.add(applyWeights(builder, builder.scale(latentWeights, growth), ofServers), fixedPart);
        return applyScorer(builder, blocks, layer1, servers);
      });
      return builder.softmax(x0, 1);
    },
  };
}

export function createSharedSacActor(sizes: ScorerSizes): Actor {
  return {
    layout: createScorerLayout(sizes),
    buildProbabilities: (builder, blocks, states) => {
      const layer1 = applyStateLayer(builder, blocks, spreadStates(builder, states, sizes));
      return builder.softmax(applyScorer(builder, blocks, layer1, sizes.servers), 1);
    },
  };
}
