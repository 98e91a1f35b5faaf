// The multilayer perceptron of the paper's critics and of the plain actors: two hidden layers with ReLU (Table IV).
//
// A bias is the last row of its weights, and the layer's input carries a column of ones; hidden layers keep that column alive as one
// more unit that is always 1. So a bias costs no addition forwards and no sum over the batch backwards.

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

/** x [..., batch, inputs] through the network [..., batch, outputs]; leading axes of x and of the parameters are broadcast. */
export function applyMlp(builder: GraphBuilder, parameters: ReadonlyMap<string, Tensor>, x: Tensor): Tensor {
  const hidden = (input: Tensor, name: string): Tensor =>
    builder.relu(builder.matMul(input, appendUnit(builder, parameters.get(name)!, 'always 1')));
  return builder.matMul(hidden(hidden(appendOnes(builder, x), 'layer1'), 'layer2'), parameters.get('layer3')!);
}

/** Adds the column of ones that carries the bias: [..., batch, inputs] to [..., batch, inputs + 1]. */
export function appendOnes(builder: GraphBuilder, x: Tensor): Tensor {
  return builder.concat([x, builder.expand(builder.scalar(1), x.shape.with(-1, 1))], x.shape.length - 1);
}

/** Adds a unit to a layer's weights [..., rows, units]: one that is always 1 (where the last row is the bias), or one that gets nothing. */
export function appendUnit(builder: GraphBuilder, weights: Tensor, unit: 'always 1' | 'nothing'): Tensor {
  const rows = weights.shape.at(-2)!;
  const column = Array.from({ length: rows }, (_, row) => (unit === 'always 1' && row === rows - 1 ? 1 : 0));
  const expanded = builder.expand(builder.constant(column, [rows, 1]), weights.shape.with(-1, 1));
  return builder.concat([weights, expanded], weights.shape.length - 1);
}
