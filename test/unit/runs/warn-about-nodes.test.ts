import { expect, test } from 'vitest';
import { warnAboutMixture, warnAboutNodes } from '../../../src/main/domain/runs/warn-about-nodes.js';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';

const ORIN = { ...parseFacts('', Date.UTC(2026, 10, 28)), module: 'p3701-0000 (AGX Orin)', powerMode: 'MODE_30W', powerModeId: 2 };
const node = (
  name: string,
  change: object = {},
  virtual: object | null = null,
): Pick<TestbedNode, 'id' | 'name' | 'facts' | 'virtual' | 'worker'> => ({
  id: name,
  worker: null,
  name,
  facts: { ...ORIN, ...change },
  virtual: virtual as TestbedNode['virtual'],
});

test('an AGX Orin as it comes from its box is said to be slow before a run, once for all of them', () => {
  const nodes = [node('orin-1'), node('orin-2'), node('orin-3', { powerMode: 'MAXN', powerModeId: 0 }), node('v', {}, {})];

  expect(warnAboutNodes([...nodes, { name: 'new', facts: null, virtual: null, id: 'node', worker: null }])).toEqual([
    expect.stringMatching(/^orin-1, orin-2: It is in power mode MODE_30W, .*about a quarter of what MAXN/),
  ]);
});

test('a release that fails at large allocations and a clock that is far off are said too', () => {
  const change = { powerMode: 'MAXN', l4tVersion: '36.4.7', clockOffsetMs: 9_000, clockErrorMs: 2 };

  expect(warnAboutNodes([node('orin-1', change)])).toEqual([expect.stringContaining('error 12'), expect.stringContaining('9.0 s ahead')]);
});

test('nodes that no valid run can have together are named before it', () => {
  const agentOn = (name: string, change: object, agentVersion: string) => ({ ...node(name, change), agentVersion });
  const alike = [agentOn('orin-1', {}, '0.1.0'), agentOn('orin-2', {}, '0.1.0')];
  expect(warnAboutMixture(alike)).toEqual([]);
  expect(warnAboutMixture([...alike, agentOn('orin-3', { powerMode: 'MAXN' }, '0.2.0')])).toEqual([
    expect.stringMatching(/different power modes: orin-1 MODE_30W, orin-2 MODE_30W, orin-3 MAXN\. The run will be invalid/),
    'The nodes run different agent versions: 0.1.0, 0.2.0. The run will be invalid: provision them again.',
  ]);
});
