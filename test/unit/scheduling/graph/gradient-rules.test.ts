import { describe, expect, test } from 'vitest';
import { differentiate } from '../../../../src/scheduling/graph/differentiate.js';
import { countElements, type OperationName, type Shape } from '../../../../src/scheduling/graph/graph.js';
import { GraphBuilder, type Tensor } from '../../../../src/scheduling/graph/graph-builder.js';
import { gradientRules } from '../../../../src/scheduling/graph/gradient-rules.js';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { createRandom } from '../../../../src/random/random.js';

interface RuleCase {
  op: OperationName;
  name: string;
  inputs: readonly Shape[];
  build: (builder: GraphBuilder, inputs: readonly Tensor[]) => Tensor;
  /** Range of the random inputs; positive where the function asks for it. */
  range?: readonly [number, number];
}

const cases: readonly RuleCase[] = [
  { op: 'Add', name: 'of two shapes that broadcast', inputs: [[2, 3, 1], [4]], build: (b, [x, y]) => b.add(x!, y!) },
  {
    op: 'Sub',
    name: 'with the first input stretched',
    inputs: [
      [1, 3],
      [2, 3],
    ],
    build: (b, [x, y]) => b.sub(x!, y!),
  },
  {
    op: 'Mul',
    name: 'with the second input stretched',
    inputs: [
      [2, 3],
      [1, 3],
    ],
    build: (b, [x, y]) => b.mul(x!, y!),
  },
  { op: 'Mul', name: 'of a tensor with itself', inputs: [[2, 3]], build: (b, [x]) => b.mul(x!, x!) },
  { op: 'Mul', name: 'by a scalar', inputs: [[2, 3], []], build: (b, [x, y]) => b.mul(x!, y!) },
  {
    op: 'Div',
    name: 'by a stretched divisor',
    inputs: [
      [2, 3],
      [2, 1],
    ],
    build: (b, [x, y]) => b.div(x!, y!),
    range: [0.5, 2],
  },
  { op: 'Min', name: 'of two tensors', inputs: [[3, 4], [4]], build: (b, [x, y]) => b.smaller(x!, y!) },
  { op: 'Neg', name: 'of a matrix', inputs: [[2, 3]], build: (b, [x]) => b.neg(x!) },
  { op: 'Exp', name: 'of a matrix', inputs: [[2, 3]], build: (b, [x]) => b.exp(x!) },
  { op: 'Log', name: 'of positive numbers', inputs: [[2, 3]], build: (b, [x]) => b.log(x!), range: [0.5, 2] },
  { op: 'Sqrt', name: 'of positive numbers', inputs: [[2, 3]], build: (b, [x]) => b.sqrt(x!), range: [0.5, 2] },
  { op: 'Relu', name: 'on both sides of zero', inputs: [[4, 5]], build: (b, [x]) => b.relu(x!) },
  { op: 'Clip', name: 'inside and outside its range', inputs: [[4, 5]], build: (b, [x]) => b.clip(x!, -0.5, 0.5) },
  { op: 'Softmax', name: 'over the last axis', inputs: [[2, 3, 4]], build: (b, [x]) => b.softmax(x!, 2) },
  { op: 'Softmax', name: 'times a factor', inputs: [[2, 3, 4]], build: (b, [x]) => b.softmax(x!, 1, -2.5) },
  { op: 'Softmax', name: 'over a middle axis', inputs: [[2, 3, 4]], build: (b, [x]) => b.softmax(x!, 1) },
  {
    op: 'MatMul',
    name: 'of two matrices',
    inputs: [
      [3, 4],
      [4, 2],
    ],
    build: (b, [x, y]) => b.matMul(x!, y!),
  },
  {
    op: 'MatMul',
    name: 'with leading axes stretched',
    inputs: [
      [3, 2, 4],
      [2, 1, 4, 5],
    ],
    build: (b, [x, y]) => b.matMul(x!, y!),
  },
  { op: 'ReduceSum', name: 'over two axes', inputs: [[2, 3, 4]], build: (b, [x]) => b.sum(x!, [0, 2]) },
  { op: 'ReduceSum', name: 'as a mean', inputs: [[2, 3, 4]], build: (b, [x]) => b.mean(x!, [1]) },
  { op: 'Reshape', name: 'to another rank', inputs: [[2, 6]], build: (b, [x]) => b.reshape(x!, [3, 1, 4]) },
  { op: 'Expand', name: 'along a new and an old axis', inputs: [[3, 1]], build: (b, [x]) => b.expand(x!, [2, 3, 4]) },
  {
    op: 'MatMul',
    name: 'of swapped factors, swapped',
    inputs: [
      [4, 3],
      [2, 4],
    ],
    build: (b, [x, y]) => b.swapLastAxes(b.matMul(b.swapLastAxes(x!), b.swapLastAxes(y!))),
  },
  { op: 'Transpose', name: 'of the last two axes', inputs: [[2, 3, 4]], build: (b, [x]) => b.swapLastAxes(x!) },
  { op: 'Transpose', name: 'of three axes', inputs: [[2, 3, 4]], build: (b, [x]) => b.transpose(x!, [2, 0, 1]) },
  { op: 'Slice', name: 'from the middle of an axis', inputs: [[2, 5]], build: (b, [x]) => b.slice(x!, 1, 1, 4) },
  { op: 'Slice', name: 'from the start of an axis', inputs: [[4, 2]], build: (b, [x]) => b.slice(x!, 0, 0, 2) },
  {
    op: 'Concat',
    name: 'of three parts',
    inputs: [
      [2, 1],
      [2, 3],
      [2, 2],
    ],
    build: (b, parts) => b.concat(parts, 1),
  },
];

