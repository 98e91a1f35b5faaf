import { describe, expect, it } from 'vitest';
import { type AuditInput, auditRun } from '../../../src/scheduling/metrics/audit-run.js';
import { lowerBound } from '../../../src/scheduling/metrics/lower-bound.js';
import { computeRunMetrics } from '../../../src/scheduling/metrics/run-metrics.js';
import type { AttemptRecord, TaskRecord } from '../../../src/shared/run.js';
import { buildAttempt, buildTaskRecord, buildTiming } from '../../support/run-fixtures.js';

/** Two tasks of 13.8 s, one after the other on ES 1, as they come out of the program. */
function buildInput(): AuditInput & { tasks: TaskRecord[]; attempts: AttemptRecord[] } {
  const second = { uploadMs: 1, waitingMs: 13_802, computeMs: 13_800, downloadMs: 3, resendMs: 0, controlMs: 4, serviceMs: 27_610 };
  const tasks = [
    buildTaskRecord(0),
    buildTaskRecord(1, { delays: second, computeStartMs: 13_803, computeEndMs: 27_603, acceptedMs: 27_610 }),
  ];
  const nodesSnapshot = [buildTiming(1)];
  const bound = lowerBound({ tasks: tasks.map(({ qualitySteps }) => ({ arrivalSec: 0, qualitySteps })), nodes: nodesSnapshot });
  const run = {
    id: 'run-1',
    spec: { taskCount: 2 },
    timeScale: 100,
    startedAtMs: 1_000,
    finishedAtMs: 1_377,
    clockStoppedMs: 100,
    lowerBoundMs: (bound?.lowerBoundSec ?? 0) * 1000,
    lowerBoundRule: 'Equal tasks',
    hostDelay: null,
    axis: 'run' as const,
    nodesSnapshot,
  };
  const counts = { total: 2, pending: 0, sent: 0, succeeded: 2, failed: 0, cancelled: 0, resent: 0 };
  const attempts = [buildAttempt(0), buildAttempt(1, { endedMs: 27_610, stationServiceMs: 27_610 })];
  return { run, tasks, attempts, summary: { counts, metrics: computeRunMetrics(run, tasks) } };
}

/** The problems that the audit finds when one row is another. */
function problemsWith(change: { task?: Partial<TaskRecord>; attempt?: Partial<AttemptRecord> }): string {
  const input = buildInput();
  const [first, ...others] = input.tasks;
  const [sending, ...otherSendings] = input.attempts;
  if (!first || !sending) throw new Error('the input has tasks');
  const tasks = [{ ...first, ...change.task }, ...others];
  const attempts = [{ ...sending, ...change.attempt }, ...otherSendings];
  return auditRun({ ...input, tasks, attempts })
    .findings.map(({ subject, problem }) => `${subject}: ${problem}`)
    .join('\n');
}

