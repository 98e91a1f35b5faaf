import { expect, it } from 'vitest';
import { replayRun } from '../../../src/main/domain/twin/replay-run.js';
import type { NodeSnapshot } from '../../../src/main/domain/runs/run-store.js';
import { describeReplay, replayRows } from '../../../src/shared/describe-twin.js';
import type { TaskRecord } from '../../../src/shared/run.js';
import { buildAttempt, buildTaskRecord, buildTiming } from '../../support/run-fixtures.js';

const nodeOf = (number: number, speedFactor: number): NodeSnapshot => ({
  ...buildTiming(number, { fixedSec: 0, secPerStep: 1, speedFactor }),
  ...{ ordinal: number, linkMbps: 1000, agentVersion: null, facts: null, worker: null },
});
const nodes = [nodeOf(1, 1), nodeOf(2, 0.5)];

/** Arrived at 0, admitted, computed and brought home at these model seconds. */
function taskOf(ordinal: number, edgeServerId: string, qualitySteps: number, [admitted, start, end, home]: number[]): TaskRecord {
  const delays = { uploadMs: 0, downloadMs: 0, resendMs: 0, controlMs: 0, computeMs: (end! - start!) * 1000 };
  return buildTaskRecord(ordinal, {
    ...{ edgeServerId, qualitySteps, computeStartMs: start! * 1000, computeEndMs: end! * 1000 },
    delays: { ...delays, waitingMs: (start! - admitted!) * 1000, serviceMs: home! * 1000 },
  });
}

const tasks = [
  // Taken in by node 1 in the other order than that of the ordinals; messages take a second each way.
  taskOf(0, 'node-1', 5, [2, 11, 16, 17]),
  taskOf(1, 'node-1', 10, [1, 1, 11, 12]),
  taskOf(2, 'node-2', 10, [1, 1, 21, 22]),
];

it('puts each task where and in the order in which the run has put it', () => {
  const replay = replayRun({ spec: {}, nodes, tasks, attempts: [] })!;
  // Without messages they are done at 15, 10 and 20 s.
  const errors = [2 / 17, 2 / 12, 2 / 22];
  expect(replay.whole.tasks).toBe(3);
  expect(replay.whole.alone?.mean).toBeCloseTo((errors[0]! + errors[1]! + errors[2]!) / 3, 4);
  expect(replay.whole.withMessages?.p95).toBeCloseTo(0, 9);
  expect(replay.messagesMs).toBe(2000);
  expect(replay.nodes.map(({ name, tasks: count }) => [name, count])).toEqual([
    ['ES 1', 2],
    ['ES 2', 1],
  ]);
  expect(replay.nodes[1]?.alone?.median).toBeCloseTo(errors[2]!, 4);
  expect(replayRows(replay).map(([name, count]) => [name, count])).toEqual([
    ['all', '3'],
    ['ES 1', '2'],
    ['ES 2', '1'],
  ]);
});

it('finds a node that is slower than its record', () => {
  const slow = [tasks[0]!, tasks[1]!, taskOf(2, 'node-2', 10, [1, 1, 31, 32])];
  const { nodes: rows } = replayRun({ spec: {}, nodes, tasks: slow, attempts: [] })!;
  expect(rows[0]?.withMessages?.p95).toBeCloseTo(0, 9);
  expect(rows[1]?.withMessages?.median).toBeCloseTo(10 / 32, 6);
});

it('goes by the order of the run', () => {
  const shortest = [
    taskOf(0, 'node-1', 10, [0, 0, 10, 10]),
    taskOf(1, 'node-1', 8, [1, 13, 21, 21]),
    taskOf(2, 'node-1', 3, [2, 10, 13, 13]),
  ];
  const errorOf = (spec: { queueOrder?: 'shortest-first' }) =>
    replayRun({ spec, nodes, tasks: shortest, attempts: [] })?.whole.withMessages?.p95;
  expect(errorOf({ queueOrder: 'shortest-first' })).toBeCloseTo(0, 9);
  expect(errorOf({})).toBeGreaterThan(0.1);
});

it('goes by the instants of a node, wherever the run’s axis has moved them', () => {
  // Task 1 was shifted by three seconds, so that its start seems to be after the admission of task 0.
  const shifted = [tasks[0]!, taskOf(1, 'node-1', 10, [4, 4, 14, 12]), tasks[2]!];
  const attempts = [buildAttempt(1, { axisShiftMs: 3000 })];
  expect(replayRun({ spec: {}, nodes, tasks: shifted, attempts })?.whole.withMessages?.p95).toBeCloseTo(0, 9);
  expect(replayRun({ spec: {}, nodes, tasks: shifted, attempts: [] })?.whole.withMessages?.p95).toBeGreaterThan(0.2);
});

it('leaves out what has no result', () => {
  const open = buildTaskRecord(3, { state: 'failed', delays: null, edgeServerId: null });
  const replay = replayRun({ spec: {}, nodes, tasks: [...tasks, open], attempts: [] })!;
  expect(replay).toMatchObject({ leftOut: 1, whole: { tasks: 3 } });
  expect(describeReplay(replay).at(-1)).toBe('Tasks without a result are left out: 1.');
  expect(replayRun({ spec: {}, nodes, tasks: [open], attempts: [] })).toBeNull();
});