/** Builds `sum(weights * f(inputs))` with random weights, so that every element of the result pulls differently, and its gradients. */
function buildCase(ruleCase: RuleCase): {
  feeds: Record<string, number[]>;
  run: (feeds: Record<string, number[]>) => Record<string, number[]>;
} {
  const random = createRandom(7);
  const [low, high] = ruleCase.range ?? [-1, 1];
  const draw = (shape: Shape): number[] => Array.from({ length: countElements(shape) }, () => low + (high - low) * random.nextFloat());
  const builder = new GraphBuilder();
  const inputs = ruleCase.inputs.map((shape, index) => builder.input(`x${index}`, shape));
  const result = ruleCase.build(builder, inputs);
  const weighted = builder.mul(result, builder.constant(draw(result.shape), result.shape));
  const loss = builder.sum(
    weighted,
    result.shape.map((_, axis) => axis),
  );
  const gradients = differentiate(builder, loss, inputs);
  const graph = builder.finish({ loss, ...Object.fromEntries(gradients.map((gradient, index) => [`gradient${index}`, gradient])) });
  return {
    feeds: Object.fromEntries(inputs.map((input) => [input.name, draw(input.shape)])),
    run: (feeds) => Object.fromEntries(Object.entries(interpretGraph(graph, feeds)).map(([name, { values }]) => [name, [...values]])),
  };
}

/** The central difference of the loss by one element. */
function differenceQuotient(
  run: ReturnType<typeof buildCase>['run'],
  feeds: Record<string, number[]>,
  input: string,
  element: number,
): number {
  const step = 1e-6;
  const lossAt = (shift: number): number => {
    const values = feeds[input]!;
    return run({ ...feeds, [input]: values.with(element, values[element]! + shift) })['loss']![0]!;
  };
  return (lossAt(step) - lossAt(-step)) / (2 * step);
}

describe('gradient rules', () => {
  test.each(cases)('the gradient of $op $name agrees with finite differences', (ruleCase) => {
    const { feeds, run } = buildCase(ruleCase);
    const outputs = run(feeds);
    ruleCase.inputs.forEach((_, index) => {
      const gradient = outputs[`gradient${index}`]!;
      expect(gradient).toHaveLength(feeds[`x${index}`]!.length);
      gradient.forEach((slope, element) => {
        const expected = differenceQuotient(run, feeds, `x${index}`, element);
        expect(Math.abs(slope - expected)).toBeLessThan(1e-5 * Math.max(Math.abs(expected), 0.1));
      });
    });
  });

  test('every rule of the table has a case here', () => {
    const covered = new Set<string>(cases.map((ruleCase) => ruleCase.op));
    expect(Object.keys(gradientRules).filter((op) => !covered.has(op))).toEqual([]);
  });
});

describe('differentiate', () => {
  test('shares the gradient of a tie between both inputs of a minimum', () => {
    const builder = new GraphBuilder();
    const inputs = [builder.input('x', [1]), builder.input('y', [1])];
    const [byX, byY] = differentiate(builder, builder.smaller(inputs[0]!, inputs[1]!), inputs);
    const outputs = interpretGraph(builder.finish({ byX: byX!, byY: byY! }), { x: [3], y: [3] });
    expect([outputs['byX']!.values[0], outputs['byY']!.values[0]]).toEqual([0.5, 0.5]);
  });

  test('adds up the gradients of a tensor that is used twice', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [1]);
    const loss = builder.add(builder.mul(x, x), builder.scale(x, 4));
    const [slope] = differentiate(builder, loss, [x]);
    expect(interpretGraph(builder.finish({ slope: slope! }), { x: [3] })['slope']!.values[0]).toBe(10);
  });

  test('lets no gradient through a stop', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [1]);
    const [slope] = differentiate(builder, builder.mul(x, builder.stopGradient(x)), [x]);
    expect(interpretGraph(builder.finish({ slope: slope! }), { x: [3] })['slope']!.values[0]).toBe(3);
  });

  test('names the operation that has no rule', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2]);
    expect(() => differentiate(builder, builder.sign(x), [x])).toThrow('Sign has no gradient rule');
  });

  test('names the tensor that the loss does not depend on', () => {
    const builder = new GraphBuilder();
    const [x, y] = [builder.input('x', [2]), builder.input('y', [2])];
    expect(() => differentiate(builder, builder.exp(x), [y])).toThrow('does not depend on y');
  });
});
