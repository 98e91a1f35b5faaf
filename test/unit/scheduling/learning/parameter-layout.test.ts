import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../../src/scheduling/graph/graph-builder.js';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { createLadnActor } from '../../../../src/scheduling/learning/ladn.js';
import { PAPER_LEARNING } from '../../../../src/scheduling/learning/learner.js';
import { createMlpLayout } from '../../../../src/scheduling/learning/mlp.js';
import {
  countParameters,
  initializeParameters,
  packParameters,
  unpackParameters,
} from '../../../../src/scheduling/learning/parameter-layout.js';
import { createRandom } from '../../../../src/random/random.js';

const layout = createMlpLayout({ inputs: 3, hidden: 2, outputs: 4 });

test("the paper's networks have 2,020 and 1,300 parameters", () => {
  expect(countParameters(createLadnActor({ ...PAPER_LEARNING, servers: 20, stateSize: 22 }).layout)).toBe(2020);
  expect(countParameters(createMlpLayout({ inputs: 22, hidden: 20, outputs: 20 }))).toBe(1300);
});

test('parameters that are unpacked and packed again are the same', () => {
  const builder = new GraphBuilder();
  const packed = builder.input('packed', [2, countParameters(layout)]);
  const graph = builder.finish({ again: packParameters(builder, [...unpackParameters(builder, packed, layout).values()]) });
  const values = initializeParameters(layout, 2, createRandom(1));
  expect([...interpretGraph(graph, { packed: values })['again']!.values]).toEqual([...values]);
});

test('first parameters lie within one over the root of their layer inputs, on both sides of zero', () => {
  const values = initializeParameters(createMlpLayout({ inputs: 4, hidden: 100, outputs: 4 }), 1, createRandom(1));
  const firstLayer = values.subarray(0, 500);
  const secondLayer = values.subarray(500, 500 + 10_100);
  expect(Math.max(...firstLayer)).toBeLessThanOrEqual(0.5);
  expect(Math.max(...firstLayer)).toBeGreaterThan(0.45);
  expect(Math.min(...secondLayer)).toBeGreaterThanOrEqual(-0.1);
  expect(Math.min(...secondLayer)).toBeLessThan(-0.09);
});

test('the same seed gives the same first parameters, another seed others', () => {
  const draw = (seed: number): Float32Array => initializeParameters(layout, 2, createRandom(seed));
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
});
