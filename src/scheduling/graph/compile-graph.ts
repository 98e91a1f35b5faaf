// Runs a graph again and again in double precision: the same numbers as the interpreter, bit for bit, with every buffer and every index made
// once. A small network then takes some ten microseconds, on any machine that runs JavaScript, and gives the same bits on all of them.

import { countElements, formatShape, type Graph, type Operation, type Shape } from './graph.js';
import { binaryFunctions, broadcastStrides, gatherPositions, rowMajorStrides, unaryFunctions } from './interpret.js';

type Feeds = Readonly<Record<string, ArrayLike<number>>>;

export interface CompiledGraph {
  /** Sets the inputs that stay, all of them: what rests on them alone is computed now, and not in every run. */
  fix(feeds: Feeds): void;
  /**
   * Computes the outputs, row-major; the arrays are the graph's own and good until the next run.
   * @throws Error naming an input that is missing, has another number of elements or is none of those that change
   */
  run(feeds: Feeds): Readonly<Record<string, Float64Array>>;
}

type Step = () => void;

/** @param fixed names of the inputs that stay from run to run, such as a network's parameters: to be set by `fix` before the first run */
export function compileGraph(graph: Graph, fixed: readonly string[] = []): CompiledGraph {
  const buffers = new Map<string, Float64Array>();
  const shapes = new Map<string, Shape>();
  const staying = new Set<string>();
  const inputs = { fixed: new Map<string, Input>(), live: new Map<string, Input>() };
  const steps: { fixed: Step[]; live: Step[] } = { fixed: [], live: [] };
  for (const { name, operation, inputs: from, shape } of graph.nodes) {
    shapes.set(name, shape);
    const isStaying = operation.op === 'Input' ? fixed.includes(name) : from.every((input) => staying.has(input));
    if (isStaying) staying.add(name);
    const kind = isStaying ? 'fixed' : 'live';
    if (operation.op === 'Input') {
      const buffer = new Float64Array(countElements(shape));
      buffers.set(name, buffer);
      inputs[kind].set(name, { buffer, shape });
      continue;
    }
    const sources = from.map((input) => ({ values: buffers.get(input)!, shape: shapes.get(input)! }));
    const { buffer, step } = compileNode(operation, sources, shape);
    buffers.set(name, buffer);
    if (step) steps[kind].push(step);
  }
  const outputs = Object.fromEntries(graph.outputs.map(({ name, node }) => [name, buffers.get(node)!]));
  const compute = (kind: 'fixed' | 'live', feeds: Feeds): void => {
    for (const [name, input] of inputs[kind]) setInput(name, input, feeds[name]);
    for (const name in feeds) if (!inputs[kind].has(name)) throw new Error(`The graph has no input ${name} of the ${kind} ones.`);
    for (const step of steps[kind]) step();
  };
  // What rests on constants alone.
  if (fixed.length === 0) compute('fixed', {});
  return {
    fix: (feeds) => compute('fixed', feeds),
    run(feeds) {
      compute('live', feeds);
      return outputs;
    },
  };
}

interface Input {
  buffer: Float64Array;
  shape: Shape;
}

function setInput(name: string, { buffer, shape }: Input, values: ArrayLike<number> | undefined): void {
  if (values === undefined) throw new Error(`Graph input ${name}: no value was given`);
  if (values.length !== buffer.length) {
    throw new Error(`Graph input ${name}: ${values.length} values do not fill ${formatShape(shape)}`);
  }
  buffer.set(values);
}

interface Source {
  values: Float64Array;
  shape: Shape;
}

/** What an operation writes to and how; without a step the result is its input, seen otherwise. */
function compileNode(operation: Operation, sources: readonly Source[], shape: Shape): { buffer: Float64Array; step: Step | null } {
  const [first, second] = sources;
  if (operation.op === 'Reshape' || operation.op === 'StopGradient') return { buffer: first!.values, step: null };
  if (operation.op === 'Constant') return { buffer: Float64Array.from(operation.values), step: null };
  const buffer = new Float64Array(countElements(shape));
  return { buffer, step: makeStep(operation, { first: first!, second: second!, sources, buffer, shape }) };
}

interface NodeParts {
  first: Source;
  second: Source;
  sources: readonly Source[];
  buffer: Float64Array;
  shape: Shape;
}

