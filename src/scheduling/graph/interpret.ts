// Runs a graph in double precision, slowly and plainly: the reference that gradient rules and ONNX Runtime are checked against.

import { broadcastShapes } from './broadcast.js';
import { countElements, formatShape, type Graph, type Operation, type Shape } from './graph.js';

export interface TensorValue {
  shape: Shape;
  /** Row-major. */
  values: Float64Array;
}

/**
 * Computes the graph's outputs.
 * @param feeds values of every input, row-major
 * @throws Error naming an input that is missing or has another number of elements, or a value for no input
 */
export function interpretGraph(graph: Graph, feeds: Readonly<Record<string, ArrayLike<number>>>): Record<string, TensorValue> {
  const inputs = new Set(graph.nodes.flatMap(({ name, operation }) => (operation.op === 'Input' ? [name] : [])));
  const unknown = Object.keys(feeds).find((name) => !inputs.has(name));
  if (unknown !== undefined) throw new Error(`The graph has no input ${unknown}. It has: ${[...inputs].join(', ')}.`);
  const computed = new Map<string, TensorValue>();
  for (const node of graph.nodes) {
    const values =
      node.operation.op === 'Input'
        ? readFeed(feeds, node.name, node.shape)
        : evaluate(
            node.operation,
            node.inputs.map((input) => computed.get(input)!),
            node.shape,
          );
    computed.set(node.name, { shape: node.shape, values });
  }
  return Object.fromEntries(graph.outputs.map((output) => [output.name, computed.get(output.node)!]));
}

function readFeed(feeds: Readonly<Record<string, ArrayLike<number>>>, name: string, shape: Shape): Float64Array {
  const feed = feeds[name];
  if (feed === undefined) throw new Error(`Graph input ${name}: no value was given`);
  if (feed.length !== countElements(shape)) {
    throw new Error(`Graph input ${name}: ${feed.length} values do not fill ${formatShape(shape)}`);
  }
  return Float64Array.from(feed);
}

export const unaryFunctions = {
  Neg: (x: number) => -x,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Relu: (x: number) => Math.max(x, 0),
  Sign: Math.sign,
  Step: (x: number) => (x > 0 ? 1 : 0),
  StopGradient: (x: number) => x,
};

export const binaryFunctions = {
  Add: (x: number, y: number) => x + y,
  Sub: (x: number, y: number) => x - y,
  Mul: (x: number, y: number) => x * y,
  Div: (x: number, y: number) => x / y,
  Min: (x: number, y: number) => Math.min(x, y),
};

function evaluate(operation: Operation, inputs: readonly TensorValue[], shape: Shape): Float64Array {
  const first = inputs[0]!;
  switch (operation.op) {
    case 'Input':
      throw new Error('An input has no value of its own');
    case 'Constant':
      return Float64Array.from(operation.values);
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Min': {
      const [left, right] = inputs.map((input) => gather(input, broadcastStrides(input.shape, shape), shape));
      const compute = binaryFunctions[operation.op];
      return left!.map((x, index) => compute(x, right![index]!));
    }
    case 'Neg':
    case 'Exp':
    case 'Log':
    case 'Sqrt':
    case 'Relu':
    case 'Sign':
    case 'Step':
    case 'StopGradient':
      return first.values.map(unaryFunctions[operation.op]);
    case 'Clip':
      return first.values.map((x) => Math.min(Math.max(x, operation.min), operation.max));
    case 'Softmax':
      return softmax(first, operation);
    case 'MatMul':
      return matMul(first, inputs[1]!, shape);
    case 'ReduceSum':
      return reduce(first, shape, 0, binaryFunctions.Add);
    case 'ReduceMax':
      return reduce(first, shape, -Infinity, Math.max);
    case 'ReduceMin':
      return reduce(first, shape, Infinity, Math.min);
    case 'Reshape':
      return first.values;
    case 'Expand':
      return gather(first, broadcastStrides(first.shape, shape), shape);
    case 'Transpose': {
      const strides = rowMajorStrides(first.shape);
      return gather(
        first,
        operation.permutation.map((axis) => strides[axis]!),
        shape,
      );
    }
    case 'Slice': {
      const strides = rowMajorStrides(first.shape);
      return gather(first, strides, shape, operation.start * strides[operation.axis]!);
    }
    case 'Concat':
      return concat(inputs, operation.axis, shape);
  }
}

