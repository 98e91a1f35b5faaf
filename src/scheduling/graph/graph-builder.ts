// Builds a graph one operation at a time. Every method adds one node (or a few) and returns a handle to the last.

import { broadcastShapes } from './broadcast.js';
import { countElements, type Graph, type GraphNode, type Operation, type Shape, shapesAreEqual } from './graph.js';
import { inferShape } from './infer-shape.js';
import { verifyGraph } from './verify-graph.js';

/** A node of the builder that made it; means nothing to another builder. */
export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
}

/** @typeParam InputName names that inputs may have: another one is a type error */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it is what makes a misspelled input a type error
export class GraphBuilder<InputName extends string = string> {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #scalars = new Map<number, Tensor>();

  /** The nodes so far, each after its inputs. */
  get nodes(): readonly GraphNode[] {
    return [...this.#nodes.values()];
  }

  /** Adds a node of any operation; the methods below are shorter. Elementwise operations take a stretched input unstretched. */
  apply(operation: Operation, inputs: readonly Tensor[] = [], declared: { name?: string; shape?: Shape } = {}): Tensor {
    const name = declared.name ?? `${operation.op}_${this.#nodes.size}`;
    if (this.#nodes.has(name)) throw new Error(`Graph node ${name}: the name is taken`);
    const stranger = inputs.find((input) => !this.#nodes.has(input.name));
    if (stranger !== undefined) throw new Error(`Graph node ${name} (${operation.op}): ${stranger.name} is not of this graph`);
    const shapes = inputs.map((input) => input.shape);
    const shape = inferShape(name, operation, shapes, declared.shape ?? []);
    this.#nodes.set(name, { name, operation, inputs: inputs.map((input) => input.name), shape });
    return { name, shape };
  }

  input(name: InputName, shape: Shape): Tensor {
    return this.apply({ op: 'Input' }, [], { name, shape });
  }

  constant(values: ArrayLike<number>, shape: Shape): Tensor {
    return this.apply({ op: 'Constant', values: Array.from(values) }, [], { shape });
  }

  scalar(value: number): Tensor {
    const known = this.#scalars.get(value);
    if (known !== undefined) return known;
    const made = this.constant([value], []);
    this.#scalars.set(value, made);
    return made;
  }

  add(left: Tensor, right: Tensor): Tensor {
    return this.#elementwise('Add', left, right);
  }

  sub(left: Tensor, right: Tensor): Tensor {
    return this.#elementwise('Sub', left, right);
  }

  mul(left: Tensor, right: Tensor): Tensor {
    return this.#elementwise('Mul', left, right);
  }

  div(left: Tensor, right: Tensor): Tensor {
    return this.#elementwise('Div', left, right);
  }

  /** The smaller of each two: of two tensors several times faster in ONNX Runtime than along an axis that holds both. */
  smaller(left: Tensor, right: Tensor): Tensor {
    return this.#elementwise('Min', left, right);
  }

  scale(x: Tensor, factor: number): Tensor {
    return this.mul(x, this.scalar(factor));
  }

  neg(x: Tensor): Tensor {
    return this.apply({ op: 'Neg' }, [x]);
  }

  exp(x: Tensor): Tensor {
    return this.apply({ op: 'Exp' }, [x]);
  }

  log(x: Tensor): Tensor {
    return this.apply({ op: 'Log' }, [x]);
  }

  sqrt(x: Tensor): Tensor {
    return this.apply({ op: 'Sqrt' }, [x]);
  }

  relu(x: Tensor): Tensor {
    return this.apply({ op: 'Relu' }, [x]);
  }

  sign(x: Tensor): Tensor {
    return this.apply({ op: 'Sign' }, [x]);
  }

  /** 1 where x is above 0, else 0. */
  step(x: Tensor): Tensor {
    return this.apply({ op: 'Step' }, [x]);
  }

  clip(x: Tensor, min: number, max: number): Tensor {
    return this.apply({ op: 'Clip', min, max }, [x]);
  }

  /** Along the axis, times `scale`. */
  softmax(x: Tensor, axis: number, scale = 1): Tensor {
    return this.apply({ op: 'Softmax', axis, scale }, [x]);
  }

  /** Matrix product over the last two axes, the axes before them broadcast. */
  matMul(left: Tensor, right: Tensor): Tensor {
    return this.apply({ op: 'MatMul' }, [left, right]);
  }

  /** Sum over the axes, which stay with size 1. */
  sum(x: Tensor, axes: readonly number[]): Tensor {
    return this.apply({ op: 'ReduceSum', axes }, [x]);
  }

  /** Mean over the axes, which stay with size 1. */
  mean(x: Tensor, axes: readonly number[]): Tensor {
    return this.scale(this.sum(x, axes), 1 / countElements(axes.map((axis) => x.shape[axis] ?? 1)));
  }

  /** Largest along the axes, which stay with size 1. */
  max(x: Tensor, axes: readonly number[]): Tensor {
    return this.apply({ op: 'ReduceMax', axes }, [x]);
  }

  /** Smallest along the axes, which stay with size 1. */
  min(x: Tensor, axes: readonly number[]): Tensor {
    return this.apply({ op: 'ReduceMin', axes }, [x]);
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    return shapesAreEqual(x.shape, shape) ? x : this.apply({ op: 'Reshape', shape }, [x]);
  }

  expand(x: Tensor, shape: Shape): Tensor {
    return shapesAreEqual(x.shape, shape) ? x : this.apply({ op: 'Expand', shape }, [x]);
  }

  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    return this.apply({ op: 'Transpose', permutation }, [x]);
  }

  /**
   * Swaps the last two axes. Swapping twice is nothing, and a product is swapped by swapping its factors: runtimes read swapped factors
   * at no cost, a swapped result they copy.
   */
  swapLastAxes(x: Tensor): Tensor {
    const { operation, inputs } = this.#nodes.get(x.name)!;
    const source = (index: number): Tensor => this.#nodes.get(inputs[index]!)!;
    if (operation.op === 'Transpose' && swapsLastAxes(operation.permutation)) return source(0);
    if (operation.op === 'MatMul') return this.matMul(this.swapLastAxes(source(1)), this.swapLastAxes(source(0)));
    const axes = x.shape.map((_, axis) => axis);
    return this.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
  }

  slice(x: Tensor, axis: number, start: number, end: number): Tensor {
    return this.apply({ op: 'Slice', axis, start, end }, [x]);
  }

  concat(parts: readonly Tensor[], axis: number): Tensor {
    return parts.length === 1 ? parts[0]! : this.apply({ op: 'Concat', axis }, parts);
  }

  stopGradient(x: Tensor): Tensor {
    return this.apply({ op: 'StopGradient' }, [x]);
  }

  /** Names the outputs and returns the verified graph of what they need; every input declared stays an input, used or not. */
  finish(outputs: Readonly<Record<string, Tensor>>): Graph {
    const needed = new Set(Object.values(outputs).map((tensor) => tensor.name));
    for (const node of this.nodes.toReversed()) {
      if (needed.has(node.name)) node.inputs.forEach((input) => needed.add(input));
    }
    const graph: Graph = {
      nodes: this.nodes.filter((node) => needed.has(node.name) || node.operation.op === 'Input'),
      outputs: Object.entries(outputs).map(([name, tensor]) => ({ name, node: tensor.name })),
    };
    verifyGraph(graph);
    return graph;
  }

  /** Elementwise operations stretch by themselves: where the other input already has the full shape, an Expand before them is idle. */
  #elementwise(op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min', left: Tensor, right: Tensor): Tensor {
    const first = this.#unstretched(left, right);
    return this.apply({ op }, [first, this.#unstretched(right, first)]);
  }

  #unstretched(x: Tensor, other: Tensor): Tensor {
    const node = this.#nodes.get(x.name);
    if (node?.operation.op !== 'Expand') return x;
    const source = this.#nodes.get(node.inputs[0]!)!;
    const reached = broadcastShapes(source.shape, other.shape);
    return reached !== null && shapesAreEqual(reached, node.shape) ? source : x;
  }
}

/** Whether an order of axes swaps the last two and leaves the others. */
export function swapsLastAxes(permutation: readonly number[]): boolean {
  const last = permutation.length - 1;
  return permutation.every((from, axis) => from === (axis === last ? last - 1 : axis === last - 1 ? last : axis));
}
