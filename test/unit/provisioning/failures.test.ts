import { describe, expect, it } from 'vitest';
import { failuresByNode } from '../../../src/renderer/views/testbeds/provisioning-state.js';
import {
  failureOf,
  type NodeProvision,
  PROVISION_STEPS,
  type ProvisioningRun,
  summarizeFailures,
} from '../../../src/shared/provisioning.js';

const refused = { code: 'ssh-unreachable', message: 'Port 22 refuses.', hint: 'Start its SSH server.' } as const;

function provision(nodeId: string, isFailed: boolean): NodeProvision {
  const steps = PROVISION_STEPS.map((name) => ({ name, detail: null, startedAtMs: 0, finishedAtMs: 1 })).map((step, index) =>
    isFailed && index === 0 ? { ...step, state: 'failed' as const, error: refused } : { ...step, state: 'unchanged' as const, error: null },
  );
  return { nodeId, nodeName: nodeId, state: isFailed ? 'failed' : 'succeeded', steps, hostKeyQuestion: null, output: [] };
}
function run(startedAtMs: number, nodes: NodeProvision[]): ProvisioningRun {
  return { id: `p${startedAtMs}`, testbedId: 't', kind: 'apply', state: 'failed', startedAtMs, finishedAtMs: null, nodes };
}

describe('why nodes failed', () => {
  it('is the error of the failed step', () => {
    expect(failureOf(provision('a', true))).toEqual(refused);
    expect(failureOf(provision('a', false))).toBeNull();
  });

  it('is counted with the first reason, and null where none failed', () => {
    expect(summarizeFailures([provision('a', false), provision('b', true)])).toEqual({
      code: 'partial-failure',
      message: '1 of 2 nodes failed: Port 22 refuses.',
      hint: 'Start its SSH server.',
    });
    expect(summarizeFailures([provision('a', false)])).toBeNull();
  });

  it('is that of the newest provisioning that had the node', () => {
    const runs = [run(1, [provision('a', true), provision('b', true)]), run(2, [provision('a', false)])];
    expect([...failuresByNode(runs)]).toEqual([['b', refused]]);
  });
});
