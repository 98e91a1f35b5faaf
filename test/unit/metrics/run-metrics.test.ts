import { describe, expect, it } from 'vitest';
import { summarizeDelays } from '../../../src/scheduling/metrics/delay-summary.js';
import { computeNodeDelays, computeNodeTimelines, computeRunMetrics } from '../../../src/scheduling/metrics/run-metrics.js';
import { describeMissingEfficiency } from '../../../src/shared/describe-efficiency.js';
import { buildTaskRecord, buildTiming } from '../../support/run-fixtures.js';

const bound = { lowerBoundMs: 20_000, lowerBoundRule: 'Equal tasks', timeScale: 100, hostDelay: null, nodesSnapshot: [buildTiming(1)] };

describe('summarizeDelays', () => {
  it('takes the nearest rank for the 95th percentile', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarizeDelays(values)).toEqual({ meanMs: 50.5, medianMs: 50.5, p95Ms: 95, maxMs: 100 });
  });

  it('gives the one value for everything', () => {
    expect(summarizeDelays([7])).toEqual({ meanMs: 7, medianMs: 7, p95Ms: 7, maxMs: 7 });
  });

  it('has nothing to say of nothing', () => {
    expect(summarizeDelays([])).toBeNull();
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

describe('the efficiency', () => {
  const quick = buildTaskRecord(0, { acceptedMs: 19_000 });

  it('is not told above 100 %, since the bound is then wrong', () => {
    const metrics = computeRunMetrics(bound, [quick]);
    expect(metrics.efficiency).toBeNull();
    expect(metrics.efficiencyProblem).toContain('Above 100 %');
    expect(describeMissingEfficiency(metrics)).toBe('bound is wrong');
  });

  it('is not told of nodes that were never measured, nor is the bound', () => {
    const nodesSnapshot = [buildTiming(1), buildTiming(2, { timingSource: 'assumed' })];
    const metrics = computeRunMetrics({ ...bound, nodesSnapshot }, [buildTaskRecord(0, { acceptedMs: 25_000 })]);
    expect(metrics).toMatchObject({
      efficiency: null,
      lowerBoundMs: null,
      lowerBoundRule: null,
      efficiencyProblem: 'Not calibrated: ES 2.',
    });
    expect(describeMissingEfficiency(metrics)).toBe('not calibrated');
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
    expect(first).toMatchObject({ executed: 2, busyMs: 15_000, utilization: 0.75 });
    expect(first?.intervals.map((interval) => interval.taskOrdinal)).toEqual([1, 0]);
    expect(second).toEqual({ nodeId: 'node-2', nodeName: 'ES 2', executed: 0, busyMs: 0, utilization: 0, intervals: [] });
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
    resendMs: 0,
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
