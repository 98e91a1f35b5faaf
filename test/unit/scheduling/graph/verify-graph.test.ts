import { expect, test } from 'vitest';
import type { Graph, GraphNode } from '../../../../src/scheduling/graph/graph.js';
import { GraphBuilder } from '../../../../src/scheduling/graph/graph-builder.js';
import { verifyGraph } from '../../../../src/scheduling/graph/verify-graph.js';

const x: GraphNode = { name: 'x', operation: { op: 'Input' }, inputs: [], shape: [2, 3] };
const y: GraphNode = { name: 'y', operation: { op: 'Exp' }, inputs: ['x'], shape: [2, 3] };

function makeGraph(nodes: readonly GraphNode[], outputs: Graph['outputs'] = [{ name: 'out', node: nodes.at(-1)!.name }]): Graph {
  return { nodes, outputs };
}

test('a sound graph passes', () => {
  expect(() => verifyGraph(makeGraph([x, y]))).not.toThrow();
});

test('a name used twice is reported', () => {
  expect(() => verifyGraph(makeGraph([x, x]))).toThrow('Graph node x (Input): its name is taken');
});

test('an input that is not defined is reported with the node that reads it', () => {
  expect(() => verifyGraph(makeGraph([x, { ...y, inputs: ['z'] }]))).toThrow('Graph node y (Exp): reads z, which is not defined');
});

test('a cycle is reported', () => {
  const looped: GraphNode[] = [x, { ...y, operation: { op: 'Add' }, inputs: ['x', 'z'] }, { ...y, name: 'z', inputs: ['y'] }];
  expect(() => verifyGraph(makeGraph(looped))).toThrow('Graph node y (Add): reads z, which is not before it: a cycle');
});

test('a shape that does not follow from the inputs is reported with both shapes', () => {
  expect(() => verifyGraph(makeGraph([x, { ...y, shape: [3, 2] }]))).toThrow('says [3, 2] where its inputs give [2, 3]');
});

test('an axis of size zero is reported', () => {
  expect(() => verifyGraph(makeGraph([{ ...x, shape: [0] }]))).toThrow('[0] is no shape');
});

test('a constant that is not finite is reported', () => {
  const constant: GraphNode = { name: 'c', operation: { op: 'Constant', values: [NaN] }, inputs: [], shape: [1] };
  expect(() => verifyGraph(makeGraph([constant]))).toThrow('Graph node c (Constant): holds a value that is not finite');
});

test('an output without a node is reported', () => {
  expect(() => verifyGraph(makeGraph([x, y], [{ name: 'out', node: 'z' }]))).toThrow('Graph output out: its node z is not defined');
});

test('an output that takes the name of another node is reported', () => {
  expect(() => verifyGraph(makeGraph([x, y], [{ name: 'x', node: 'y' }]))).toThrow('Graph output x: its name is taken by a node');
});

test('a graph without outputs is reported', () => {
  expect(() => verifyGraph(makeGraph([x], []))).toThrow('no output');
});

test.each<[string, (builder: GraphBuilder) => unknown, string]>([
  ['an elementwise operation', (b) => b.add(b.input('p', [2]), b.input('q', [3])), '(Add) of [2] and [3]: the shapes do not broadcast'],
  ['a matrix product', (b) => b.matMul(b.input('p', [2, 3]), b.input('q', [2, 3])), 'the inner sizes 3 and 2 differ'],
  ['a reshape', (b) => b.reshape(b.input('p', [2, 3]), [5]), 'cannot take the shape [5]'],
  ['an expansion', (b) => b.expand(b.input('p', [2, 3]), [4, 3]), 'cannot stretch to [4, 3]'],
  ['a slice', (b) => b.slice(b.input('p', [2, 3]), 1, 2, 4), 'the range 2 to 4 is not inside axis 1'],
  ['a sum', (b) => b.sum(b.input('p', [2, 3]), [2]), 'has no axis 2'],
  ['a transposition', (b) => b.transpose(b.input('p', [2, 3]), [0, 0]), '[0, 0] is no order of its axes'],
  ['a concatenation', (b) => b.concat([b.input('p', [2, 3]), b.input('q', [3, 3])], 1), 'differ in more than axis 1'],
  ['a constant', (b) => b.constant([1, 2], [3]), '2 values do not fill [3]'],
  ['a clip', (b) => b.clip(b.input('p', [2]), 1, 0), 'the range 1 to 0 is empty'],
])('%s of wrong shape is refused when it is built', (_, build, message) => {
  expect(() => build(new GraphBuilder())).toThrow(message);
});

test('a tensor of another builder is refused', () => {
  const stranger = new GraphBuilder().input('stranger', [2]);
  expect(() => new GraphBuilder().exp(stranger)).toThrow('stranger is not of this graph');
});

test('nodes that no output needs are left out', () => {
  const builder = new GraphBuilder();
  const input = builder.input('p', [2]);
  builder.exp(input);
  expect(builder.finish({ out: builder.neg(input) }).nodes.map((node) => node.operation.op)).toEqual(['Input', 'Neg']);
});

test('an elementwise operation takes a stretched input unstretched, but never both', () => {
  const builder = new GraphBuilder();
  const wide = builder.expand(builder.input('p', [1, 3]), [2, 3]);
  const both = builder.mul(wide, wide);
  expect(both.shape).toEqual([2, 3]);
  const graph = builder.finish({ both, one: builder.mul(wide, builder.input('q', [2, 3])) });
  expect(graph.nodes.filter((node) => node.operation.op === 'Mul').map((node) => node.inputs)).toEqual([
    ['p', 'Expand_1'],
    ['p', 'q'],
  ]);
});
