import { describe, expect, it } from 'vitest';
import { PolicyVersions, versionOf } from '../../../src/agent/policies/policy-versions.js';
import { createRandom } from '../../../src/random/random.js';
import { serverStateLength } from '../../../src/scheduling/decisions/server-state.js';
import { createLearner } from '../../../src/scheduling/learning/learner.js';
import { countParameters, initializeParameters } from '../../../src/scheduling/learning/parameter-layout.js';
import { paperTrainingSettings, testbedTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import type { SchedulingPolicy } from '../../../src/scheduling/policies/policy.js';
import { tryPolicy } from '../../../src/scheduling/policies/trial-policy.js';

const SERVERS = 3;
const STATE_SIZE = 2 + SERVERS;
const HIDDEN = 4;
const settings = { ...paperTrainingSettings('sac-ts'), hiddenSize: HIDDEN };
const size = countParameters(createLearner('sac-ts', { ...settings, agents: 1, servers: SERVERS, stateSize: STATE_SIZE }).actor.layout);

/** A perceptron as it is deployed; what is not given is zero. */
function describePolicy(changes: { first?: number; biases?: readonly number[] } = {}): string {
  const parameters = new Array<number>(size).fill(0);
  parameters.fill(changes.first ?? 0, 0, STATE_SIZE * HIDDEN);
  (changes.biases ?? []).forEach((bias, index) => (parameters[size - SERVERS + index] = bias));
  return JSON.stringify({
    ...{ method: 'sac-ts', baseStations: SERVERS, settings, parameters },
    ...{ work: { fixedGigacycles: 3.8, gigacyclesPerStep: 1 }, meanQualitySteps: 14.5 },
  });
}

/** Decides as many tasks; all queues have this backlog, seconds. */
function decide(policy: SchedulingPolicy, backlogSec = 0, count = 3): number[] {
  const server = { fixedSec: 3.8, secPerStep: 1, backlogSec, linkMbps: 1000, isReachable: true };
  const tasks = Array.from({ length: count }, (_, index) => ({ id: `t${index}`, qualitySteps: 14, inputBits: 500 }));
  const observation = { selfIndex: 0, edgeServers: Array.from({ length: SERVERS }, () => server) };
  return policy.decideBatch(tasks, observation, createRandom(1)).map(({ edgeServerIndex }) => edgeServerIndex);
}

const towards = (server: number): string => describePolicy({ biases: [0, 1, 2].map((index) => (index === server ? 50 : 0)) });
/** Sound for every backlog that a trial has; one beyond all measure is more than its numbers can hold. */
const FRAGILE = describePolicy({ first: 1e38, biases: [0, 50, 0] });

/** Of the testbed's environment, whose policies decide one task after the other; it has learned nothing. */
const IN_TURN = ((): string => {
  const ofTestbed = testbedTrainingSettings('lad-ts');
  const sizes = { agents: 1, servers: SERVERS, stateSize: serverStateLength(SERVERS) };
  const network = initializeParameters(createLearner('lad-ts', { ...ofTestbed, ...sizes }).actor.layout, 1, createRandom(5));
  const form = { method: 'lad-ts', settings: ofTestbed, servers: SERVERS, largestQualitySteps: 19 };
  return JSON.stringify({ environment: 'testbed', ...form, parameters: [...network] });
})();

describe('the learned policy of a node', () => {
  it('has a version by its content, and is in use once it was tried', () => {
    const versions = new PolicyVersions(() => 0);
    expect(versions.inUse).toBeNull();
    const policy = versions.deploy('run-1', towards(2), SERVERS);
    expect(decide(policy)).toEqual([2, 2, 2]);
    expect(versions.inUse).toEqual({ runId: 'run-1', method: 'sac-ts', version: versionOf(towards(2)), decisionMs: 0, problem: '' });
    expect(versionOf(towards(2))).toMatch(/^[0-9a-f]{12}$/);
    expect(versionOf(towards(1))).not.toBe(versionOf(towards(2)));
  });

  it('is refused where its shapes are wrong or its network gives no numbers, and the earlier one stays', () => {
    const versions = new PolicyVersions(() => 0);
    versions.deploy('run-1', towards(2), SERVERS);
    expect(() => versions.deploy('run-2', towards(1), SERVERS + 1)).toThrow(RangeError);
    expect(() => versions.deploy('run-2', describePolicy({ first: 1e308, biases: [1, 1, 1] }), SERVERS)).toThrow(
      /fails on a trial batch.*no number/,
    );
    expect(versions.inUse).toMatchObject({ runId: 'run-1', version: versionOf(towards(2)) });
  });

  it('is refused where it takes too long to decide', () => {
    let now = 0;
    const slow = new PolicyVersions(() => (now += 2_000));
    expect(() => slow.deploy('run-1', towards(0), SERVERS)).toThrow('takes 100 ms a decision here; at most 50 are taken');
  });

  it('is rolled back to the version before it when it fails, in the middle of a run and without losing a task', () => {
    const versions = new PolicyVersions(() => 0);
    decide(versions.deploy('run-1', towards(2), SERVERS));
    const policy = versions.deploy('run-2', FRAGILE, SERVERS);
    expect(decide(policy)).toEqual([1, 1, 1]);
    expect(versions.inUse?.problem).toBe('');
    // The fragile one has decided without a failure by now, but there is no returning to it from itself.
    expect(decide(policy, 1e280)).toEqual([2, 2, 2]);
    expect(versions.inUse?.problem).toContain(`Policy ${versionOf(FRAGILE)} was rolled back, and version ${versionOf(towards(2))} decides`);
    expect(decide(policy)).toEqual([2, 2, 2]);
  });

  it('is rolled back in the midst of a batch for what it has not decided yet', () => {
    const versions = new PolicyVersions(() => 0);
    decide(versions.deploy('run-1', towards(2), SERVERS));
    const policy = versions.deploy('run-2', IN_TURN, SERVERS);
    let linkMbps = 1000;
    const server = { fixedSec: 3.8, secPerStep: 1, backlogSec: 0, isReachable: true };
    const observation = {
      selfIndex: 0,
      edgeServers: Array.from({ length: SERVERS }, () => ({
        ...server,
        get linkMbps() {
          return linkMbps;
        },
      })),
    };
    const tasks = [14, 14, 14].map((qualitySteps, index) => ({ id: `t${index}`, qualitySteps, inputBits: 500 }));
    const decisions = policy.decideInTurn!(tasks, observation, createRandom(1))[Symbol.iterator]();
    expect(decisions.next().value).toMatchObject({ taskId: 't0' });
    linkMbps = NaN;
    expect([...{ [Symbol.iterator]: () => decisions }]).toEqual(['t1', 't2'].map((taskId) => ({ taskId, edgeServerIndex: 2 })));
    expect(versions.inUse?.problem).toContain(`Policy ${versionOf(IN_TURN)} was rolled back`);
  });

  it('is rolled back to the last one that decided, or to list scheduling where there was none', () => {
    const versions = new PolicyVersions(() => 0);
    decide(versions.deploy('run-1', towards(2), SERVERS));
    expect(decide(versions.deploy('run-2', FRAGILE, SERVERS), 1e280)).toEqual([2, 2, 2]);
    expect(versions.inUse).toMatchObject({ runId: 'run-2', version: versionOf(towards(2)) });
    const alone = new PolicyVersions(() => 0);
    // Queues in which one more task makes no difference: list scheduling takes the first.
    expect(decide(alone.deploy('run-1', FRAGILE, SERVERS), 1e280)).toEqual([0, 0, 0]);
    expect(alone.inUse).toMatchObject({ method: 'shortest-expected-completion', version: '' });
    expect(alone.inUse?.problem).toContain('and shortest-expected-completion decides');
  });
});

describe('a trial', () => {
  const policy = (decideBatch: SchedulingPolicy['decideBatch']): SchedulingPolicy => ({ name: 'mine', usesBacklog: true, decideBatch });

  it('refuses a policy that leaves tasks out, or names servers that are not to be had', () => {
    expect(() =>
      tryPolicy(
        policy(() => []),
        3,
        () => 0,
      ),
    ).toThrow('does not decide each task of a batch once');
    const toFirst = policy((tasks) => tasks.map(({ id }) => ({ taskId: id, edgeServerIndex: 0 })));
    expect(() => tryPolicy(toFirst, 3, () => 0)).toThrow('chooses edge server 0, which is not to be had');
  });
});
