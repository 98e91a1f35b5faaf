import { expect, test } from 'vitest';
import { listPeerRows, MAX_NODES_IN_TABLE, reachStatus } from '../../../../src/renderer/views/testbeds/peer-table.js';
import type { PeerAnswer, PeerReach, PeerTry } from '../../../../src/shared/peer-reach.js';

function reachOf(count: number, answers: Record<string, PeerAnswer> = {}): PeerReach {
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  const tries = [null, ...ids].flatMap((fromId) =>
    ids
      .filter((toId) => toId !== fromId)
      .map((toId): PeerTry => {
        const answer = answers[`${fromId ?? 'here'}>${toId}`] ?? 'reached';
        return { fromId, toId, answer, why: answer === 'not-tried' ? 'it has no tool.' : null };
      }),
  );
  return { nodes: ids.map((id) => ({ nodeId: id, nodeName: id, host: id, port: 7411 })), tries, sampledPeers: null };
}

test('a lab has a row for this computer and for each node, and no cell for the node itself', () => {
  const rows = listPeerRows(reachOf(3, { 'n0>n1': 'silent', 'here>n2': 'not-tried' }));

  expect(rows.map(({ fromId }) => fromId)).toEqual([null, 'n0', 'n1', 'n2']);
  expect(rows[1]?.cells.map((cell) => cell?.label ?? null)).toEqual([null, 'No answer', 'Reached']);
  expect(rows[0]?.cells[2]).toEqual({ tone: 'idle', label: 'Not tried', title: 'it has no tool.' });
});

test('of more nodes than fit a screen only those are shown that do not reach all others', () => {
  expect(listPeerRows(reachOf(MAX_NODES_IN_TABLE + 1))).toEqual([]);
  const rows = listPeerRows(reachOf(MAX_NODES_IN_TABLE + 1, { 'n4>n0': 'refused' }));
  expect(rows.map(({ fromId }) => fromId)).toEqual(['n4']);
});

test.each([
  [{}, 'All reached'],
  [{ 'n0>n1': 'silent', 'n1>n0': 'refused' }, '2 not reached'],
  [{ 'n0>n1': 'not-tried' }, 'All that were tried reached'],
] as const)('%j is summed up as “%s”', (answers, label) => {
  expect(reachStatus(reachOf(2, answers)).label).toBe(label);
});

test('where nothing was tried nothing is said to be reached', () => {
  const { tries, ...rest } = reachOf(2);
  expect(reachStatus({ ...rest, tries: tries.map((one) => ({ ...one, answer: 'not-tried' })) }).label).toBe('Not tried');
});
