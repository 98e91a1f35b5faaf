// A static graph of float32 tensors as plain data: what the builder makes, the verifier checks, the interpreter and ONNX Runtime run.
// It holds no gradients (see differentiate.ts) and no values other than its constants.

/** Sizes of a tensor's axes; `[]` is a scalar. All shapes are known when the graph is built. */
export type Shape = readonly number[];

/** What a node computes, with everything but its inputs. Axes are counted from the front, never negative. */
export type Operation =
  | { op: 'Input' }
  /** Values in row-major order; kept in double precision so that the interpreter can use them as they are. */
  | { op: 'Constant'; values: readonly number[] }
  | { op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' }
  | { op: 'Neg' | 'Exp' | 'Log' | 'Sqrt' | 'Relu' | 'Sign' }
  /** 1 where the input is above 0, else 0. */
  | { op: 'Step' }
  | { op: 'Clip'; min: number; max: number }
  /** `scale` times the softmax: what a factor after it would do, nearly free. */
  | { op: 'Softmax'; axis: number; scale: number }
  /** Over the last two axes; the axes before them are broadcast. */
  | { op: 'MatMul' }
  /** The summed axes stay, with size 1. */
  | { op: 'ReduceSum' | 'ReduceMax' | 'ReduceMin'; axes: readonly number[] }
  | { op: 'Reshape'; shape: Shape }
  | { op: 'Expand'; shape: Shape }
  | { op: 'Transpose'; permutation: readonly number[] }
  /** From `start` up to, not including, `end`. */
  | { op: 'Slice'; axis: number; start: number; end: number }
  | { op: 'Concat'; axis: number }
  /** Passes its input on and lets no gradient through. */
  | { op: 'StopGradient' };

export type OperationName = Operation['op'];

export interface GraphNode {
  /** Unique in its graph; an Input's name is the name that callers feed. */
  name: string;
  operation: Operation;
  /** Names of nodes that come earlier in the graph. */
  inputs: readonly string[];
  shape: Shape;
}

export interface GraphOutput {
  /** The name that callers read; differs from every node's name that is not its own node. */
  name: string;
  node: string;
}

export interface Graph {
  /** In an order in which every node comes after its inputs. */
  nodes: readonly GraphNode[];
  outputs: readonly GraphOutput[];
}

/** Shapes of the inputs by name, in the graph's order. */
export function inputShapesOf({ nodes }: Graph): Record<string, Shape> {
  return Object.fromEntries(nodes.flatMap(({ name, operation, shape }) => (operation.op === 'Input' ? [[name, shape]] : [])));
}

export function countElements(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function shapesAreEqual(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}