function makeStep(operation: Operation, parts: NodeParts): Step {
  const { first, sources, buffer, shape } = parts;
  switch (operation.op) {
    case 'Input':
    case 'Constant':
    case 'Reshape':
    case 'StopGradient':
      throw new Error(`${operation.op} computes nothing`);
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Min':
      return stepOfTwo(binaryFunctions[operation.op], parts);
    case 'Neg':
    case 'Exp':
    case 'Log':
    case 'Sqrt':
    case 'Relu':
    case 'Sign':
    case 'Step':
      return mapStep(unaryFunctions[operation.op], first.values, buffer);
    case 'Clip':
      return mapStep((x) => Math.min(Math.max(x, operation.min), operation.max), first.values, buffer);
    case 'Softmax':
      return softmaxStep(operation, first, buffer);
    case 'MatMul':
      return matMulStep(parts);
    case 'ReduceSum':
      return reduceStep(binaryFunctions.Add, 0, parts);
    case 'ReduceMax':
      return reduceStep(Math.max, -Infinity, parts);
    case 'ReduceMin':
      return reduceStep(Math.min, Infinity, parts);
    case 'Expand':
      return gatherStep(first.values, gatherPositions(broadcastStrides(first.shape, shape), shape), buffer);
    case 'Transpose': {
      const strides = rowMajorStrides(first.shape);
      const permuted = operation.permutation.map((axis) => strides[axis]!);
      return gatherStep(first.values, gatherPositions(permuted, shape), buffer);
    }
    case 'Slice': {
      const strides = rowMajorStrides(first.shape);
      return gatherStep(first.values, gatherPositions(strides, shape, operation.start * strides[operation.axis]!), buffer);
    }
    case 'Concat':
      return concatStep(sources, operation.axis, shape, buffer);
  }
}

function mapStep(compute: (x: number) => number, values: Float64Array, buffer: Float64Array): Step {
  return () => {
    for (let index = 0; index < buffer.length; index++) buffer[index] = compute(values[index]!);
  };
}

function gatherStep(values: Float64Array, positions: Int32Array, buffer: Float64Array): Step {
  return () => {
    for (let index = 0; index < buffer.length; index++) buffer[index] = values[positions[index]!]!;
  };
}

function stepOfTwo(compute: (x: number, y: number) => number, { first, second, buffer, shape }: NodeParts): Step {
  const [left, right] = [first.values, second.values];
  if (left.length === buffer.length && right.length === buffer.length) {
    return () => {
      for (let index = 0; index < buffer.length; index++) buffer[index] = compute(left[index]!, right[index]!);
    };
  }
  const lefts = gatherPositions(broadcastStrides(first.shape, shape), shape);
  const rights = gatherPositions(broadcastStrides(second.shape, shape), shape);
  return () => {
    for (let index = 0; index < buffer.length; index++) buffer[index] = compute(left[lefts[index]!]!, right[rights[index]!]!);
  };
}

function softmaxStep({ axis, scale }: { axis: number; scale: number }, { values, shape }: Source, buffer: Float64Array): Step {
  const size = shape[axis]!;
  const stride = countElements(shape.slice(axis + 1));
  const starts: number[] = [];
  for (let start = 0; start < buffer.length; start++) if (Math.floor(start / stride) % size === 0) starts.push(start);
  return () => {
    for (const start of starts) {
      const end = start + size * stride;
      let largest = -Infinity;
      for (let at = start; at < end; at += stride) largest = Math.max(largest, values[at]!);
      let total = 0;
      for (let at = start; at < end; at += stride) total += buffer[at] = Math.exp(values[at]! - largest);
      for (let at = start; at < end; at += stride) buffer[at] = (scale * buffer[at]!) / total;
    }
  };
}

function matMulStep({ first, second, buffer, shape }: NodeParts): Step {
  const [rows, columns, inner] = [shape.at(-2)!, shape.at(-1)!, first.shape.at(-1)!];
  const batch = shape.slice(0, -2);
  // Where the matrices of each place in the leading axes start.
  const startsOf = ({ shape: source }: Source): Int32Array => {
    const leading = source.slice(0, -2);
    const size = source.at(-2)! * source.at(-1)!;
    return gatherPositions(broadcastStrides(leading, batch), batch).map((matrix) => matrix * size);
  };
  const [lefts, rights] = [startsOf(first), startsOf(second)];
  const [left, right] = [first.values, second.values];
  return () => {
    for (let matrix = 0, at = 0; matrix < lefts.length; matrix++) {
      const rightStart = rights[matrix]!;
      for (let row = 0; row < rows; row++) {
        const leftRow = lefts[matrix]! + row * inner;
        for (let column = 0; column < columns; column++, at++) {
          let sum = 0;
          for (let k = 0, place = rightStart + column; k < inner; k++, place += columns) sum += left[leftRow + k]! * right[place]!;
          buffer[at] = sum;
        }
      }
    }
  };
}

function reduceStep(join: (sofar: number, x: number) => number, start: number, { first, buffer, shape }: NodeParts): Step {
  const positions = gatherPositions(broadcastStrides(shape, first.shape), first.shape);
  const { values } = first;
  return () => {
    buffer.fill(start);
    for (let index = 0; index < values.length; index++) {
      const at = positions[index]!;
      buffer[at] = join(buffer[at]!, values[index]!);
    }
  };
}

function concatStep(sources: readonly Source[], axis: number, shape: Shape, buffer: Float64Array): Step {
  const rowLength = countElements(shape.slice(axis));
  let column = 0;
  const parts = sources.map(({ values, shape: own }) => {
    const length = countElements(own.slice(axis));
    const part = { values, length, column };
    column += length;
    return part;
  });
  return () => {
    for (const { values, length, column: start } of parts) {
      for (let from = 0, to = start; from < values.length; from += length, to += rowLength) {
        for (let index = 0; index < length; index++) buffer[to + index] = values[from + index]!;
      }
    }
  };
}
