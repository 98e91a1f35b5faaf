import { describe, expect, it } from 'vitest';
import { groupFailures } from '../../../../src/renderer/views/runs/group-failures.js';
import { sortLanes } from '../../../../src/renderer/views/runs/lane-order.js';
import { noteSeen, RunBarStore, toLanes } from '../../../../src/renderer/views/runs/run-bars.js';
import { describeInstant, nameStandstill } from '../../../../src/renderer/views/runs/run-time.js';
import { listTimelineRows } from '../../../../src/renderer/views/runs/timeline-rows.js';
import type { FailedSending, TaskBar } from '../../../../src/shared/run-board.js';
import { buildRunSummary } from '../../../support/run-fixtures.js';
import { buildLane } from '../gantt/lanes.js';
import { buildNodeLive } from './node-live.js';
import { buildRunLive } from './run-live.js';

const bar = (ordinal: number, edgeServerId: string, computeStartMs: number): TaskBar => ({
  ...{ ordinal, edgeServerId, computeStartMs, qualitySteps: 10, baseStationId: 'n1', arrivalMs: 0, attempts: 1 },
  computeEndMs: computeStartMs + 10,
  acceptedMs: computeStartMs + 12,
  delays: { uploadMs: 1, waitingMs: 7, computeMs: 10, downloadMs: 1, resendMs: 0, controlMs: 1, serviceMs: 20 },
});
const sending = (ordinal: number, message: string, change: Partial<FailedSending> = {}): FailedSending => ({
  ...{ ordinal, message, baseStationId: 'n1', edgeServerId: null, sentMs: 5, endedMs: 9 },
  ...change,
});
const nodes = [
  { nodeId: 'n1', nodeName: 'node-1' },
  { nodeId: 'n2', nodeName: 'node-2' },
];

