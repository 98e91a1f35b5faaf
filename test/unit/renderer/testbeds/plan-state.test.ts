import { expect, test } from 'vitest';
import { commonWanted, describeNodePlan, isStuck } from '../../../../src/renderer/views/testbeds/plan-state.js';
import { mergeWanted } from '../../../../src/main/domain/nodes/provisioning/wanted-states.js';
import { DEFAULT_WANTED_STATE, type NodePlan, type StepFinding } from '../../../../src/shared/provisioning.js';

const nodeWith = (verdicts: StepFinding['verdict'][], change: Partial<NodePlan> = {}): NodePlan => ({
  nodeId: 'node-1',
  nodeName: 'orin',
  wanted: DEFAULT_WANTED_STATE,
  steps: verdicts.map((verdict) => ({ name: 'facts', verdict, why: '', changes: [], remedy: null })),
  error: null,
  hostKeyQuestion: null,
  ...change,
});

test.each([
  [nodeWith(['nothing', 'nothing']), 'As wanted', false],
  [nodeWith(['nothing', 'change', 'unknown']), '1 step would change something', false],
  [nodeWith(['change', 'blocked']), '1 step blocked', true],
  [nodeWith(['unknown'], { error: { code: 'ssh-unreachable', message: '', hint: null } }), 'Could not be looked at', true],
])('a node of a plan is told in a word', (node, label, stuck) => {
  expect(describeNodePlan(node).label).toBe(label);
  expect(isStuck(node)).toBe(stuck);
});

test('a choice is shown where all nodes agree, and left open where they differ', () => {
  const states = [
    { nodeId: 'node-1', wanted: { ...DEFAULT_WANTED_STATE, service: 'supervised' as const } },
    { nodeId: 'node-2', wanted: DEFAULT_WANTED_STATE },
  ];
  expect(commonWanted(states, 'worker')).toBe('simulated');
  expect(commonWanted(states, 'service')).toBeUndefined();
});

test('a change keeps what it does not name, and the simulated worker drops the model', () => {
  const real = mergeWanted(DEFAULT_WANTED_STATE, { worker: 'resd3-m', modelId: 'model-1' });
  expect(real).toEqual({ worker: 'resd3-m', modelId: 'model-1', service: 'auto' });
  expect(mergeWanted(real, { service: 'supervised' })).toEqual({ worker: 'resd3-m', modelId: 'model-1', service: 'supervised' });
  expect(mergeWanted(real, { worker: 'simulated' })).toEqual(DEFAULT_WANTED_STATE);
});
