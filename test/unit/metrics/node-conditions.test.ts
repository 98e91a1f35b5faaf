import { describe, expect, test } from 'vitest';
import {
  describeChangedConditions,
  describeMixedPowerModes,
  type NodeConditions,
} from '../../../src/scheduling/metrics/node-conditions.js';
import { assessRun } from '../../../src/scheduling/metrics/run-validity.js';
import { buildTiming } from '../../support/run-fixtures.js';

function orin(number: number, facts: unknown, agentVersion: string | null = '0.1.0'): NodeConditions {
  return { id: `node-${number}`, name: `Orin ${number}`, agentVersion, facts };
}

const EVIDENCE = {
  counts: { pending: 0, sent: 0, succeeded: 1, failed: 0, cancelled: 0, resent: 0 },
  metrics: { efficiencyProblem: null, machine: { controlShare: 0, hostDelayMs: 0, hostDelayShare: 0 } },
  tasks: [],
};

describe('power modes', () => {
  test('that differ make a run invalid, with each node and its mode', () => {
    const nodes = [orin(1, { powerMode: 'MAXN' }), orin(2, { powerMode: 'MODE_30W' })];
    const nodesSnapshot = nodes.map((node, index) => ({ ...buildTiming(index + 1), ...node }));
    expect(assessRun({ state: 'succeeded', timeScale: 1, axis: 'run', nodesSnapshot, invalidReasons: [] }, EVIDENCE)).toEqual({
      isValid: false,
      limitations: [],
      reasons: ['The nodes ran in different power modes: Orin 1 MAXN, Orin 2 MODE_30W.'],
    });
  });

  test('that are alike or not known make none', () => {
    expect(describeMixedPowerModes([orin(1, { powerMode: 'MAXN' }), orin(2, { powerMode: 'MAXN' }), orin(3, null)])).toBeNull();
  });

  test('in facts that no one can understand count as not known', () => {
    expect(describeMixedPowerModes([orin(1, { powerMode: 'MAXN' }), orin(2, { powerMode: 30 }), orin(3, 'MODE_30W')])).toBeNull();
  });
});

describe('between start and end of a run', () => {
  test('another power mode, torch or agent is reported with both', () => {
    const start = [orin(1, { powerMode: 'MAXN', torchVersion: '2.5.0' }), orin(2, { powerMode: 'MAXN' })];
    const end = [orin(1, { powerMode: 'MODE_15W', torchVersion: '2.6.0' }), orin(2, { powerMode: 'MAXN' }, '0.2.0')];
    expect(describeChangedConditions(start, end)).toEqual([
      'Node Orin 1 changed during the run: power mode MAXN, then MODE_15W, torch 2.5.0, then 2.6.0.',
      'Node Orin 2 changed during the run: agent 0.1.0, then 0.2.0.',
    ]);
  });

  test('what only one reading knows is no change, nor is a node that is gone', () => {
    const start = [orin(1, { torchVersion: '2.5.0' }), orin(2, { torchVersion: '2.5.0' })];
    expect(describeChangedConditions(start, [orin(1, { powerMode: 'MAXN' })])).toEqual([]);
  });
});
