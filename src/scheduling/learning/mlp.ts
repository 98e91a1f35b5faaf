// The multilayer perceptron of the paper's critics and of the plain actors: two hidden layers with ReLU (Table IV).
//
// A bias is the last row of its weights, and the layer's input carries a row of ones; hidden layers keep that row alive as one
// more unit that is always 1. So a bias costs no addition forwards and no sum over the batch backwards.
//
// Inside the graphs activations are feature-major, [..., features, batch]: a batch of 64 fills vector registers where 20 or 21 features
// leave a third of them empty, and what belongs to a feature or to an observation is stretched along whole rows.

import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import type { ParameterLayout } from './parameter-layout.js';

export interface MlpSizes {
  inputs: number;
  hidden: number;
  outputs: number;
}

export function createMlpLayout({ inputs, hidden, outputs }: MlpSizes): ParameterLayout {
  return [
    { name: 'layer1', rows: inputs + 1, columns: hidden, layerInputs: inputs },
    { name: 'layer2', rows: hidden + 1, columns: hidden, layerInputs: hidden },
    { name: 'layer3', rows: hidden + 1, columns: outputs, layerInputs: hidden },
  ];
}

/** x [..., inputs, batch] through the network [..., outputs, batch]; leading axes of x and of the parameters are broadcast. */
export function applyMlp(builder: GraphBuilder, parameters: ReadonlyMap<string, Tensor>, x: Tensor): Tensor {
  const hidden = (input: Tensor, name: string): Tensor =>
    builder.relu(applyWeights(builder, appendUnit(builder, parameters.get(name)!, 'always 1'), input));
  return applyWeights(builder, parameters.get('layer3')!, hidden(hidden(appendOnes(builder, x), 'layer1'), 'layer2'));
}

/** Weights [..., rows, units] times x [..., rows, batch]: [..., units, batch]. */
export function applyWeights(builder: GraphBuilder, weights: Tensor, x: Tensor): Tensor {
  return builder.matMul(builder.swapLastAxes(weights), x);
}

/** Adds the row of ones that carries the bias: [..., inputs, batch] to [..., inputs + 1, batch]. */
export function appendOnes(builder: GraphBuilder, x: Tensor): Tensor {
  return builder.concat([x, builder.expand(builder.scalar(1), x.shape.with(-2, 1))], x.shape.length - 2);
}

/** Adds a unit to a layer's weights [..., rows, units]: one that is always 1 (where the last row is the bias), or one that gets nothing. */
export function appendUnit(builder: GraphBuilder, weights: Tensor, unit: 'always 1' | 'nothing'): Tensor {
  const rows = weights.shape.at(-2)!;
  const column = Array.from({ length: rows }, (_, row) => (unit === 'always 1' && row === rows - 1 ? 1 : 0));
  const expanded = builder.expand(builder.constant(column, [rows, 1]), weights.shape.with(-1, 1));
  return builder.concat([weights, expanded], weights.shape.length - 1);
}
