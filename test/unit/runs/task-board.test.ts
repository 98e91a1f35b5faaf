// The board against the rows of a test: what it says and what is on record never differ, whatever fails in between.
import { describe, expect, it } from 'vitest';
import type { AcceptedResult } from '../../../src/main/domain/runs/run-store.js';
import { type BoardTask, TaskBoard, type TasksMoved } from '../../../src/main/domain/runs/task-board.js';
import { createRandom } from '../../../src/random/random.js';
import type { TaskState } from '../../../src/shared/run.js';
import { mayBecome } from '../../../src/shared/task-life/control-center-rules.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';
import { MemoryRows } from '../../sim/task-life/memory-rows.js';

const NODES = ['node-1', 'node-2'] as const;
const STATES: readonly TaskState[] = ['pending', 'sent', 'succeeded', 'failed', 'cancelled'];
const DISK_FULL = new Error('disk full');

function open(taskCount = 1) {
  const ids = Array.from({ length: taskCount }, (_, ordinal) => `t${ordinal}`);
  const rows = new MemoryRows(ids.map((id, ordinal) => ({ id, baseStationId: NODES[ordinal % 2] ?? 'node-1' })));
  const moves: TasksMoved[] = [];
  const boardOf = (): TaskBoard =>
    new TaskBoard({ runId: 'run', maxAttempts: 2, rows, elapsedMs: () => 7, moved: (move) => void moves.push(move) });
  const board = boardOf();
  const task = (id = 't0'): BoardTask => board.get(id) ?? expect.fail(`no task ${id}`);
  return { rows, board, boardOf, moves, task };
}

type Opened = ReturnType<typeof open>;

function resultOf(lease: Lease, edgeServerId = 'node-2'): { lease: Lease; result: AcceptedResult } {
  const delays = { uploadMs: 0, waitingMs: 0, computeMs: 0, downloadMs: 0, controlMs: 0, serviceMs: 0 };
  const image = { sha256: '', sizeBytes: 1, widthPx: 1, heightPx: 1, mediaType: 'image/png', isSimulated: true };
  const instants = { computeStartMs: 0, computeEndMs: 0, acceptedMs: 0, computedSteps: 0 };
  return { lease, result: { taskId: lease.taskId, leaseEpoch: lease.epoch, edgeServerId, delays, ...instants, image } };
}

const lost = { message: 'lost', countsAsFailure: false };
const failed = { message: 'failed', countsAsFailure: true };
const forGood = { message: 'never', countsAsFailure: true, isRetryable: false };

/** By what a task comes to be in each state. */
const REACH: Record<TaskState, (opened: Opened) => void> = {
  pending: () => undefined,
  sent: ({ board, task }) => void board.send('node-1', [task()]),
  succeeded: ({ board, task }) => void board.accept(board.send('node-1', [task()]).map(({ lease }) => resultOf(lease))),
  failed: ({ board, task }) => board.send('node-1', [task()]).forEach(({ lease }) => board.end(lease, forGood)),
  cancelled: ({ board, task }) => board.cancel([task()]),
};

/** By what a task is to be brought from the state in which it is to another; the lease that it has, or had, is used. */
const ASK: Record<TaskState, (opened: Opened) => void> = {
  pending: ({ board, task }) => board.takeBack([board.leaseOf(task())]),
  sent: ({ board, task }) => void board.send('node-2', [task()]),
  succeeded: ({ board, task }) => void board.accept([resultOf(board.leaseOf(task()))]),
  failed: ({ board, task }) => board.end(board.leaseOf(task()), forGood),
  cancelled: ({ board, task }) => board.cancel([task()]),
};

/** What is on record, as a board shows it. */
const shown = (board: TaskBoard) => ({
  tasks: [...board.all()].map(({ id, state, attempts, leaseEpoch, baseStationId }) => ({ id, state, attempts, leaseEpoch, baseStationId })),
  counts: board.counts,
  executed: [...board.executedByNode].sort(),
  open: new Set([...board.pending(), ...board.sent()].map(({ id }) => id)),
});

describe('a transition of a task', () => {
  const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));
  it.each(pairs)('from %s to %s is made and written, or neither', (from, to) => {
    const opened = open();
    const { rows, board, moves, task } = opened;
    REACH[from](opened);
    expect(task().state).toBe(from);
    moves.length = 0;
    ASK[to](opened);
    const isAllowed = mayBecome(from, to);
    expect(task().state).toBe(isAllowed ? to : from);
    expect(rows.getTask('run', 't0')).toMatchObject({ state: task().state, leaseEpoch: task().leaseEpoch, attempts: task().attempts });
    expect(moves).toHaveLength(isAllowed ? 1 : 0);
    expect(board.counts).toMatchObject({ [task().state]: 1 });
  });

  it.each(STATES.filter((to) => mayBecome('pending', to) || mayBecome('sent', to)))(
    'to %s has not happened when it can’t be written',
    (to) => {
      const opened = open();
      const { rows, board, boardOf, moves, task } = opened;
      REACH[mayBecome('sent', to) ? 'sent' : 'pending'](opened);
      const before = shown(board);
      moves.length = 0;
      rows.failsNext = DISK_FULL;
      expect(() => ASK[to](opened)).toThrow(DISK_FULL);
      expect(shown(board)).toEqual(before);
      expect(shown(boardOf())).toEqual(before);
      expect(moves).toEqual([]);
      ASK[to](opened);
      expect(task().state).toBe(to);
    },
  );

  it('that was written before the program ended is there when it starts again', () => {
    const { rows, board, boardOf } = open(3);
    // The row is written, and the process dies before the board could move.
    rows.markSent('run', [{ taskId: 't0', baseStationId: 'node-2' }]);
    expect(board.get('t0')?.state).toBe('pending');
    expect(boardOf().get('t0')).toMatchObject({ state: 'sent', baseStationId: 'node-2', leaseEpoch: 1, attempts: 1 });
  });
});

