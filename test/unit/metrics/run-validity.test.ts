import { describe, expect, it } from 'vitest';
import { computeMachineShare, warnOfMachineShare } from '../../../src/scheduling/metrics/machine-share.js';
import { endStateOf, CANCELED_ON_REQUEST } from '../../../src/scheduling/metrics/run-end.js';
import { assessRun, type RunEvidence } from '../../../src/scheduling/metrics/run-validity.js';
import type { TaskDelays } from '../../../src/shared/run.js';
import { buildTaskRecord, buildTiming } from '../../support/run-fixtures.js';

const run = {
  state: 'succeeded' as const,
  timeScale: 1000,
  axis: 'run' as const,
  nodesSnapshot: [{ ...buildTiming(1), agentVersion: '0.1.0' }],
  invalidReasons: [],
};
const evidence: RunEvidence = {
  counts: { pending: 0, sent: 0, succeeded: 10, failed: 0, cancelled: 0, resent: 0 },
  metrics: { efficiencyProblem: null, machine: { controlShare: 0.01, hostDelayMs: 1, hostDelayShare: 0.01 } },
  tasks: [],
};
const withMachine = (machine: RunEvidence['metrics']['machine']): RunEvidence => ({
  ...evidence,
  metrics: { efficiencyProblem: null, machine },
});
const delays = (change: Partial<TaskDelays>): TaskDelays => ({
  uploadMs: 0,
  waitingMs: 0,
  computeMs: 0,
  downloadMs: 0,
  resendMs: 0,
  controlMs: 0,
  serviceMs: 0,
  ...change,
});

describe('assessRun', () => {
  it('finds a run valid that finished with all tasks', () => {
    expect(assessRun(run, evidence)).toEqual({ isValid: true, reasons: [], limitations: [] });
  });

  it('names failed and canceled tasks', () => {
    const counts = { ...evidence.counts, failed: 1, cancelled: 2 };
    expect(assessRun({ ...run, state: 'stopped' }, { ...evidence, counts }).reasons).toEqual([
      'The run was stopped before its end.',
      '1 of 13 tasks failed.',
      '2 of 13 tasks were canceled.',
    ]);
  });

  it('does not compare nodes of different software', () => {
    const nodesSnapshot = [...run.nodesSnapshot, { ...buildTiming(2), agentVersion: '0.2.0' }];
    expect(assessRun({ ...run, nodesSnapshot }, evidence).reasons).toEqual(['The nodes ran different agent versions: 0.1.0, 0.2.0.']);
  });

  it('keeps the reasons found while it ran', () => {
    expect(assessRun({ ...run, invalidReasons: ['ES 2 was lost.'] }, evidence)).toMatchObject({
      isValid: false,
      reasons: ['ES 2 was lost.'],
    });
  });

  it('holds a run invalid of whose service delay control is above 5 %, and names the time scale', () => {
    const { isValid, reasons } = assessRun(run, withMachine({ controlShare: 0.87, hostDelayMs: 1, hostDelayShare: 0.01 }));
    expect(isValid).toBe(false);
    expect(reasons).toEqual([
      'Control is 87.0 % of the mean service delay (limit 5.0 %): this machine is too slow for this batch, since time scale ×1,000 multiplies the time that it takes. Run it again on a testbed with a lower time scale.',
    ]);
  });

  it('holds a run invalid whose machine was late by more than 5 % of the service delay', () => {
    expect(assessRun(run, withMachine({ controlShare: 0.01, hostDelayMs: 3, hostDelayShare: 0.06 })).reasons).toEqual([
      'This machine was 3.0 ms late on average times time scale ×1,000: 6.0 % of the mean service delay (limit 5.0 %). Run it again on a testbed with a lower time scale.',
    ]);
  });

  it('judges the control of a real run by the same limit', () => {
    const { reasons } = assessRun({ ...run, timeScale: 1 }, withMachine({ controlShare: 0.08, hostDelayMs: 1, hostDelayShare: 0 }));
    expect(reasons).toEqual(['Control is 8.0 % of the mean service delay (limit 5.0 %): the programs and their calls took too much.']);
  });

  it('takes exactly 5 % as valid', () => {
    expect(assessRun(run, withMachine({ controlShare: 0.05, hostDelayMs: 1, hostDelayShare: 0.05 })).isValid).toBe(true);
  });

  it('limits a run with few re-sent tasks, and holds one invalid that lost much by them', () => {
    const counts = { ...evidence.counts, resent: 1 };
    const resent = (resendMs: number) =>
      assessRun(run, { ...evidence, counts, tasks: [buildTaskRecord(0, { delays: delays({ resendMs, serviceMs: 100_000 }) })] });
    expect(resent(1_000)).toEqual({
      isValid: true,
      reasons: [],
      limitations: ['1 task was re-sent; what was lost by it is 1.0 % of the mean service delay.'],
    });
    expect(resent(8_800).reasons).toEqual(['1 task was re-sent; what was lost by it is 8.8 % of the mean service delay (limit 5.0 %).']);
  });

  it('says what an earlier version did not record', () => {
    const { isValid, limitations } = assessRun(
      { ...run, axis: 'nodes' },
      withMachine({ controlShare: 0.01, hostDelayMs: null, hostDelayShare: null }),
    );
    expect(isValid).toBe(true);
    expect(limitations).toEqual([
      'How late this machine was during the run was not recorded.',
      "The instants of its computations are on each node's own axis, as an earlier version recorded them.",
    ]);
  });
});

describe('the share of the machine', () => {
  const twoTasks = [delays({ controlMs: 1_000, serviceMs: 10_000 }), delays({ controlMs: 3_000, serviceMs: 30_000 })];

  it('is mean control, and mean host delay times time scale, over the mean service delay', () => {
    expect(computeMachineShare(twoTasks, 1000, { meanMs: 4, maxMs: 9, sampleCount: 5 })).toEqual({
      controlShare: 0.1,
      hostDelayMs: 4,
      hostDelayShare: 0.2,
    });
  });

  it('is not known before a result', () => {
    expect(computeMachineShare([], 1000, null)).toEqual({ controlShare: null, hostDelayMs: null, hostDelayShare: null });
  });

  it('is warned of while the run is in progress, once there are results enough', () => {
    const share = computeMachineShare(twoTasks, 1000, null);
    expect(warnOfMachineShare(share, { timeScale: 1000, resultCount: 9, nodeCount: 2 })).toEqual([]);
    const [warning] = warnOfMachineShare(share, { timeScale: 1000, resultCount: 10, nodeCount: 2 });
    expect(warning).toMatch(/^So far: Control is 10\.0 %.*Stop it and take a testbed of a lower time scale\.$/);
  });
});

describe('the end of a run', () => {
  const task = (state: 'succeeded' | 'cancelled' | 'failed', errorMessage: string | null = null) => ({ state, errorMessage });

  it('is no success when a task was canceled that no one cancelled', () => {
    expect(endStateOf('running', [task('succeeded'), task('cancelled')])).toBe('failed');
    expect(endStateOf('running', [task('succeeded'), task('failed', 'peer lost')])).toBe('failed');
  });

  it('is a success when all that is missing was canceled by hand', () => {
    expect(endStateOf('running', [task('succeeded'), task('cancelled', CANCELED_ON_REQUEST)])).toBe('succeeded');
  });

  it('is a stop when it was stopping', () => {
    expect(endStateOf('stopping', [task('cancelled')])).toBe('stopped');
  });
});
