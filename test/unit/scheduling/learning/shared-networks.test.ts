import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/random/random.js';
import { createNetworkDecider } from '../../../../src/scheduling/decisions/network-decider.js';
import { differentiate } from '../../../../src/scheduling/graph/differentiate.js';
import { GraphBuilder } from '../../../../src/scheduling/graph/graph-builder.js';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { createScorerCritic } from '../../../../src/scheduling/learning/critic.js';
import { createLearner, type LearningMethod, PAPER_LEARNING } from '../../../../src/scheduling/learning/learner.js';
import { countParameters, initializeParameters, unpackParameters } from '../../../../src/scheduling/learning/parameter-layout.js';
import { testbedTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';

const SHARED_METHODS = ['lad-ts', 'd2sac-ts', 'sac-ts'] as const satisfies readonly LearningMethod[];

function makeNetwork(method: LearningMethod, servers: number, parameters: ArrayLike<number>) {
  const decider = createNetworkDecider({ method, settings: testbedTrainingSettings(method), servers, stateSize: 1 + servers });
  decider.setParameters(parameters);
  return decider;
}

const layoutOf = (method: LearningMethod, servers: number) =>
  createLearner(method, { ...testbedTrainingSettings(method), agents: 1, servers, stateSize: 1 + servers }).actor.layout;

describe.each(SHARED_METHODS)('the network of %s that is shared by the servers', (method) => {
  const parameters = initializeParameters(layoutOf(method, 5), 1, createRandom(1));

  it('has as many parameters for three servers as for twenty', () => {
    expect(countParameters(layoutOf(method, 3))).toBe(countParameters(layoutOf(method, 20)));
  });

  it('gives servers in another order their probabilities in that order', () => {
    const probabilities = [...makeNetwork(method, 4, parameters).decide([0.5, 0, 1, 2, 4])];
    const turned = makeNetwork(method, 4, parameters).decide([0.5, 4, 0, 1, 2]);
    expect(probabilities.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    for (const [server, from] of [3, 0, 1, 2].entries()) expect(turned[server]).toBeCloseTo(probabilities[from]!, 12);
  });

  it('gives equal servers equal probabilities, however many they are', () => {
    for (const servers of [2, 7]) {
      const state = [0.3, ...new Array<number>(servers).fill(1)];
      for (const probability of makeNetwork(method, servers, parameters).decide(state)) expect(probability).toBeCloseTo(1 / servers, 12);
    }
  });
});

describe('a critic that is shared by the servers', () => {
  it('has the gradients of finite differences', () => {
    const sizes = { servers: 3, stateSize: 1 + 2 * 3, hiddenSize: 4 };
    const critic = createScorerCritic(sizes);
    const count = countParameters(critic.layout);
    const b = new GraphBuilder();
    const packed = b.input('parameters', [2, 1, count]);
    const states = b.input('states', [1, sizes.stateSize, 5]);
    const values = critic.buildValues(b, unpackParameters(b, packed, critic.layout), states);
    expect(values.shape).toEqual([2, 1, 3, 5]);
    const loss = b.sum(b.mul(values, values), [0, 1, 2, 3]);
    const [gradient] = differentiate(b, loss, [packed]);
    const graph = b.finish({ loss, gradient: gradient! });
    const random = createRandom(3);
    const feeds = {
      parameters: Array.from({ length: 2 * count }, () => random.nextFloat() - 0.5),
      states: Array.from({ length: 5 * sizes.stateSize }, () => random.nextFloat()),
    };
    const lossAt = (index: number, change: number): number =>
      interpretGraph(graph, { ...feeds, parameters: feeds.parameters.with(index, feeds.parameters[index]! + change) })['loss']!.values[0]!;
    const gradients = interpretGraph(graph, feeds)['gradient']!.values;
    for (let index = 0; index < 2 * count; index++) {
      expect(gradients[index]).toBeCloseTo((lossAt(index, 1e-5) - lossAt(index, -1e-5)) / 2e-5, 5);
    }
  });
});

it('DQN-TS has no shared network', () => {
  expect(() => createLearner('dqn-ts', { ...PAPER_LEARNING, network: 'shared', agents: 1, servers: 3, stateSize: 4 })).toThrow('DQN-TS');
});
