import { describe, expect, test } from 'vitest';
import { inputShapesOf } from '../../../../src/scheduling/graph/graph.js';
import { GraphBuilder } from '../../../../src/scheduling/graph/graph-builder.js';
import type { GraphRunner } from '../../../../src/scheduling/learning/graph-runner.js';
import {
  createLearner,
  LEARNING_METHODS,
  type LearningMethod,
  type LearnerState,
  PAPER_LEARNING,
} from '../../../../src/scheduling/learning/learner.js';
import { LearnerUpdates } from '../../../../src/scheduling/learning/learner-updates.js';
import { buildPolicyGraph } from '../../../../src/scheduling/learning/policy-graph.js';
import { type PolicyPort, sortPolicyPorts, sortPorts, takeOutput, type UpdatePort } from '../../../../src/scheduling/learning/ports.js';
import { createRandom } from '../../../../src/random/random.js';
import { openInterpretedGraph } from '../../../support/interpreted-graph.js';

const sizes = { agents: 2, servers: 2, stateSize: 4, batchSize: 3, hiddenSize: 3 };
const noise = { take: (count: number) => new Float32Array(count) };

const makeLearner = (method: LearningMethod) => createLearner(method, { ...PAPER_LEARNING, ...sizes });

function openUpdates(method: LearningMethod, change: { shapes?: GraphRunner['inputShapes']; state?: Partial<LearnerState> } = {}) {
  const { stateNames, initialize, buildUpdate } = makeLearner(method);
  const update: GraphRunner = { inputShapes: { ...inputShapesOf(buildUpdate()), ...change.shapes }, run: async () => ({}) };
  const state = { ...initialize(createRandom(1)), ...change.state };
  return new LearnerUpdates({ stateNames, state, updateCount: 0, update, noise });
}

describe.each(LEARNING_METHODS)('the graphs of %s', (method) => {
  test('have ports and nothing else', () => {
    expect(openUpdates(method).batchSize).toBe(3);
    const shapes = inputShapesOf(buildPolicyGraph(makeLearner(method).actor, sizes));
    const ports = sortPolicyPorts(shapes, 'fed');
    expect(
      Object.values(ports)
        .flatMap((group) => group.map(({ name }) => name))
        .sort(),
    ).toEqual(Object.keys(shapes).sort());
  });
});

test.each([
  ['lad-ts', { latents: ['latents'], noise: ['noise'] }],
  ['d2sac-ts', { latents: [], noise: ['gaussianStart', 'noise'] }],
  ['sac-ts', { latents: [], noise: [] }],
] as const)('only what %s declares as noise is noise', (method, expected) => {
  const { latents, noise: noisePorts } = sortPolicyPorts(inputShapesOf(buildPolicyGraph(makeLearner(method).actor, sizes)), 'fed');
  expect({ latents: latents.map(({ name }) => name), noise: noisePorts.map(({ name }) => name) }).toEqual(expected);
});

describe('a border', () => {
  test('refuses an unknown input in place of filling it with noise', () => {
    expect(() => openUpdates('lad-ts', { shapes: { nosie: [4] } })).toThrow(
      /^The graph of the update takes an input that is no port: nosie\. Ports: state \(actor, .*batch \(states, .*noise \(noise, /,
    );
    expect(() => sortPolicyPorts({ actor: [1], states: [1, 1, 1], continues: [1] }, 'fed')).toThrow(/graph of the policy .* continues\./);
  });

  test('refuses a graph that lacks what every one has', () => {
    expect(() => sortPolicyPorts({ states: [1, 1, 1] }, 'fed')).toThrow('The graph of the policy lacks the input actor. It takes: states.');
    expect(sortPolicyPorts({ states: [1, 1, 1] }, 'inside').observation).toEqual([{ name: 'states', length: 1 }]);
    const rules = { graph: 'graph', groups: { batch: ['rewards', 'notDone'] } } as const;
    expect(() => sortPorts({ rewards: [1] }, rules)).toThrow('The graph lacks the input notDone. It takes: rewards.');
  });

  test('refuses a state of other sizes, and one with a part missing', () => {
    expect(() => openUpdates('dqn-ts', { state: { actor: new Float32Array(3) } })).toThrow(
      /^The state's actor has 3 numbers, and the graph of the update takes \d+$/,
    );
    const { targetActor: _, ...rest } = makeLearner('dqn-ts').initialize(createRandom(1));
    const { stateNames, buildUpdate } = makeLearner('dqn-ts');
    const update: GraphRunner = { inputShapes: inputShapesOf(buildUpdate()), run: async () => ({}) };
    expect(() => new LearnerUpdates({ stateNames, state: rest, updateCount: 0, update, noise })).toThrow(
      /^The state's targetActor has no /,
    );
  });

  test('names an output that is not given', () => {
    expect(() => takeOutput({ loss: Float32Array.of(1) }, 'probabilities', 'graph of the policy')).toThrow(
      'The graph of the policy gives no output probabilities. It gives: loss.',
    );
  });

  test('of the interpreter refuses values for no input', async () => {
    const builder = new GraphBuilder<'x'>();
    const { run } = await openInterpretedGraph(builder.finish({ y: builder.neg(builder.input('x', [1])) }));
    expect(() => run({ x: Float32Array.of(1), z: Float32Array.of(1) })).toThrow('The graph has no input z. It has: x.');
  });
});

test('an unknown name is a type error where graphs are built', () => {
  const update = new GraphBuilder<UpdatePort>();
  update.input('notDone', [1]);
  // @ts-expect-error -- no port of an update
  update.input('continues', [1]);
  const policy = new GraphBuilder<PolicyPort>();
  policy.input('states', [1]);
  // @ts-expect-error -- no port of a policy
  policy.input('state', [1]);
  expect([update.nodes.length, policy.nodes.length]).toEqual([2, 2]);
});
