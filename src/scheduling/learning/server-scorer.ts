// One small network for every edge server (ES) in place of one output each: it scores a server by the task, the server's own features and the
// mean over all servers of the first hidden layer, so that the same parameters serve any number of servers, in any order.
//
//   in_j  = [task, features of j, (x_j, encoding of the step), 1]     what stands in brackets is the chain's, of a diffusion actor only
//   h_j   = relu(W1 in_j)                                             [hidden]
//   g_j   = relu(W2 [h_j, 1] + W2' mean over j of h_j)                [hidden]
//   out_j = w3 [g_j, 1]
//
// Inside a graph the servers lie beside the batch on the last axis, server by server: [..., features, servers * batch]. Biases as in mlp.ts.

import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import { appendOnes, appendUnit, applyWeights } from './mlp.js';
import type { ParameterLayout } from './parameter-layout.js';

/** Numbers of a state that are the task's own; the rest are the servers', see decisions/relative-state.ts. */
export const TASK_FEATURES = 1;

export interface ScorerSizes {
  /** Number of servers that the graph is built for; the parameters do not depend on it. */
  servers: number;
  /** Numbers in a state: those of the task and, feature by feature, those of every server. */
  stateSize: number;
  /** Neurons in each of the two hidden layers; 20 (Table IV). */
  hiddenSize: number;
}

export function createScorerLayout({ servers, stateSize, hiddenSize }: ScorerSizes, chainInputs = 0): ParameterLayout {
  const inputs = TASK_FEATURES + serverFeatures({ servers, stateSize });
  const layerInputs = inputs + chainInputs;
  return [
    { name: 'layer1State', rows: inputs + 1, columns: hiddenSize, layerInputs },
    { name: 'layer2Own', rows: hiddenSize + 1, columns: hiddenSize, layerInputs: 2 * hiddenSize },
    { name: 'layer2Mean', rows: hiddenSize, columns: hiddenSize, layerInputs: 2 * hiddenSize },
    { name: 'layer3', rows: hiddenSize + 1, columns: 1, layerInputs: hiddenSize },
  ];
}

/** Features of one server in a state. Throws an Error where the state holds not as many of each. */
function serverFeatures({ servers, stateSize }: Pick<ScorerSizes, 'servers' | 'stateSize'>): number {
  const features = (stateSize - TASK_FEATURES) / servers;
  if (Number.isInteger(features) && features > 0) return features;
  throw new Error(`A state of ${stateSize} numbers has not as many of each of ${servers} servers`);
}

/** States [agents, stateSize, batch] as what layer 1 takes of each server: [agents, features + 1, servers * batch], the last row of ones. */
export function spreadStates(builder: GraphBuilder, states: Tensor, sizes: Pick<ScorerSizes, 'servers' | 'stateSize'>): Tensor {
  const { servers, stateSize } = sizes;
  const [agents, , batch] = states.shape as readonly [number, number, number];
  const task = builder.reshape(builder.slice(states, 1, 0, TASK_FEATURES), [agents, TASK_FEATURES, 1, batch]);
  const ofTask = builder.reshape(builder.expand(task, [agents, TASK_FEATURES, servers, batch]), [agents, TASK_FEATURES, servers * batch]);
  const ofServers = builder.reshape(builder.slice(states, 1, TASK_FEATURES, stateSize), [agents, serverFeatures(sizes), servers * batch]);
  return appendOnes(builder, builder.concat([ofTask, ofServers], 1));
}

/** The state's part of layer 1, with a unit that stays 1: from spreadStates to [..., hidden + 1, servers * batch]. */
export function applyStateLayer(builder: GraphBuilder, blocks: ReadonlyMap<string, Tensor>, spread: Tensor): Tensor {
  return applyWeights(builder, appendUnit(builder, blocks.get('layer1State')!, 'always 1'), spread);
}

/** From layer 1 before its ReLU, [..., hidden + 1, servers * batch], to the scores [..., servers, batch]. */
export function applyScorer(builder: GraphBuilder, blocks: ReadonlyMap<string, Tensor>, layer1: Tensor, servers: number): Tensor {
  const units = layer1.shape.at(-2)!;
  const columns = layer1.shape.at(-1)!;
  const batch = columns / servers;
  const leading = layer1.shape.slice(0, -2);
  const byServer = (x: Tensor, of: number): Tensor => builder.reshape(x, [...leading, units, of, batch]);
  const hidden1 = builder.relu(layer1);
  const means = builder.mean(byServer(hidden1, servers), [leading.length + 1]);
  const meanHidden = builder.slice(builder.reshape(means, [...leading, units, batch]), leading.length, 0, units - 1);
  const own = applyWeights(builder, appendUnit(builder, blocks.get('layer2Own')!, 'always 1'), hidden1);
  const shared = applyWeights(builder, appendUnit(builder, blocks.get('layer2Mean')!, 'nothing'), meanHidden);
  const hidden2 = builder.relu(builder.add(byServer(own, servers), byServer(shared, 1)));
  const scores = applyWeights(builder, blocks.get('layer3')!, builder.reshape(hidden2, [...leading, units, columns]));
  return builder.reshape(scores, [...leading, servers, batch]);
}
