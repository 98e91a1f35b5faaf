// Adam (Kingma and Ba, Algorithm 1) as nodes of a graph. The step count stays outside: a graph has no counter.

import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
/** Added to the root of the second moment, after its correction. */
const EPSILON = 1e-8;

export interface AdamState {
  parameters: Tensor;
  firstMoment: Tensor;
  secondMoment: Tensor;
}

/** The bias corrections of a step, counted from 1, as the graph takes them: 1 / (1 - 0.9^step) and 1 / sqrt(1 - 0.999^step). */
export function computeBiasCorrections(step: number): Float32Array {
  return Float32Array.of(1 / (1 - FIRST_DECAY ** step), 1 / Math.sqrt(1 - SECOND_DECAY ** step));
}

/**
 * One step against the gradient; all tensors of one shape.
 * @param biasCorrections [2], see computeBiasCorrections
 */
export function applyAdam(
  builder: GraphBuilder,
  { parameters, firstMoment, secondMoment }: AdamState,
  gradient: Tensor,
  options: { learningRate: number; biasCorrections: Tensor },
): AdamState {
  const firstCorrection = builder.slice(options.biasCorrections, 0, 0, 1);
  const secondCorrection = builder.slice(options.biasCorrections, 0, 1, 2);
  const first = builder.add(builder.scale(firstMoment, FIRST_DECAY), builder.scale(gradient, 1 - FIRST_DECAY));
  const squared = builder.mul(gradient, gradient);
  const second = builder.add(builder.scale(secondMoment, SECOND_DECAY), builder.scale(squared, 1 - SECOND_DECAY));
  const root = builder.add(builder.mul(builder.sqrt(second), secondCorrection), builder.scalar(EPSILON));
  const change = builder.div(builder.mul(first, builder.scale(firstCorrection, options.learningRate)), root);
  return { parameters: builder.sub(parameters, change), firstMoment: first, secondMoment: second };
}
