// Each operation of the graph as an operator of ONNX opset 17.

import type { Operation } from '../graph.js';

/** A constant input that the operator takes after the node's own inputs. */
export type OnnxParameter = { type: 'float'; value: number } | { type: 'integers'; values: readonly number[] };

/** Numbers are integers unless they say that they are not. */
export type OnnxAttribute = number | readonly number[] | { float: number };

/** So steep that every x of normal size in float32 reaches 1. */
const STEP_SLOPE = 1e38;

export interface OnnxOperator {
  type: string;
  parameters: readonly OnnxParameter[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
}

export function toOnnxOperator(operation: Exclude<Operation, { op: 'Input' } | { op: 'Constant' }>): OnnxOperator {
  const operator = (
    type: string,
    parameters: readonly OnnxParameter[] = [],
    attributes: OnnxOperator['attributes'] = {},
  ): OnnxOperator => ({ type, parameters, attributes });
  const float = (value: number): OnnxAttribute => ({ float: value });
  const integers = (...values: number[]): OnnxParameter => ({ type: 'integers', values });
  switch (operation.op) {
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Min':
    case 'Neg':
    case 'Exp':
    case 'Log':
    case 'Sqrt':
    case 'Relu':
    case 'Sign':
    case 'MatMul':
      return operator(operation.op);
    case 'Step':
      // min(max(slope * x, 0), 1) in one vectorized operator; the standard comparison gives booleans, and Sign is several times slower.
      return operator('HardSigmoid', [], { alpha: float(STEP_SLOPE), beta: float(0) });
    case 'Clip':
      return operator('Clip', [
        { type: 'float', value: operation.min },
        { type: 'float', value: operation.max },
      ]);
    case 'Softmax':
      // Others are written out before: see expand-softmax.ts.
      return operator('Softmax', [], { axis: operation.axis });
    case 'ReduceSum':
      return operator('ReduceSum', [integers(...operation.axes)], { keepdims: 1 });
    case 'ReduceMax':
    case 'ReduceMin':
      return operator(operation.op, [], { axes: operation.axes, keepdims: 1 });
    case 'Reshape':
      return operator('Reshape', [integers(...operation.shape)]);
    case 'Expand':
      return operator('Expand', [integers(...operation.shape)]);
    case 'Transpose':
      return operator('Transpose', [], { perm: operation.permutation });
    case 'Slice':
      return operator('Slice', [integers(operation.start), integers(operation.end), integers(operation.axis)]);
    case 'Concat':
      return operator('Concat', [], { axis: operation.axis });
    case 'StopGradient':
      return operator('Identity');
  }
}
