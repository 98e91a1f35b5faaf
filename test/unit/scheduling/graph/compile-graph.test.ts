import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/random/random.js';
import { compileGraph } from '../../../../src/scheduling/graph/compile-graph.js';
import { countElements, type Graph, inputShapesOf } from '../../../../src/scheduling/graph/graph.js';
import { GraphBuilder } from '../../../../src/scheduling/graph/graph-builder.js';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { createLearner, LEARNING_METHODS, PAPER_LEARNING } from '../../../../src/scheduling/learning/learner.js';
import { buildPolicyGraph } from '../../../../src/scheduling/learning/policy-graph.js';

/** Every operation, with inputs that stretch. */
function buildAllOperations(): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', [2, 3, 4]);
  const y = b.input('y', [3, 1]);
  const positive = b.add(b.exp(b.clip(x, -1, 1)), b.scalar(0.5));
  const joined = b.concat([b.add(x, y), b.sub(x, y), b.slice(b.mul(x, y), 1, 0, 2)], 1);
  return b.finish({
    joined,
    quotient: b.div(positive, b.expand(b.scalar(3), [2, 3, 4])),
    smaller: b.smaller(x, y),
    unary: b.add(b.neg(b.relu(x)), b.add(b.sign(x), b.add(b.step(x), b.add(b.log(positive), b.sqrt(positive))))),
    softmax: b.softmax(b.stopGradient(x), 1, -2),
    product: b.matMul(b.swapLastAxes(x), b.reshape(b.slice(x, 0, 0, 1), [1, 3, 4])),
    reduced: b.add(b.sum(x, [0, 2]), b.add(b.max(x, [0, 2]), b.min(x, [0, 2]))),
    transposed: b.transpose(x, [2, 0, 1]),
  });
}

function drawFeeds(graph: Graph, seed: number): Record<string, number[]> {
  const random = createRandom(seed);
  return Object.fromEntries(
    Object.entries(inputShapesOf(graph)).map(([name, shape]) => [
      name,
      Array.from({ length: countElements(shape) }, () => 4 * random.nextFloat() - 2),
    ]),
  );
}

describe('a compiled graph', () => {
  it('gives the bits of the interpreter for every operation, run after run', () => {
    const graph = buildAllOperations();
    const compiled = compileGraph(graph);
    for (const seed of [1, 2, 1]) {
      const feeds = drawFeeds(graph, seed);
      const expected = interpretGraph(graph, feeds);
      const outputs = compiled.run(feeds);
      for (const [name, { values }] of Object.entries(expected)) expect([name, ...outputs[name]!]).toEqual([name, ...values]);
    }
  });

  it.each(LEARNING_METHODS)('gives the bits of the interpreter for the policy of %s, its parameters fixed', (method) => {
    const sizes = { agents: 1, servers: 3, stateSize: 5 };
    const graph = buildPolicyGraph(createLearner(method, { ...PAPER_LEARNING, ...sizes }).actor, { ...sizes, batchSize: 1 });
    const compiled = compileGraph(graph, ['actor']);
    for (const seed of [3, 4]) {
      const { actor, ...feeds } = drawFeeds(graph, seed);
      compiled.fix({ actor: actor! });
      expect([...compiled.run(feeds)['probabilities']!]).toEqual([
        ...interpretGraph(graph, { actor: actor!, ...feeds })['probabilities']!.values,
      ]);
    }
  });

  it('refuses values that are missing, too long, or of no input', () => {
    const graph = buildAllOperations();
    const compiled = compileGraph(graph, ['y']);
    const { x, y } = drawFeeds(graph, 1);
    expect(() => compiled.run({ x: x!, y: y! })).toThrow('no input y of the live ones');
    expect(() => compiled.run({})).toThrow('Graph input x: no value was given');
    expect(() => compiled.fix({ y: [1] })).toThrow('Graph input y: 1 values do not fill [3, 1]');
  });
});
