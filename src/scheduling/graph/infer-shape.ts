// The shape of a node's result from its operation and the shapes of its inputs: one rule per operation, errors that name the node.

import { broadcastShapes } from './broadcast.js';
import { countElements, formatShape, type Operation, type Shape } from './graph.js';

/** How many inputs each operation takes; Concat takes one or more. */
const INPUT_COUNTS: Record<Operation['op'], number> = {
  Input: 0,
  Constant: 0,
  Add: 2,
  Sub: 2,
  Mul: 2,
  Div: 2,
  Min: 2,
  MatMul: 2,
  Neg: 1,
  Exp: 1,
  Log: 1,
  Sqrt: 1,
  Relu: 1,
  Sign: 1,
  Step: 1,
  Clip: 1,
  Softmax: 1,
  ReduceSum: 1,
  ReduceMax: 1,
  ReduceMin: 1,
  Reshape: 1,
  Expand: 1,
  Transpose: 1,
  Slice: 1,
  Concat: Infinity,
  StopGradient: 1,
};

/**
 * Gives the shape of a node's result.
 * @param declared the shape that an Input or a Constant was given; no other operation looks at it
 * @throws Error naming the node and the shapes that do not fit
 */
export function inferShape(name: string, operation: Operation, inputs: readonly Shape[], declared: Shape): Shape {
  const fail = (problem: string): never => {
    throw new Error(`Graph node ${name} (${operation.op}) of ${inputs.map(formatShape).join(' and ') || 'no inputs'}: ${problem}`);
  };
  const expected = INPUT_COUNTS[operation.op];
  if (expected === Infinity ? inputs.length === 0 : inputs.length !== expected) {
    fail(`takes ${expected === Infinity ? 'at least 1' : expected} inputs, not ${inputs.length}`);
  }
  const first = inputs[0] ?? [];
  const second = inputs[1] ?? [];
  const checkAxis = (axis: number): void => {
    if (!Number.isInteger(axis) || axis < 0 || axis >= first.length) fail(`has no axis ${axis}`);
  };
  switch (operation.op) {
    case 'Input':
      return declared;
    case 'Constant':
      if (operation.values.length !== countElements(declared)) {
        fail(`${operation.values.length} values do not fill ${formatShape(declared)}`);
      }
      return declared;
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Min':
      return broadcastShapes(first, second) ?? fail('the shapes do not broadcast');
    case 'MatMul': {
      if (first.length < 2 || second.length < 2) fail('both inputs need two axes or more');
      if (first.at(-1) !== second.at(-2)) fail(`the inner sizes ${first.at(-1)} and ${second.at(-2)} differ`);
      const batch = broadcastShapes(first.slice(0, -2), second.slice(0, -2)) ?? fail('the leading axes do not broadcast');
      return [...batch, first.at(-2)!, second.at(-1)!];
    }
    case 'Neg':
    case 'Exp':
    case 'Log':
    case 'Sqrt':
    case 'Relu':
    case 'Sign':
    case 'Step':
    case 'StopGradient':
      return first;
    case 'Clip':
      if (!(operation.min <= operation.max)) fail(`the range ${operation.min} to ${operation.max} is empty`);
      return first;
    case 'Softmax':
      checkAxis(operation.axis);
      return first;
    case 'ReduceSum':
    case 'ReduceMax':
    case 'ReduceMin':
      operation.axes.forEach(checkAxis);
      return first.map((size, axis) => (operation.axes.includes(axis) ? 1 : size));
    case 'Reshape':
      if (countElements(operation.shape) !== countElements(first)) fail(`cannot take the shape ${formatShape(operation.shape)}`);
      return operation.shape;
    case 'Expand': {
      const reached = broadcastShapes(first, operation.shape);
      if (reached === null || countElements(reached) !== countElements(operation.shape)) {
        fail(`cannot stretch to ${formatShape(operation.shape)}`);
      }
      return operation.shape;
    }
    case 'Transpose':
      if ([...operation.permutation].sort((a, b) => a - b).join() !== first.map((_, axis) => axis).join()) {
        fail(`${formatShape(operation.permutation)} is no order of its axes`);
      }
      return operation.permutation.map((axis) => first[axis]!);
    case 'Slice':
      checkAxis(operation.axis);
      if (!(operation.start >= 0 && operation.start < operation.end && operation.end <= first[operation.axis]!)) {
        fail(`the range ${operation.start} to ${operation.end} is not inside axis ${operation.axis}`);
      }
      return first.with(operation.axis, operation.end - operation.start);
    case 'Concat': {
      checkAxis(operation.axis);
      const others = (shape: Shape): string => shape.with(operation.axis, 0).join();
      if (inputs.some((shape) => shape.length !== first.length || others(shape) !== others(first))) {
        fail(`the shapes differ in more than axis ${operation.axis}`);
      }
      return first.with(
        operation.axis,
        inputs.reduce((sum, shape) => sum + shape[operation.axis]!, 0),
      );
    }
  }
}
