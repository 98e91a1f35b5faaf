import { describe, expect, it } from 'vitest';
import { summariseDelays } from '../../../src/scheduling/metrics/delay-summary.js';
import { computeNodeDelays, computeNodeTimelines, computeRunMetrics } from '../../../src/scheduling/metrics/run-metrics.js';
import { judgeRun } from '../../../src/scheduling/metrics/run-validity.js';
import { buildTaskRecord } from '../../support/run-fixtures.js';

const bound = { lowerBoundMs: 20_000, lowerBoundRule: 'Equal tasks' };

describe('summariseDelays', () => {
  it('takes the nearest rank for the 95th percentile', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summariseDelays(values)).toEqual({ meanMs: 50.5, medianMs: 50.5, p95Ms: 95, maxMs: 100 });
  });

  it('gives the one value for everything', () => {
    expect(summariseDelays([7])).toEqual({ meanMs: 7, medianMs: 7, p95Ms: 7, maxMs: 7 });
  });

  it('has nothing to say of nothing', () => {
    expect(summariseDelays([])).toBeNull();
  });
});

describe('computeRunMetrics', () => {
  it('measures from the first planned arrival to the last accepted result', () => {
    const tasks = [buildTaskRecord(0, { arrivalMs: 500, acceptedMs: 9_000 }), buildTaskRecord(1, { arrivalMs: 700, acceptedMs: 25_500 })];
    expect(computeRunMetrics(bound, tasks)).toMatchObject({ totalGenerationDelayMs: 25_000, efficiency: 0.8 });
  });

  it('gives no efficiency while a task is open', () => {
    const open = buildTaskRecord(1, { state: 'sent', delays: null, acceptedMs: null });
    const metrics = computeRunMetrics(bound, [buildTaskRecord(0), open]);
    expect(metrics.efficiency).toBeNull();
    expect(metrics.service).not.toBeNull();
  });

  it('is empty before the first result', () => {
    const open = buildTaskRecord(0, { state: 'pending', delays: null, acceptedMs: null });
    expect(computeRunMetrics(bound, [open])).toMatchObject({ totalGenerationDelayMs: null, service: null, lowerBoundMs: 20_000 });
  });
});

describe('computeNodeTimelines', () => {
  it('gathers the busy intervals of each node in their order', () => {
    const nodes = [
      { id: 'node-1', name: 'ES 1' },
      { id: 'node-2', name: 'ES 2' },
    ];
    const tasks = [
      buildTaskRecord(0, { computeStartMs: 10_000, computeEndMs: 20_000, acceptedMs: 20_000 }),
      buildTaskRecord(1, { computeStartMs: 0, computeEndMs: 5_000, acceptedMs: 5_000 }),
    ];
    const [first, second] = computeNodeTimelines(nodes, tasks);
    expect(first).toMatchObject({ executed: 2, busyMs: 15_000, utilisation: 0.75 });
    expect(first?.intervals.map((interval) => interval.taskOrdinal)).toEqual([1, 0]);
    expect(second).toEqual({ nodeId: 'node-2', nodeName: 'ES 2', executed: 0, busyMs: 0, utilisation: 0, intervals: [] });
  });
});

describe('judgeRun', () => {
  const counts = { pending: 0, sent: 0, succeeded: 10, failed: 0, cancelled: 0 };
  const run = { state: 'succeeded' as const, nodesSnapshot: [{ name: 'ES 1', agentVersion: '0.1.0' }], invalidReasons: [] };

  it('finds a run valid that finished with all tasks', () => {
    expect(judgeRun(run, counts)).toEqual({ isValid: true, reasons: [] });
  });

  it('names failed and cancelled tasks', () => {
    expect(judgeRun({ ...run, state: 'stopped' }, { ...counts, failed: 1, cancelled: 2 }).reasons).toEqual([
      'The run was stopped before its end.',
      '1 of 13 tasks failed.',
      '2 of 13 tasks were cancelled.',
    ]);
  });

  it('does not compare nodes of different software', () => {
    const nodesSnapshot = [...run.nodesSnapshot, { name: 'ES 2', agentVersion: '0.2.0' }];
    expect(judgeRun({ ...run, nodesSnapshot }, counts).reasons).toEqual(['The nodes ran different agent versions: 0.1.0, 0.2.0.']);
  });

  it('keeps the reasons found while it ran', () => {
    expect(judgeRun({ ...run, invalidReasons: ['ES 2 was lost.'] }, counts)).toEqual({ isValid: false, reasons: ['ES 2 was lost.'] });
  });
});

describe('computeNodeDelays', () => {
  const nodes = [
    { id: 'node-1', name: 'ES 1' },
    { id: 'node-2', name: 'ES 2' },
  ];
  const delaysOf = (serviceMs: number) => ({
    uploadMs: 1,
    waitingMs: serviceMs - 13,
    computeMs: 10,
    downloadMs: 1,
    controlMs: 1,
    serviceMs,
  });

  it('averages part by part over what each node executed', () => {
    const tasks = [100, 300].map((serviceMs, ordinal) => buildTaskRecord(ordinal, { edgeServerId: 'node-1', delays: delaysOf(serviceMs) }));
    expect(computeNodeDelays(nodes, tasks)).toEqual([
      { nodeId: 'node-1', nodeName: 'ES 1', executed: 2, mean: delaysOf(200) },
      { nodeId: 'node-2', nodeName: 'ES 2', executed: 0, mean: null },
    ]);
  });

  it('leaves out tasks that did not succeed', () => {
    const failed = buildTaskRecord(0, { edgeServerId: 'node-1', state: 'failed' });
    expect(computeNodeDelays(nodes, [failed])[0]).toMatchObject({ executed: 0, mean: null });
  });
});
