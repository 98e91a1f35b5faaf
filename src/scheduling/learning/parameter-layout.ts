// How the weights of one network lie in one packed row of numbers, so that all agents' parameters travel as a single tensor
// [..., parameters] and one optimizer step moves them all.

import { countElements } from '../graph/graph.js';
import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import type { RandomSource } from '../../random/random.js';

export interface ParameterBlock {
  name: string;
  /** Inputs of a weight matrix; 1 for a bias. */
  rows: number;
  columns: number;
  /** Inputs of the whole layer that the block belongs to: sets the range of its first values. */
  layerInputs: number;
}

/** Blocks in the order in which they are packed, each row-major. */
export type ParameterLayout = readonly ParameterBlock[];

export function countParameters(layout: ParameterLayout): number {
  return layout.reduce((sum, block) => sum + block.rows * block.columns, 0);
}

/** Takes packed parameters [..., parameters] apart: each block [..., rows, columns] by its name. */
export function unpackParameters(builder: GraphBuilder, packed: Tensor, layout: ParameterLayout): Map<string, Tensor> {
  const leading = packed.shape.slice(0, -1);
  let end = 0;
  return new Map(
    layout.map((block) => {
      const start = end;
      end += block.rows * block.columns;
      const part = builder.slice(packed, leading.length, start, end);
      return [block.name, builder.reshape(part, [...leading, block.rows, block.columns])];
    }),
  );
}

/** Puts one tensor per block, in the layout's order, back into the packed form [..., parameters]. */
export function packParameters(builder: GraphBuilder, blocks: readonly Tensor[]): Tensor {
  const leading = blocks[0]!.shape.slice(0, -2);
  const rows = blocks.map((block) => builder.reshape(block, [...leading, countElements(block.shape.slice(-2))]));
  return builder.concat(rows, leading.length);
}

/**
 * Draws first parameters [copies, parameters], uniform within 1 / sqrt(inputs of the layer) on both sides of zero: what PyTorch's linear
 * layers do, and so the paper's public code.
 */
export function initializeParameters(layout: ParameterLayout, copies: number, random: RandomSource): Float32Array {
  const size = countParameters(layout);
  const values = new Float32Array(copies * size);
  for (let copy = 0, position = 0; copy < copies; copy++) {
    for (const block of layout) {
      const bound = 1 / Math.sqrt(block.layerInputs);
      for (let index = 0; index < block.rows * block.columns; index++) values[position++] = (2 * random.nextFloat() - 1) * bound;
    }
  }
  return values;
}
