import { expect, test } from 'vitest';
import { commonDesired, describeNodePlan, describeStuck, isStuck } from '../../../../src/renderer/views/testbeds/plan-state.js';
import { mergeDesired } from '../../../../src/main/domain/nodes/provisioning/desired-states.js';
import { DEFAULT_DESIRED_STATE, type NodePlan, type StepFinding } from '../../../../src/shared/provisioning.js';

const nodeWith = (verdicts: StepFinding['verdict'][], change: Partial<NodePlan> = {}): NodePlan => ({
  nodeId: 'node-1',
  nodeName: 'orin',
  desired: DEFAULT_DESIRED_STATE,
  steps: verdicts.map((verdict) => ({ name: 'facts', verdict, why: '', changes: [], remedy: null })),
  clock: null,
  error: null,
  hostKeyQuestion: null,
  ...change,
});

test.each([
  [nodeWith(['nothing', 'nothing']), 'Up to date', false],
  [nodeWith(['nothing', 'change', 'unknown']), '1 step would change something', false],
  [nodeWith(['change', 'blocked']), '1 step blocked', true],
  [nodeWith(['unknown'], { error: { code: 'ssh-unreachable', message: '', hint: null } }), 'Could not check', true],
])('a node of a plan is told in a word', (node, label, stuck) => {
  expect(describeNodePlan(node).label).toBe(label);
  expect(isStuck(node)).toBe(stuck);
});

test('nodes that could not be checked are told from those that are blocked', () => {
  const error = { code: 'ssh-unreachable', message: '', hint: null } as const;
  const unreached = nodeWith(['unknown'], { error });
  const unknownKey = nodeWith([], { error, hostKeyQuestion: { host: '10.0.0.1', port: 22 } as NodePlan['hostKeyQuestion'] });
  const blocked = nodeWith(['blocked']);
  expect(describeStuck([nodeWith(['change'])])).toBeNull();
  expect(describeStuck([unreached, unreached])).toBe('2 nodes could not be checked.');
  expect(describeStuck([blocked, unknownKey])).toBe("2 nodes can't be provisioned as things are.");
  expect(describeStuck([blocked, unreached])).toBe("1 node can't be provisioned as things are. 1 node could not be checked.");
});

test('a choice is shown where all nodes agree, and left open where they differ', () => {
  const states = [
    { nodeId: 'node-1', desired: { ...DEFAULT_DESIRED_STATE, service: 'supervised' as const } },
    { nodeId: 'node-2', desired: DEFAULT_DESIRED_STATE },
  ];
  expect(commonDesired(states, 'worker')).toBe('simulated');
  expect(commonDesired(states, 'service')).toBeUndefined();
});

test('a change keeps what it does not name, and the simulated worker drops the model', () => {
  const real = mergeDesired(DEFAULT_DESIRED_STATE, { worker: 'resd3-m', modelId: 'model-1' });
  expect(real).toEqual({ worker: 'resd3-m', modelId: 'model-1', service: 'auto' });
  expect(mergeDesired(real, { service: 'supervised' })).toEqual({ worker: 'resd3-m', modelId: 'model-1', service: 'supervised' });
  expect(mergeDesired(real, { worker: 'simulated' })).toEqual(DEFAULT_DESIRED_STATE);
});
