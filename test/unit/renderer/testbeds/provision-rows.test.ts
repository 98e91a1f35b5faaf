import { describe, expect, it } from 'vitest';
import { countByFilter, describeCell, listColumns, listRows, stepToShow } from '../../../../src/renderer/views/testbeds/provision-rows.js';
import { PROVISION_STEPS, type NodeProvision, type ProvisionStep, type StepState } from '../../../../src/shared/provisioning.js';

function step(name: ProvisionStep['name'], state: StepState): ProvisionStep {
  return { name, state, detail: null, startedAtMs: 0, finishedAtMs: state === 'queued' || state === 'running' ? null : 1000, error: null };
}
function node(name: string, state: NodeProvision['state'], states: Partial<Record<ProvisionStep['name'], StepState>> = {}): NodeProvision {
  const steps = PROVISION_STEPS.map((each) => step(each, states[each] ?? 'unchanged'));
  return { nodeId: name, nodeName: name, state, steps, hostKeyQuestion: null, output: [] };
}

const nodes = [
  node('a', 'succeeded'),
  node('b', 'running'),
  node('c', 'failed', { agent: 'failed' }),
  node('d', 'queued'),
  node('e', 'cancelled'),
];

describe('the rows of a provisioning', () => {
  it('stand with what failed first, each group in the order of the testbed', () => {
    expect(listRows(nodes, 'all').map(({ nodeName }) => nodeName)).toEqual(['c', 'e', 'b', 'd', 'a']);
    expect(listRows(nodes, 'failed').map(({ nodeName }) => nodeName)).toEqual(['c', 'e']);
  });

  it('are counted by filter', () => {
    expect(countByFilter(nodes)).toEqual({ all: 5, failed: 2, running: 1, done: 1, waiting: 1 });
  });
});

describe('the columns', () => {
  it('count who is done and who failed', () => {
    const agent = listColumns({ kind: 'apply', nodes }).find(({ name }) => name === 'agent');
    expect(agent).toMatchObject({ done: 4, failed: 1, isFolded: false });
  });

  it('are folded where no node had anything to do, but for the first and the last', () => {
    const folded = listColumns({ kind: 'apply', nodes }).flatMap(({ name, isFolded }) => (isFolded ? [name] : []));
    expect(folded).toEqual(['facts', 'preflight', 'runtime', 'certificate', 'python', 'model', 'service']);
  });
});

describe('a cell', () => {
  it('has its word for readers always, and for the eye where it is not plainly done', () => {
    expect(describeCell(step('agent', 'failed'), 'Push agent bundle', 'node-07')).toMatchObject({
      name: 'node-07, Push agent bundle: failed',
      word: 'Failed',
    });
    expect(describeCell(step('agent', 'changed'), 'Push agent bundle', 'node-07')).toMatchObject({
      word: null,
      tip: 'Push agent bundle: changed, took 1.0 s',
    });
  });

  it('has the percent of a step that says how far it is, and never says 100 before its end', () => {
    const running = (doneBytes: number) => ({ ...step('model', 'running'), progress: { doneBytes, totalBytes: 1000 } });
    expect(describeCell(running(626), 'Push model', 'node-07')).toMatchObject({
      ...{ name: 'node-07, Push model: running, 62%', word: '62%', percent: 62 },
    });
    expect(describeCell(running(1000), 'Push model', 'node-07').word).toBe('99%');
    expect(describeCell(step('model', 'running'), 'Push model', 'node-07')).toMatchObject({ word: 'Running', percent: null });
    expect(describeCell({ ...running(626), state: 'changed' }, 'Push model', 'node-07').percent).toBeNull();
  });

  it('leads to the step that failed, runs or ended last', () => {
    expect(stepToShow(node('x', 'failed', { python: 'failed' }))).toBe('python');
    expect(stepToShow(node('x', 'running', { model: 'running' }))).toBe('model');
    expect(stepToShow(node('x', 'succeeded'))).toBe('health');
  });
});
