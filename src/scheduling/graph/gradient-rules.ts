// Reverse-mode rules: from the gradient of a node's result to the gradients of its inputs. A rule may answer in the shape of the result;
// the driver (differentiate.ts) undoes broadcasting. Rules build graph nodes; nothing is computed here.

import type { Operation, OperationName } from './graph.js';
import { type GraphBuilder, swapsLastAxes, type Tensor } from './graph-builder.js';

export interface RuleArguments<Name extends OperationName = OperationName> {
  builder: GraphBuilder;
  operation: Extract<Operation, { op: Name }> & { op: Name };
  inputs: readonly Tensor[];
  /** The node's own result, so that exp, softmax and others need not be computed again. */
  result: Tensor;
  /** Gradient of the loss by the result, in the result's shape. */
  gradient: Tensor;
}

/** The gradients by each input, in order. */
type GradientRule<Name extends OperationName> = (args: RuleArguments<Name>) => readonly Tensor[];

type GradientRules = { readonly [Name in OperationName]?: GradientRule<Name> };

/** 1 where x is positive, 0 where it is negative, one half at 0: how a tie shares its gradient. */
function halfStep(builder: GraphBuilder, x: Tensor): Tensor {
  return builder.scale(builder.add(builder.sign(x), builder.scalar(1)), 0.5);
}

/** Zeros around `gradient` so that it fills `size` along the axis. */
function padded(builder: GraphBuilder, gradient: Tensor, slice: { axis: number; start: number; end: number }, size: number): Tensor {
  const zeros = (length: number): Tensor[] =>
    length === 0 ? [] : [builder.expand(builder.scalar(0), gradient.shape.with(slice.axis, length))];
  return builder.concat([...zeros(slice.start), gradient, ...zeros(size - slice.end)], slice.axis);
}

/**
 * One rule per operation. `Sign` and `Step` have none: they appear only inside gradients, and second derivatives are not needed. Nor have
 * `ReduceMax` and `ReduceMin`, which only targets and policies use. `Input`, `Constant` and `StopGradient` end the walk and are never asked.
 */
export const gradientRules: GradientRules = {
  Add: ({ gradient: g }) => [g, g],
  Sub: ({ builder: b, gradient: g }) => [g, b.neg(g)],
  Mul: ({ builder: b, inputs: [x, y], gradient: g }) => [b.mul(g, y!), b.mul(g, x!)],
  Div: ({ builder: b, inputs: [, y], result, gradient: g }) => [b.div(g, y!), b.neg(b.div(b.mul(g, result), y!))],
  Min: ({ builder: b, inputs: [x, y], gradient: g }) => {
    const firstShare = halfStep(b, b.sub(y!, x!));
    return [b.mul(g, firstShare), b.mul(g, b.sub(b.scalar(1), firstShare))];
  },
  Neg: ({ builder: b, gradient: g }) => [b.neg(g)],
  Exp: ({ builder: b, result, gradient: g }) => [b.mul(g, result)],
  Log: ({ builder: b, inputs: [x], gradient: g }) => [b.div(g, x!)],
  Sqrt: ({ builder: b, result, gradient: g }) => [b.div(b.scale(g, 0.5), result)],
  Relu: ({ builder: b, result, gradient: g }) => [b.mul(g, b.step(result))],
  Clip: ({ builder: b, inputs: [x], result, gradient: g }) => {
    const outside = b.sign(b.sub(x!, result));
    return [b.mul(g, b.sub(b.scalar(1), b.mul(outside, outside)))];
  },
  Softmax: ({ builder: b, operation: { axis, scale }, result, gradient: g }) => {
    const pull = b.sum(b.mul(g, result), [axis]);
    return [b.mul(result, b.sub(g, scale === 1 ? pull : b.scale(pull, 1 / scale)))];
  },
  MatMul: ({ builder: b, inputs: [x, y], gradient: g }) => [b.matMul(g, b.swapLastAxes(y!)), b.matMul(b.swapLastAxes(x!), g)],
  ReduceSum: ({ builder: b, inputs: [x], gradient: g }) => [b.expand(g, x!.shape)],
  Reshape: ({ builder: b, inputs: [x], gradient: g }) => [b.reshape(g, x!.shape)],
  Expand: ({ gradient: g }) => [g],
  Transpose: ({ builder: b, operation: { permutation }, gradient: g }) => [
    swapsLastAxes(permutation)
      ? b.swapLastAxes(g)
      : b.transpose(
          g,
          permutation.map((_, axis) => permutation.indexOf(axis)),
        ),
  ],
  Slice: ({ builder: b, operation, inputs: [x], gradient: g }) => [padded(b, g, operation, x!.shape[operation.axis]!)],
  Concat: ({ builder: b, operation: { axis }, inputs, gradient: g }) => {
    let end = 0;
    return inputs.map((part) => {
      const start = end;
      end += part.shape[axis]!;
      return b.slice(g, axis, start, end);
    });
  },
};
