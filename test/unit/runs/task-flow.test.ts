import { describe, expect, it } from 'vitest';
import type { BoardTask } from '../../../src/main/domain/runs/task-board.js';
import { TaskFlow } from '../../../src/main/domain/runs/task-flow.js';

const MINUTE_MS = 60_000;

function task(ordinal: number, baseStationId: string, state: BoardTask['state'] = 'sent'): BoardTask {
  return { id: `task-${ordinal}`, ordinal, baseStationId, state } as BoardTask;
}

/** A flow on a clock that the test moves, over a board of these tasks. */
function build(tasks: readonly BoardTask[] = []) {
  let atMs = 1_000_000;
  const flow = new TaskFlow(() => atMs);
  const board = {
    get: (id: string) => tasks.find((each) => each.id === id),
    sent: () => tasks.filter(({ state }) => state === 'sent'),
  };
  return { flow, wait: (ms: number) => (atMs += ms), read: (nodes: Parameters<TaskFlow['read']>[1] = []) => flow.read(board, nodes) };
}

describe('the flow of tasks', () => {
  it('counts the results of the last minute by base station and edge server', () => {
    const { flow, wait, read } = build();
    flow.accepted(task(0, 'bs-1'), 'es-2');
    wait(30_000);
    flow.accepted(task(1, 'bs-1'), 'es-2');
    flow.accepted(task(2, 'bs-2'), 'es-1');
    expect(read().links).toEqual([
      { baseStationId: 'bs-1', edgeServerId: 'es-2', lastMinute: 2 },
      { baseStationId: 'bs-2', edgeServerId: 'es-1', lastMinute: 1 },
    ]);
    wait(30_000);
    expect(read().links[0]).toMatchObject({ lastMinute: 1 });
    wait(30_000);
    expect(read().links).toEqual([]);
  });

  it('keeps the last forty results, oldest first', () => {
    const { flow, read } = build();
    for (let ordinal = 0; ordinal < 100; ordinal += 1) flow.accepted(task(ordinal, 'bs-1'), 'es-1');
    expect(read().results.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 40 }, (_, index) => 60 + index));
  });

  it('says whose task an edge server computes, and nothing of one that is back already', () => {
    const { read } = build([task(0, 'bs-1'), task(1, 'bs-1', 'succeeded')]);
    const nodes = [
      { nodeId: 'es-1', runningTaskId: 'task-0' },
      { nodeId: 'es-2', runningTaskId: 'task-1' },
      { nodeId: 'es-3', runningTaskId: null },
    ];
    expect(read(nodes).running).toEqual([{ edgeServerId: 'es-1', baseStationId: 'bs-1', taskId: 'task-0', ordinal: 0 }]);
  });

  it('counts what each base station has out', () => {
    const { read } = build([task(0, 'bs-1'), task(1, 'bs-2'), task(2, 'bs-1'), task(3, 'bs-1', 'pending')]);
    expect(read().out).toEqual([
      { baseStationId: 'bs-1', count: 2 },
      { baseStationId: 'bs-2', count: 1 },
    ]);
  });

  it('counts results by the minute, the last entry the minute up to now', () => {
    const { flow, wait, read } = build();
    flow.accepted(task(0, 'bs-1'), 'es-1');
    flow.accepted(task(1, 'bs-1'), 'es-1');
    wait(MINUTE_MS);
    wait(MINUTE_MS / 2);
    flow.accepted(task(2, 'bs-1'), 'es-1');
    expect(read()).toMatchObject({ perMinute: [2, 1], coveredMs: MINUTE_MS });
  });

  it('forgets what is more than an hour old', () => {
    const { flow, wait, read } = build();
    for (let minute = 0; minute < 90; minute += 1) {
      flow.accepted(task(minute, 'bs-1'), 'es-1');
      wait(MINUTE_MS);
    }
    const { perMinute } = read();
    expect(perMinute).toHaveLength(60);
    expect(perMinute.every((count) => count <= 1)).toBe(true);
  });
});
