import { expect, test } from 'vitest';
import type { Graph } from '../../../../src/scheduling/graph/graph.js';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { createLearner, LEARNING_METHODS, type LearningMethod, PAPER_LEARNING } from '../../../../src/scheduling/learning/learner.js';
import { buildPolicyGraph } from '../../../../src/scheduling/learning/policy-graph.js';
import { createRandom } from '../../../../src/random/random.js';

const sizes = { agents: 2, batchSize: 3, stateSize: 6 };
const servers = 4;

function makePolicy(method: LearningMethod) {
  const learner = createLearner(method, { ...PAPER_LEARNING, ...sizes, servers });
  const parameters = learner.initialize(createRandom(1)).actor;
  return { learner, parameters, graph: buildPolicyGraph(learner.actor, sizes) };
}

/** Values for every input but the parameters, the same for the same name. */
function drawInputs(graph: Graph): Record<string, number[]> {
  const inputs = graph.nodes.filter((node) => node.operation.op === 'Input' && node.name !== 'actor');
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const random = createRandom(name.length);
      return [name, Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.nextFloat() * 2 - 1)];
    }),
  );
}

function rowsOf(values: ArrayLike<number>): number[][] {
  const all = Array.from(values);
  return Array.from({ length: all.length / servers }, (_, row) => all.slice(row * servers, (row + 1) * servers));
}

test.each(LEARNING_METHODS)('%s gives probabilities for every observation', (method) => {
  const { graph, parameters } = makePolicy(method);
  const output = interpretGraph(graph, { ...drawInputs(graph), actor: parameters })['probabilities']!;
  expect(output.shape).toEqual([2, 3, servers]);
  for (const row of rowsOf(output.values)) {
    expect(row.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
  }
});

test.each(LEARNING_METHODS)("%s decides for an agent without looking at another agent's parameters", (method) => {
  const { graph, parameters } = makePolicy(method);
  const inputs = drawInputs(graph);
  const changed = parameters.map((value, index) => (index < parameters.length / 2 ? value : value + 1));
  const [before, after] = [parameters, changed].map((actor) => interpretGraph(graph, { ...inputs, actor })['probabilities']!.values);
  expect(after!.slice(0, 12)).toEqual(before!.slice(0, 12));
});

test.each(LEARNING_METHODS)('%s decides the same with its parameters written into the graph', (method) => {
  const { learner, graph, parameters } = makePolicy(method);
  const inputs = drawInputs(graph);
  const alone = buildPolicyGraph(learner.actor, { ...sizes, parameters });
  expect(interpretGraph(alone, inputs)).toEqual(interpretGraph(graph, { ...inputs, actor: parameters }));
});

test('LAD-TS starts from the latent: another one gives other probabilities', () => {
  const { graph, parameters } = makePolicy('lad-ts');
  const inputs: Record<string, ArrayLike<number>> = { ...drawInputs(graph), actor: parameters };
  const shifted = { ...inputs, latents: Array.from(inputs['latents']!, (x, index) => (index === 0 ? x + 0.1 : x)) };
  const [before, after] = [inputs, shifted].map((feeds) => rowsOf(interpretGraph(graph, feeds)['probabilities']!.values));
  expect(after![0]).not.toEqual(before![0]);
  expect(after!.slice(1)).toEqual(before!.slice(1));
});

test('LAD-TS with a single denoising step asks for no noise', () => {
  const learner = createLearner('lad-ts', { ...PAPER_LEARNING, ...sizes, servers, denoisingSteps: 1 });
  const names = buildPolicyGraph(learner.actor, sizes).nodes.flatMap((node) => (node.operation.op === 'Input' ? [node.name] : []));
  expect(names.sort()).toEqual(['actor', 'latents', 'states']);
});

test('DQN-TS puts all probability on the action of the highest value', () => {
  const { graph, parameters } = makePolicy('dqn-ts');
  const rows = rowsOf(interpretGraph(graph, { ...drawInputs(graph), actor: parameters })['probabilities']!.values);
  for (const row of rows) expect(row.toSorted()).toEqual([0, 0, 0, 1]);
});