export function rowMajorStrides(shape: Shape): number[] {
  return shape.map((_, axis) => countElements(shape.slice(axis + 1)));
}

/** Strides with which a tensor is read as if it had the wider shape: 0 along stretched axes. */
export function broadcastStrides(narrow: Shape, wide: Shape): number[] {
  const strides = rowMajorStrides(narrow);
  const missing = wide.length - narrow.length;
  return wide.map((_, axis) => (axis < missing || narrow[axis - missing] === 1 ? 0 : strides[axis - missing]!));
}

/** Where a tensor is read in the order of `shape`, moving by `strides` along its axes. */
export function gatherPositions(strides: readonly number[], shape: Shape, offset = 0): Int32Array {
  const positions = new Int32Array(countElements(shape));
  const index = shape.map(() => 0);
  let position = offset;
  for (let element = 0; element < positions.length; element++) {
    positions[element] = position;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      position += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      position -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return positions;
}

function gather(source: TensorValue, strides: readonly number[], shape: Shape, offset = 0): Float64Array {
  return Float64Array.from(gatherPositions(strides, shape, offset), (position) => source.values[position]!);
}

function softmax(source: TensorValue, { axis, scale }: { axis: number; scale: number }): Float64Array {
  const size = source.shape[axis]!;
  const stride = countElements(source.shape.slice(axis + 1));
  const result = new Float64Array(source.values.length);
  for (let start = 0; start < result.length; start++) {
    // Only elements that are the first along the axis start a row.
    if (Math.floor(start / stride) % size !== 0) continue;
    const row = Array.from({ length: size }, (_, index) => source.values[start + index * stride]!);
    const largest = Math.max(...row);
    const powers = row.map((x) => Math.exp(x - largest));
    const total = powers.reduce((sum, x) => sum + x, 0);
    powers.forEach((x, index) => (result[start + index * stride] = (scale * x) / total));
  }
  return result;
}

function matMul(left: TensorValue, right: TensorValue, shape: Shape): Float64Array {
  const [rows, columns, inner] = [shape.at(-2)!, shape.at(-1)!, left.shape.at(-1)!];
  const batch = broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2))!;
  const lefts = gather(left, broadcastStrides(left.shape, [...batch, rows, inner]), [...batch, rows, inner]);
  const rights = gather(right, broadcastStrides(right.shape, [...batch, inner, columns]), [...batch, inner, columns]);
  const result = new Float64Array(countElements(shape));
  for (let element = 0; element < result.length; element++) {
    const column = element % columns;
    const row = (element - column) / columns;
    const matrix = Math.floor(row / rows);
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += lefts[row * inner + k]! * rights[(matrix * inner + k) * columns + column]!;
    result[element] = sum;
  }
  return result;
}

function reduce(source: TensorValue, shape: Shape, start: number, join: (sofar: number, x: number) => number): Float64Array {
  const target = broadcastStrides(shape, source.shape);
  const positions = gather({ shape, values: Float64Array.from({ length: countElements(shape) }, (_, i) => i) }, target, source.shape);
  const result = new Float64Array(countElements(shape)).fill(start);
  source.values.forEach((x, index) => {
    result[positions[index]!] = join(result[positions[index]!]!, x);
  });
  return result;
}

function concat(inputs: readonly TensorValue[], axis: number, shape: Shape): Float64Array {
  const result = new Float64Array(countElements(shape));
  const rowLength = countElements(shape.slice(axis));
  let column = 0;
  for (const input of inputs) {
    const partLength = countElements(input.shape.slice(axis));
    for (let row = 0; row * partLength < input.values.length; row++) {
      result.set(input.values.subarray(row * partLength, (row + 1) * partLength), row * rowLength + column);
    }
    column += partLength;
  }
  return result;
}