describe('a board', () => {
  it('leaves what other leases say alone', () => {
    const { board, task, moves } = open();
    const [sent] = board.send('node-1', [task()]);
    moves.length = 0;
    for (const change of [{ epoch: 2 }, { baseStationId: 'node-2' }, { runId: 'other' }, { taskId: 't9' }]) {
      const other = { ...sent!.lease, ...change };
      board.end(other, failed);
      board.takeBack([other]);
      board.cancelLeases([other]);
      expect(board.accept([resultOf(other)])).toEqual([false]);
    }
    expect(task()).toMatchObject({ state: 'sent', attempts: 1 });
    expect(moves).toEqual([]);
  });

  it('accepts a lease once, even when it is twice in one commit', () => {
    const { board, task } = open();
    const [sent] = board.send('node-1', [task()]);
    expect(board.accept([resultOf(sent!.lease), resultOf(sent!.lease)])).toEqual([true, false]);
    expect([...board.executedByNode]).toEqual([['node-2', 1]]);
  });

  it('gives a task up after its own failures, and not for what was lost with a node', () => {
    const { board, task } = open();
    const sendAndEnd = (how: typeof lost): void => board.send('node-1', [task()]).forEach(({ lease }) => board.end(lease, how));
    for (let i = 0; i < 5; i++) sendAndEnd(lost);
    sendAndEnd(failed);
    expect(task()).toMatchObject({ state: 'pending', attempts: 6 });
    sendAndEnd(failed);
    expect(task().state).toBe('failed');
  });

  it('does not count a sending that was taken back, and never uses its lease again', () => {
    const { board, task } = open();
    const [first] = board.send('node-1', [task()]);
    board.takeBack([first!.lease]);
    expect(task()).toMatchObject({ state: 'pending', attempts: 0, leaseEpoch: 1 });
    const [second] = board.send('node-1', [task()]);
    expect(second?.lease.epoch).toBe(2);
    expect(board.counts.resent).toBe(0);
  });

  it('counts a task as re-sent from its second attempt on, also when a pause takes that one back and the run is stopped then', () => {
    const { board, boardOf, task } = open(2);
    const send = (): Lease => board.send('node-1', [task()])[0]?.lease ?? expect.fail('it was not sent');
    board.end(send(), lost);
    expect(board.counts).toMatchObject({ pending: 2, resent: 0 });
    const second = send();
    expect(board.counts.resent).toBe(1);
    board.takeBack([second]);
    expect(task()).toMatchObject({ state: 'pending', attempts: 1 });
    expect([board.counts.resent, boardOf().counts.resent]).toEqual([1, 1]);
    board.cancel(board.pending());
    expect([board.counts.resent, boardOf().counts.resent]).toEqual([1, 1]);
  });

  it('takes over what the rows say where they refuse what it believes', () => {
    const { rows, board, boardOf } = open(4);
    const [sent] = board.send('node-1', board.pending());
    rows.cancelTasks('run', 'all');
    expect(board.accept([resultOf(sent!.lease)])).toEqual([false]);
    board.end(board.leaseOf(board.get('t1')!), lost);
    board.takeBack([board.leaseOf(board.get('t2')!)]);
    board.cancel([board.get('t3')!]);
    expect(shown(board)).toEqual(shown(boardOf()));
    expect(board.counts).toMatchObject({ cancelled: 4, sent: 0 });
  });
});

describe('a board, whatever is asked of it and whenever the disk fails', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))('shows what is on record (seed %i)', (seed) => {
    const random = createRandom(seed);
    const { rows, board, boardOf } = open(1 + random.nextInt(0, 7));
    const some = <T>(items: readonly T[]): T[] => items.filter(() => random.nextFloat() < 0.4);
    const leases = (): Lease[] =>
      [...board.all()].map((task) => ({ ...board.leaseOf(task), epoch: task.leaseEpoch - random.nextInt(0, 1) }));
    const asks = [
      () => void board.send(NODES[random.nextInt(0, 1)] ?? 'node-1', some([...board.all()])),
      () => void board.accept(some(leases()).map((lease) => resultOf(lease, NODES[random.nextInt(0, 1)]))),
      () => some(leases()).forEach((lease) => board.end(lease, random.nextFloat() < 0.5 ? lost : failed)),
      () => board.takeBack(some(leases())),
      () => board.cancel(some([...board.all()]).slice(0, 1)),
      () => board.cancelLeases(some(leases()).slice(0, 1)),
    ];
    for (let step = 0; step < 60; step++) {
      const ended = [...board.all()].filter(({ state }) => state !== 'pending' && state !== 'sent').map(({ id, state }) => [id, state]);
      rows.failsNext = random.nextFloat() < 0.2 ? DISK_FULL : null;
      try {
        asks[random.nextInt(0, asks.length - 1)]?.();
      } catch (thrown) {
        expect(thrown).toBe(DISK_FULL);
      }
      expect(shown(board)).toEqual(shown(boardOf()));
      for (const [id, state] of ended) expect(board.get(id ?? '')?.state).toBe(state);
    }
  });
});
