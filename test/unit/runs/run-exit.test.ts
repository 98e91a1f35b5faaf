import { describe, expect, it } from 'vitest';
import { exitOfRun } from '../../../src/main/shells/cli/run-exit.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const toItsEnd = { isInterrupted: false, isOfWindow: false };
const counts = buildRunSummary().counts;

describe('the exit status of a run', () => {
  it('is 0 when every task succeeded', () => {
    expect(exitOfRun(buildRunSummary(), toItsEnd)).toEqual({ status: 0, remark: null });
  });

  it('is 5, in words, when tasks are missing, whatever the run is called', () => {
    const run = buildRunSummary({ counts: { ...counts, succeeded: 87, cancelled: 12, failed: 1 } });
    const missing = { status: 5, remark: '13 of 100 tasks have no result: 1 failed, 12 cancelled.' };
    expect(exitOfRun(run, toItsEnd)).toEqual(missing);
    expect(exitOfRun({ ...run, state: 'failed' }, toItsEnd)).toEqual(missing);
  });

  it('is 130 when it was interrupted, with the command that continues, or stopped', () => {
    const run = buildRunSummary({ state: 'running', counts: { ...counts, succeeded: 40, sent: 60 } });
    expect(exitOfRun(run, { isInterrupted: true, isOfWindow: false })).toEqual({
      status: 130,
      remark: 'Interrupted after 40 of 100 tasks. Resume: npm run cli -- run resume run-1',
    });
    expect(exitOfRun(run, { isInterrupted: true, isOfWindow: true }).remark).toBe(
      'Interrupted after 40 of 100 tasks. The run continues in the open window.',
    );
    expect(exitOfRun({ ...run, state: 'stopped' }, toItsEnd).status).toBe(130);
  });
});