describe('auditRun', () => {
  it('finds no contradiction in a run as it comes out of the program', () => {
    const audit = auditRun(buildInput());
    expect(audit).toMatchObject({ runId: 'run-1', findingCount: 0, findings: [], notChecked: [] });
    expect(audit.checkCount).toBeGreaterThan(50);
  });

  it.each<[what: string, change: Parameters<typeof problemsWith>[0], problem: string]>([
    ['accepted before its computation ended', { task: { computeStartMs: 20_000, computeEndMs: 33_800 } }, 'before its computation ended'],
    ['an attempt that ended by the wall clock', { attempt: { endedMs: 1_790_000_000_000 } }, 'before the sending 1 ended'],
    ['a computation before it was sent', { attempt: { sentMs: 5_000 } }, 'It started to compute at 3, before it was first sent at 5000'],
    ['a delay of the last lease only', { task: { delays: { ...delaysOf(), serviceMs: 9_000 } } }, 'its parts sum up to'],
    [
      'a delay that the base station did not measure',
      { attempt: { stationServiceMs: 12_000 } },
      'Its service delay is 13810, recomputed 12000',
    ],
    ['an end after the end of the run', { task: { acceptedMs: 40_000 }, attempt: { endedMs: 40_000 } }, 'The run ended at 27700'],
    [
      'two computations at once on one worker',
      { task: { computeEndMs: 13_805, computeStartMs: 5 } },
      'the end of task 1 on the same worker',
    ],
    ['a task that is still out', { task: { state: 'sent', delays: null, acceptedMs: null } }, 'It is sent, though the run has ended'],
    ['a sending that never ended', { attempt: { state: 'sent', endedMs: null } }, 'sending 1 has not ended'],
    ['a success without an image', { task: { imageSha256: null } }, 'without an image'],
    ['an edge server from nowhere', { task: { edgeServerId: 'node-9' }, attempt: { edgeServerId: 'node-9' } }, 'none of the nodes'],
    ['a lease that no sending has', { task: { leaseEpoch: 2 } }, 'Its lease is 2, recomputed 1'],
    ['a clock that was far off', { attempt: { axisShiftMs: -250_000 } }, "off the run's by 250000 ms"],
  ])('finds %s', (_what, change, problem) => {
    expect(problemsWith(change)).toContain(problem);
  });

  it('finds figures that are not those of the rows', () => {
    const input = buildInput();
    const metrics = { ...input.summary.metrics, totalGenerationDelayMs: 27_000, efficiency: 1.015 };
    const { findings } = auditRun({ ...input, summary: { ...input.summary, metrics } });
    expect(findings.map(({ problem }) => problem)).toEqual([
      'The total generation delay is 27000, recomputed 27610.',
      expect.stringContaining('The efficiency is 1.015, recomputed'),
      'Its efficiency is above 100 %: 1.015.',
    ]);
  });

  it('counts as re-sent what was sent after an attempt, also where a pause took that sending back, and not what was sent after a pause', () => {
    const input = buildInput();
    const [first] = input.attempts;
    const numbersOf = (state: AttemptRecord['state'], later: AttemptRecord['state']): string[] =>
      auditRun({
        ...input,
        attempts: [
          { ...first!, state },
          { ...first!, state: later, leaseEpoch: 2 },
        ],
      })
        .findings.map(({ problem }) => problem)
        .filter((problem) => problem.includes('re-sent'));
    const isMissed = ['The number of tasks re-sent is 0, recomputed 1.'];
    expect(numbersOf('failed', 'succeeded')).toEqual(isMissed);
    expect(numbersOf('failed', 'withdrawn')).toEqual(isMissed);
    expect(numbersOf('withdrawn', 'succeeded')).toEqual([]);
  });

  it('finds tasks that are missing', () => {
    const input = buildInput();
    const { findings } = auditRun({ ...input, tasks: input.tasks.slice(0, 1) });
    expect(findings[0]).toEqual({ subject: 'Run', problem: 'The number of tasks is 2, recomputed 1.' });
  });

  it('names a hundred contradictions and counts all', () => {
    const input = buildInput();
    const tasks = Array.from({ length: 150 }, (_, ordinal) =>
      buildTaskRecord(ordinal, { state: 'pending', delays: null, acceptedMs: null }),
    );
    const audit = auditRun({ ...input, tasks });
    expect(audit.findings).toHaveLength(100);
    expect(audit.findingCount).toBeGreaterThan(150);
  });

  it('does not hold rows of an earlier version against an axis they are not on, and says so', () => {
    const input = buildInput();
    const [first] = input.tasks;
    if (!first) throw new Error('the input has tasks');
    const late = { ...first, computeStartMs: 740_000, computeEndMs: 753_800 };
    const audit = auditRun({ ...input, run: { ...input.run, axis: 'nodes' }, tasks: [late, ...input.tasks.slice(1)] });
    expect(audit.findings).toEqual([]);
    expect(audit.notChecked).toEqual([expect.stringContaining('an earlier version recorded them on other axes')]);
  });
});

function delaysOf() {
  const { delays } = buildTaskRecord(0);
  if (!delays) throw new Error('a succeeded task has delays');
  return delays;
}
