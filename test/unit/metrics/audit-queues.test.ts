import { describe, expect, it } from 'vitest';
import { AuditChecks } from '../../../src/scheduling/metrics/audit-checks.js';
import { auditQueues } from '../../../src/scheduling/metrics/audit-queues.js';
import type { AttemptRecord, TaskRecord } from '../../../src/shared/run.js';
import type { QueueOrder } from '../../../src/shared/scheduling-settings.js';
import { buildAttempt, buildTaskRecord } from '../../support/run-fixtures.js';

/** Of a task at one node: when it came there and was started, seconds, and how many steps it has. */
type Row = [admittedSec: number, startSec: number, steps: number];

function findings(queueOrder: QueueOrder, rows: readonly Row[], attemptsOf: (ordinal: number) => Partial<AttemptRecord>[] = () => [{}]) {
  const tasks: TaskRecord[] = rows.map(([admittedSec, startSec, steps], ordinal) =>
    buildTaskRecord(ordinal, {
      computedSteps: steps,
      computeStartMs: startSec * 1000,
      delays: {
        ...{ uploadMs: 0, waitingMs: (startSec - admittedSec) * 1000, computeMs: 1000, downloadMs: 0, resendMs: 0, controlMs: 0 },
        serviceMs: 1000,
      },
    }),
  );
  const attempts = new Map(tasks.map(({ id, ordinal }) => [id, attemptsOf(ordinal).map((each) => buildAttempt(ordinal, each))]));
  const checks = new AuditChecks();
  auditQueues(checks, tasks, attempts, { queueOrder, toleranceMs: 2_000, nodeNames: new Map([['node-1', 'ES 1']]) });
  return checks.report('run-1').findings.map(({ problem }) => problem);
}

/** Three tasks that came together: the middle one is the shortest and was executed before the longest. */
const SHORT_ONES_FIRST: Row[] = [
  [0, 0, 19],
  [0, 40, 15],
  [0, 20, 10],
];

describe('the order in which nodes executed', () => {
  it('is none of first come, first served where a task that came long before waited on', () => {
    const rows: Row[] = [
      [0, 0, 10],
      [5, 40, 10],
      [12, 20, 10],
    ];
    expect(findings('first-come-first-served', rows)).toEqual(['Task 3 was executed before task 2, which had come there before it.']);
    expect(findings('shortest-first', rows)).toEqual([]);
  });

  it('is none of shortest first where a longer task was taken of those that waited', () => {
    const rows: Row[] = [
      [0, 0, 19],
      [0, 20, 15],
      [0, 40, 10],
    ];
    expect(findings('shortest-first', rows)).toEqual(['Task 2 was executed before task 3, which is shorter and waited there too.']);
    expect(findings('shortest-first', SHORT_ONES_FIRST)).toEqual([]);
  });

  it('calls no task late that was not there yet', () => {
    const rows: Row[] = [
      [0, 0, 19],
      [0, 20, 15],
      [19, 40, 10],
    ];
    expect(findings('shortest-first', rows)).toEqual([]);
  });

  it('says nothing of tasks that came together, or were sent again: a newer lease takes the place of the older', () => {
    expect(findings('first-come-first-served', SHORT_ONES_FIRST)).toEqual([]);
    const rows: Row[] = [
      [0, 0, 10],
      [5, 40, 10],
      [12, 20, 10],
    ];
    const again = (ordinal: number) => (ordinal === 1 ? [{ state: 'withdrawn' as const }, {}] : [{}]);
    expect(findings('first-come-first-served', rows, again)).toEqual([]);
  });
});
