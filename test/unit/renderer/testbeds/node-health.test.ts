import { describe, expect, it } from 'vitest';
import { describeHealth, describeLastWord, healthOf } from '../../../../src/renderer/views/testbeds/node-health.js';
import { orderNodes } from '../../../../src/renderer/views/testbeds/node-rows.js';
import { describeMixedModes } from '../../../../src/renderer/views/testbeds/power-modes.js';
import { describeTestbedNow } from '../../../../src/renderer/views/testbeds/testbed-state.js';
import { CONNECTING, type NodeLive, type TestbedNode } from '../../../../src/shared/testbed.js';
import { buildNode } from '../../../support/storage-fixtures.js';

function live(change: Partial<NodeLive> = {}): NodeLive {
  return {
    ...{ nodeId: 'n', isConnected: true, lastCheckInAgeSec: 1, queueLength: 0, backlogSec: 0 },
    ...{ runningTaskId: null, runningStep: null, runningSteps: null, executedCount: 0, problem: null, ...change },
  };
}
const ready = { provisionState: 'ready' } as const;

describe('the health of a node', () => {
  it('is told by the age of its last word: lost after two intervals and 20 s', () => {
    expect(healthOf(ready, live({ isConnected: false, lastCheckInAgeSec: 21 }))).toBe('quiet');
    expect(healthOf(ready, live({ isConnected: false, lastCheckInAgeSec: 22 }))).toBe('lost');
    expect(healthOf(ready, live({ isConnected: false, lastCheckInAgeSec: null, problem: 'refused' }))).toBe('lost');
    expect(healthOf(ready, live({ isConnected: false, lastCheckInAgeSec: null, problem: CONNECTING }))).toBe('waiting');
  });

  it('is what provisioning came to before it is what the agent says', () => {
    expect(healthOf({ provisionState: 'new' }, null)).toBe('new');
    expect(healthOf({ provisionState: 'failed' }, live())).toBe('failed');
  });

  it('has a word with the age in it', () => {
    expect(describeHealth(ready, live({ isConnected: false, lastCheckInAgeSec: 134 }))).toEqual({
      tone: 'danger',
      label: 'Lost for 2 min 14 s',
    });
    expect(describeHealth(ready, live({ runningTaskId: 't' })).label).toBe('Running');
    expect(describeLastWord(live({ lastCheckInAgeSec: 4 }))).toBe('answered 4 s ago');
    expect(describeLastWord(null)).toBeNull();
  });
});

describe('a testbed whose nodes are provisioned', () => {
  const nodes = [buildNode({ id: 'a', provisionState: 'ready' }), buildNode({ id: 'b', provisionState: 'ready' })];
  const stateWhen = (lastCheckInAgeSec: number) =>
    describeTestbedNow({ nodes }, [live({ nodeId: 'a' }), live({ nodeId: 'b', isConnected: false, lastCheckInAgeSec })]);

  it('is not called ready while a node is not connected, and lost once that has been silent for long', () => {
    expect(describeTestbedNow({ nodes }, [live({ nodeId: 'a' }), live({ nodeId: 'b' })]).label).toBe('Ready');
    expect(stateWhen(21)).toEqual({ tone: 'warning', label: '1 of 2 nodes not connected' });
    expect(stateWhen(22)).toEqual({ tone: 'danger', label: '1 of 2 nodes lost' });
  });
});

describe('the order of nodes', () => {
  it('has those that need a person first, and leaves the others where they are', () => {
    const rows = [
      live({ runningTaskId: 't' }),
      live(),
      live({ isConnected: false, lastCheckInAgeSec: 100 }),
      live({ problem: 'clock' }),
    ].map((state, ordinal) => ({ node: buildNode({ id: `n${ordinal}`, ordinal, provisionState: 'ready' }), live: state }));
    expect(orderNodes(rows, 'problems').map(({ node }) => node.id)).toEqual(['n2', 'n3', 'n0', 'n1']);
    expect(orderNodes(rows, 'testbed').map(({ node }) => node.id)).toEqual(['n0', 'n1', 'n2', 'n3']);
  });
});

describe('mixed power modes', () => {
  const node = (name: string, powerMode: string | null): TestbedNode =>
    buildNode({ name, kind: 'ssh', user: 'lab', host: '10.0.0.1', port: 22, facts: { powerMode } as TestbedNode['facts'] });

  it('name those that are not in the mode of most, with the command that puts them into it', () => {
    const mixed = describeMixedModes([node('a', 'MAXN'), node('b', 'MAXN'), node('c', '30W'), node('d', null)]);
    expect(mixed?.sentence).toBe('c is in 30W; the others are in MAXN.');
    expect(mixed?.commands).toEqual([{ nodeName: 'c', command: "ssh -t lab@10.0.0.1 'echo YES | sudo nvpmodel -m 0'" }]);
  });

  it('are none where all that report are alike', () => {
    expect(describeMixedModes([node('a', 'MAXN'), node('b', null)])).toBeNull();
  });

  it('never let what a node calls its mode into a command', () => {
    const mixed = describeMixedModes([node('a', "'; rm -rf ~; '"), node('b', "'; rm -rf ~; '"), node('c', 'MAXN')]);
    expect(mixed?.commands[0]?.command).not.toContain('rm -rf');
  });
});