describe('RunBarStore', () => {
  it('orders what comes in any order, each task once', () => {
    const store = new RunBarStore();
    store.add({ bars: [bar(3, 'n1', 30), bar(1, 'n1', 10)], failedSendings: [] });
    store.add({ bars: [bar(3, 'n1', 30), bar(2, 'n1', 20), bar(4, 'n2', 5)], failedSendings: [] });
    expect(store.tasksOf('n1').map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    expect(store.count).toBe(4);
    expect(store.serviceMs).toHaveLength(4);
    expect(store.shares).toEqual({ uploadMs: 0.05, waitingMs: 0.35, computeMs: 0.5, downloadMs: 0.05, resendMs: 0, controlMs: 0.05 });
  });

  it('continues a little before the newest, for what is stored in another order than it came', () => {
    const store = new RunBarStore();
    expect(store.cursor(100)).toBeNull();
    store.add({ bars: [bar(1, 'n1', 1000)], failedSendings: [] });
    expect(store.cursor(100)).toEqual({ acceptedMs: 912, ordinal: -1 });
  });
});

describe('toLanes', () => {
  const store = new RunBarStore();
  store.add({ bars: [bar(1, 'n1', 0)], failedSendings: [sending(1, 'lost', { edgeServerId: 'n2' })] });
  const live = buildRunLive(
    { timeScale: 10 },
    {
      elapsedMs: 100_000,
      nodes: [
        buildNodeLive('n1', { runningTaskId: 't', runningOrdinal: 7 }),
        buildNodeLive('n2', { isConnected: false, lastCheckInAgeSec: 2 }),
      ],
    },
  );

  const nothingSeen = new Map();

  it('has the task that runs now as a bar that grows from when it was first seen', () => {
    const first = noteSeen(nothingSeen, { ...live, elapsedMs: 60_000 }, store);
    const seen = noteSeen(first, live, store);
    const [lane] = toLanes({ store, nodes, live, seen });
    expect(lane?.tasks.at(-1)).toMatchObject({ ordinal: 7, startMs: 60_000, endMs: 100_000, delays: null, isOnItsWay: false });
    const ended = { ...live, run: { ...live.run, state: 'succeeded' as const } };
    expect(toLanes({ store, nodes, live: ended, seen })[0]?.tasks).toHaveLength(1);
  });

  it('keeps a task that is computed until its result comes, and none that the node was lost with', () => {
    const results = new RunBarStore();
    const at = (elapsedMs: number, runningOrdinal: number | null, isConnected = true) => ({
      ...live,
      elapsedMs,
      nodes: [buildNodeLive('n1', { runningOrdinal, runningSteps: 4, isConnected })],
    });
    const running = noteSeen(nothingSeen, at(10_000, 7), results);
    const next = noteSeen(running, at(20_000, 8), results);
    expect(toLanes({ store: results, nodes, live: at(30_000, 8), seen: next })[0]?.tasks).toMatchObject([
      { ordinal: 7, steps: 4, startMs: 10_000, endMs: 20_000, isOnItsWay: true },
      { ordinal: 8, startMs: 20_000, endMs: 30_000, isOnItsWay: false },
    ]);
    expect(noteSeen(next, at(30_000, null, false), results).get('n1')).toEqual([]);
    results.add({ bars: [bar(7, 'n1', 10_010)], failedSendings: [] });
    const [lane] = toLanes({ store: results, nodes, live: at(30_000, 8), seen: next });
    expect(lane?.tasks.map(({ ordinal, delays }) => [ordinal, delays !== null])).toEqual([
      [7, true],
      [8, false],
    ]);
    expect(noteSeen(next, at(30_000, 8), results).get('n1')).toMatchObject([{ ordinal: 8 }]);
  });

  it('shows a node that fell silent as lost since its last word, in model time, with what failed there', () => {
    const lost = toLanes({ store, nodes, live, seen: nothingSeen })[1];
    expect(lost).toMatchObject({ isLost: true, losses: [{ fromMs: 80_000, toMs: 100_000 }], failures: [{ ordinal: 1, atMs: 9 }] });
  });

  it('keeps earlier losses, and shows one that lasts once; of an ended run to its end', () => {
    const losses = [
      { nodeId: 'n2', fromMs: 10, toMs: 20 },
      { nodeId: 'n2', fromMs: 50, toMs: null },
    ];
    const spans = [
      { fromMs: 10, toMs: 20 },
      { fromMs: 50, toMs: 100_000 },
    ];
    expect(toLanes({ store, nodes, live: { ...live, losses }, seen: nothingSeen })[1]?.losses).toEqual(spans);
    const ended = { ...live, losses, run: { ...live.run, state: 'succeeded' as const } };
    expect(toLanes({ store, nodes, live: ended, seen: nothingSeen })[1]).toMatchObject({ losses: spans, isLost: false });
  });
});

describe('groupFailures', () => {
  it('takes causes that differ in figures and names of nodes for one, the most frequent first', () => {
    const groups = groupFailures({
      nodes,
      recent: [{ taskId: '', ordinal: -1, message: 'The run waits for the disk.', atMs: 1 }],
      sendings: [
        sending(4, 'Base station node-1 did not answer for 10 s.'),
        sending(5, 'Base station n2 did not answer for 12 s.', { baseStationId: 'n2' }),
        sending(5, 'Base station node-2 did not answer for 12 s.', { baseStationId: 'n2' }),
      ],
    });
    expect(groups.map(({ count, ordinals, nodeNames }) => [count, ordinals, nodeNames])).toEqual([
      [3, [4, 5], ['node-1', 'node-2']],
      [1, [], []],
    ]);
    expect(groups[0]?.action).toContain('re-sent to other nodes');
  });
});

describe('sortLanes', () => {
  const lanes = [buildLane('busy', [0, 90]), buildLane('idle', [0, 10]), { ...buildLane('gone', [0, 95]), isLost: true }];
  const order = (sort: 'node' | 'idle' | 'backlog'): string[] =>
    sortLanes(lanes, sort, { elapsedMs: 100, backlogOf: (id) => (id === 'busy' ? 9 : 1) }).map(({ id }) => id);

  it('has lost nodes first, then those that idle or have most to do', () => {
    expect(order('node')).toEqual(['busy', 'idle', 'gone']);
    expect(order('idle')).toEqual(['gone', 'idle', 'busy']);
    expect(order('backlog')).toEqual(['gone', 'busy', 'idle']);
  });
});

describe('the timeline as a table', () => {
  it('has tasks and failed sendings in the order of their starts', () => {
    const lane = { ...buildLane('a', [0, 10, 20]), failures: [{ ordinal: 1, fromMs: 5, atMs: 9, message: 'no answer' }] };
    expect(listTimelineRows([lane]).map(({ outcome }) => outcome)).toEqual(['Succeeded', 'Failed: no answer', 'Succeeded']);
  });
});

describe('describeInstant', () => {
  const startedAtMs = new Date(2026, 10, 30, 12, 0).getTime();
  const nowMs = startedAtMs + 3_600_000;

  it('is the time of day where model time is real, with what the run stood still', () => {
    const run = buildRunSummary({ timeScale: 1, startedAtMs });
    expect(describeInstant(60_000, { run, standstills: [], nowMs })).toBe('12:01');
    expect(describeInstant(60_000, { run, standstills: [{ atMs: 30_000, realMs: 600_000 }], nowMs })).toBe('12:11');
  });

  it('is how long after the start it was elsewhere', () => {
    expect(describeInstant(382_000, { run: buildRunSummary({ timeScale: 60 }), standstills: [], nowMs })).toBe('6 min 22 s');
  });

  it('names how long a run stood still', () => {
    expect(nameStandstill({ atMs: 0, realMs: 182_000 })).toBe('paused 3 min 2 s');
    expect(nameStandstill({ atMs: 0, realMs: null })).toBe('paused');
  });
});
