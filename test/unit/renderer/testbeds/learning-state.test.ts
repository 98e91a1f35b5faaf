import { describe, expect, it } from 'vitest';
import { badgeOfAttempt, describeKept, problemOfLearning } from '../../../../src/renderer/views/testbeds/learning-state.js';
import type { OnTheJobStatus } from '../../../../src/shared/on-the-job.js';

const status: OnTheJobStatus = {
  ...{ testbedId: 'testbed-1', isOn: true, decisions: 500, runs: 2, trainingId: 'training-1', obstacle: null, attempts: [] },
};

describe('the panel of learning on the job', () => {
  it('lets a testbed learn that has something to learn from and to continue', () => {
    expect(problemOfLearning(status)).toBeNull();
    expect(problemOfLearning({ ...status, isOn: false })).toBeNull();
  });

  it.each([
    ['a series has it', { obstacle: 'Series “Table V” is in progress.' }, 'Nothing is kept or learned now.'],
    ['there is no policy', { trainingId: null }, 'train one'],
    ['nothing is on record', { decisions: 0 }, 'The next run'],
    ['nothing is kept', { decisions: 0, isOn: false }, 'switched off'],
  ])('says why not where %s', (_what, change, text) => {
    expect(problemOfLearning({ ...status, ...change })).toContain(text);
  });

  it('counts what is on record, and says that nothing comes to it while it is off', () => {
    expect(describeKept(status)).toBe('On record: 500 decisions of 2 runs.');
    expect(describeKept({ ...status, isOn: false, decisions: 0, runs: 0 })).toBe('Nothing is recorded while this is switched off.');
  });

  it('waits for the attempt under way', () => {
    const attempt = {
      ...{
        trainingId: 'training-2',
        testbedId: 'testbed-1',
        fromTrainingId: 'training-1',
        afterRunId: null,
        startedAtMs: 0,
        state: 'learning' as const,
      },
      ...{ decisions: 500, runs: 2, comparison: null, reasons: [] },
    };
    expect(problemOfLearning({ ...status, attempts: [attempt] })).toBe('It learns already.');
    expect(badgeOfAttempt('not-deployed')).toEqual({ tone: 'warning', label: 'Not deployed' });
  });
});
