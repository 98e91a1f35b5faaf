import { expect, test } from 'vitest';
import { BlockBoard } from '../../../src/main/domain/models/push/block-board.js';

const PATIENCE_MS = 15_000;

/** A board of four blocks with nodes that hand blocks on, or do not. */
function boardOf(nodes: Record<string, { isRelaying: boolean; found?: number[] }>): BlockBoard {
  const board = new BlockBoard(4);
  for (const [nodeId, { isRelaying, found = [] }] of Object.entries(nodes)) board.join(nodeId, { isRelaying, found });
  return board;
}

test('nodes that hand blocks on are sent different blocks', () => {
  const board = boardOf({ a: { isRelaying: true }, b: { isRelaying: true } });

  expect([board.next('a', 0), board.next('b', 0), board.next('a', 0), board.next('b', 0)]).toEqual([0, 1, 2, 3]);
  expect([board.next('a', 0), board.next('b', 0)]).toEqual([null, null]);
});

test('a node that hands nothing on is sent every block in order', () => {
  const board = boardOf({ a: { isRelaying: true }, b: { isRelaying: false } });
  board.next('a', 0);

  expect([0, 1, 2, 3].map(() => board.next('b', 0))).toEqual([0, 1, 2, 3]);
  expect(board.next('b', 0)).toBeNull();
});

test('blocks that follow one another go to a node in one piece, up to those that are there or on their way', () => {
  const board = new BlockBoard(8);
  board.join('a', { isRelaying: false, found: [3] });

  expect(board.nextRun('a', 0, 2)).toEqual({ index: 0, count: 2 });
  expect(board.nextRun('a', 0, 8)).toEqual({ index: 2, count: 1 });
  expect(board.nextRun('a', 0, 8)).toEqual({ index: 4, count: 4 });
  expect(board.nextRun('a', 0, 8)).toBeNull();
});

test('a node that hands blocks on is sent one at a time, so that others get the next', () => {
  const board = boardOf({ a: { isRelaying: true }, b: { isRelaying: true } });

  expect(board.nextRun('a', 0, 8)).toEqual({ index: 0, count: 1 });
  expect(board.nextRun('b', 0, 8)).toEqual({ index: 1, count: 1 });
});

test('what was found on a node is not sent to it, nor to others that can fetch it there', () => {
  const board = boardOf({ a: { isRelaying: true, found: [0, 1, 2] }, b: { isRelaying: true } });

  expect(board.next('a', 0)).toBe(3);
  expect(board.next('b', 0)).toBeNull();
});

test('a node that gets nothing of what its peers hold is sent it after a while', () => {
  const board = boardOf({ a: { isRelaying: true, found: [0, 1, 2, 3] }, b: { isRelaying: true } });

  expect(board.next('b', 1000)).toBeNull();
  expect(board.next('b', 1000 + PATIENCE_MS - 1)).toBeNull();
  expect(board.next('b', 1000 + PATIENCE_MS)).toBe(0);
  expect(board.next('b', 1000 + PATIENCE_MS)).toBe(1);
});

test('a node whose agent can have nothing from its peers is sent it at once, until it has something from them again', () => {
  const board = boardOf({ a: { isRelaying: true, found: [0, 1, 2, 3] }, b: { isRelaying: true } });
  board.noteProblem('b');

  expect(board.next('b', 0)).toBe(0);
  expect(board.noteServed('b', [1])).toEqual([1]);
  expect(board.next('b', 0)).toBeNull();
});

test('a block that is on its way to another node is waited for, however long it takes', () => {
  const board = boardOf({ a: { isRelaying: true, found: [0, 1, 2] }, b: { isRelaying: true, found: [0, 1, 2] } });

  expect(board.next('a', 0)).toBe(3);
  expect(board.next('b', 10 * PATIENCE_MS)).toBeNull();
});

test('a block that was on its way to a node that is lost is sent to another', () => {
  const board = boardOf({ a: { isRelaying: true, found: [0, 1, 2] }, b: { isRelaying: true, found: [0, 1, 2] } });
  board.next('a', 0);
  board.leave('a');

  expect(board.next('b', 0)).toBe(3);
});

test('a node is complete when it holds every block, wherever it had them from', () => {
  const board = boardOf({ a: { isRelaying: true, found: [0] } });
  board.noteWritten('a', 1);
  expect(board.noteServed('a', [0, 1, 2])).toEqual([2]);
  expect(board.isComplete('a')).toBe(false);
  board.noteWritten('a', 3);

  expect(board.isComplete('a')).toBe(true);
  expect(board.areAllComplete()).toBe(true);
  expect(board.unserved('a')).toEqual([3]);
});

test('blocks beyond the file, and of nodes that are not there, change nothing', () => {
  const board = boardOf({ a: { isRelaying: true } });

  expect(board.noteServed('a', [4, 99])).toEqual([]);
  expect(board.noteServed('nobody', [1])).toEqual([]);
  expect(board.missing('a')).toEqual([0, 1, 2, 3]);
});
