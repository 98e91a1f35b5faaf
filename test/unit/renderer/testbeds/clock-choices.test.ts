import { expect, test } from 'vitest';
import { describeOffClocks, listOffClocks, toKeepsClock } from '../../../../src/renderer/views/testbeds/clock-choices.js';
import { parseFacts } from '../../../../src/main/domain/nodes/facts/parse-facts.js';
import { buildNode } from '../../../support/storage-fixtures.js';

const READ_AT_MS = Date.UTC(2026, 10, 29);
const facts = (clockOffsetMs: number) => ({ ...parseFacts('', READ_AT_MS), clockOffsetMs, clockErrorMs: 5 });
const nodes = [
  buildNode({ name: 'orin-1', kind: 'ssh', facts: facts(3_600_000 * 3) }),
  buildNode({ name: 'orin-2', kind: 'ssh', facts: facts(95_250 - READ_AT_MS) }),
  buildNode({ name: 'orin-3', kind: 'ssh', facts: facts(300) }),
];

test('clocks that are off are named with how far, as reported last or as a plan found them', () => {
  const clocks = listOffClocks(nodes, undefined);

  expect(describeOffClocks(clocks)).toBe('orin-1 is 3 hours ahead; orin-2 is not set: it is in 1970.');
  const found = { offset: '9 s behind', isFarOff: true, isKept: false, needsSudoPassword: false };
  const plan = {
    ...{ testbedId: 'testbed-1', madeAtMs: 0, peers: null },
    nodes: [{ nodeId: 'n', nodeName: 'orin-3', clock: found }] as never,
  };
  expect(listOffClocks(nodes, plan)).toEqual([{ nodeName: 'orin-3', offset: '9 s behind' }]);
});

test('of many only the first are named', () => {
  const clocks = Array.from({ length: 6 }, (_, index) => ({ nodeName: `n${index}`, offset: '9 s behind' }));
  expect(describeOffClocks(clocks)).toMatch(/n3 is 9 s behind; 2 more\.$/);
});

test('nothing about keeping is sent unless it was chosen', () => {
  expect([toKeepsClock('as-is'), toKeepsClock('keep'), toKeepsClock('leave')]).toEqual([{}, { keepsClock: true }, { keepsClock: false }]);
});
