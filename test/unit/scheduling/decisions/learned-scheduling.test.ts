import { describe, expect, it } from 'vitest';
import { createLearner, type LearningMethod } from '../../../../src/scheduling/learning/learner.js';
import { countParameters } from '../../../../src/scheduling/learning/parameter-layout.js';
import { paperTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';
import type { LearnedPolicyDescription } from '../../../../src/scheduling/decisions/learned-policy-description.js';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../../src/scheduling/decisions/learned-scheduling.js';
import type { EdgeServerView, SchedulableTask } from '../../../../src/scheduling/policies/policy.js';
import { createRandom } from '../../../../src/random/random.js';

const SERVERS = 3;
const STATE_SIZE = 2 + SERVERS;
const HIDDEN = 4;
const settingsOf = (method: LearningMethod) => ({ ...paperTrainingSettings(method), hiddenSize: HIDDEN });

function sizeOf(method: LearningMethod): number {
  const sizes = { agents: 1, servers: SERVERS, stateSize: STATE_SIZE };
  return countParameters(createLearner(method, { ...settingsOf(method), ...sizes }).actor.layout);
}

function describePolicy(method: LearningMethod, change: Partial<LearnedPolicyDescription> = {}): LearnedPolicyDescription {
  return {
    method,
    baseStations: SERVERS,
    settings: settingsOf(method),
    work: { fixedGigacycles: 3.8, gigacyclesPerStep: 1 },
    meanQualitySteps: 14.5,
    parameters: new Array<number>(sizeOf(method)).fill(0),
    ...change,
  };
}

const create = (description: LearnedPolicyDescription) =>
  createLearnedSchedulingPolicy(parseLearnedPolicy(JSON.stringify(description), SERVERS));
const edgeServer = (change: Partial<EdgeServerView> = {}): EdgeServerView => ({
  fixedSec: 3.8,
  secPerStep: 1,
  backlogSec: 0,
  linkMbps: 1000,
  isReachable: true,
  ...change,
});
const tasks = (count: number): SchedulableTask[] =>
  Array.from({ length: count }, (_, index) => ({ id: `t${index}`, qualitySteps: 14, inputBits: 500 }));

/** A perceptron without weights whose logits are the last layer's biases. */
function biased(...biases: number[]): number[] {
  const parameters = new Array<number>(sizeOf('sac-ts')).fill(0);
  return [...parameters.slice(0, -SERVERS), ...biases];
}

function choose(description: LearnedPolicyDescription, count: number, edgeServers: EdgeServerView[], seed = 1): number[] {
  const decisions = create(description).decideBatch(tasks(count), { selfIndex: 0, edgeServers }, createRandom(seed));
  return decisions.map(({ edgeServerIndex }) => edgeServerIndex);
}

const equal = [edgeServer(), edgeServer(), edgeServer()];

describe('a learned policy in an agent', () => {
  it.each(['lad-ts', 'd2sac-ts', 'sac-ts', 'dqn-ts'] as const)('decides each task once, and the same from the same seed: %s', (method) => {
    const random = createRandom(5);
    const parameters = Array.from({ length: sizeOf(method) }, () => random.nextFloat() - 0.5);
    const description = describePolicy(method, { parameters });
    const chosen = choose(description, 30, equal);
    expect(chosen).toHaveLength(30);
    expect(chosen.every((server) => server >= 0 && server < SERVERS)).toBe(true);
    expect(choose(description, 30, equal)).toEqual(chosen);
  });

  it('goes where its network says', () => {
    expect(choose(describePolicy('sac-ts', { parameters: biased(0, 50, 0) }), 5, equal)).toEqual([1, 1, 1, 1, 1]);
  });

  it('never goes where no one answers', () => {
    const servers = [edgeServer(), edgeServer({ isReachable: false }), edgeServer()];
    expect(choose(describePolicy('sac-ts', { parameters: biased(0, 50, 20) }), 5, servers)).toEqual([2, 2, 2, 2, 2]);
  });

  it('throws a RangeError when nothing is reachable', () => {
    expect(() => choose(describePolicy('sac-ts'), 1, [edgeServer({ isReachable: false })])).toThrow(RangeError);
  });

  it('sees in the backlogs what it has just sent', () => {
    const parameters = biased(20, 0, 0);
    // The first hidden unit is the first backlog, much enlarged; it turns the first server's logit down.
    const [layer1, layer2, layer3] = [0, (STATE_SIZE + 1) * HIDDEN, (STATE_SIZE + 1) * HIDDEN + (HIDDEN + 1) * HIDDEN];
    parameters[layer1 + 2 * HIDDEN] = 1000;
    parameters[layer2] = 1;
    parameters[layer3] = -1000;
    parameters[layer3 + HIDDEN * SERVERS + 1] = 10;
    expect(choose(describePolicy('sac-ts', { parameters }), 3, equal)).toEqual([0, 1, 1]);
  });
});

describe('what is no policy', () => {
  const parse = (description: unknown) => () => parseLearnedPolicy(JSON.stringify(description), SERVERS);

  it('is refused when it is not text of that form', () => {
    expect(() => parseLearnedPolicy('{', SERVERS)).toThrow('The learned policy cannot be read');
    expect(parse({ ...describePolicy('sac-ts'), meanQualitySteps: -1 })).toThrow('meanQualitySteps');
  });

  it('is refused when it was trained for another number of edge servers', () => {
    expect(parse({ ...describePolicy('sac-ts'), baseStations: 5 })).toThrow('chooses among 5 edge servers, but the run has 3');
  });

  it('is refused when parameters are missing', () => {
    expect(parse(describePolicy('sac-ts', { parameters: [1, 2] }))).toThrow('has 2 parameters, but its network needs');
  });

  it('is refused when its settings are unknown', () => {
    expect(parse(describePolicy('sac-ts', { settings: { hiddenSize: 4 } }))).toThrow('settings that this agent does not know');
  });
});
