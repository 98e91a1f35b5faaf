import { describe, expect, it } from 'vitest';
import { describeAttempt, reasonsAgainst, type LearningAttempt, type VersionComparison } from '../../../src/shared/on-the-job.js';

const better: VersionComparison = {
  loss: { mean: -0.01, halfWidth95: 0.004 },
  episodes: 12,
  decisions: 500,
  decisionMs: 0.1,
  regretBefore: 0.05,
  regretAfter: 0.04,
  regretDifference: { mean: -0.01, halfWidth95: 0.002 },
  failure: null,
};

describe('the verdict on a new version of a policy', () => {
  it('deploys what is not worse', () => {
    expect(reasonsAgainst(better)).toEqual([]);
    const same = { mean: 0, halfWidth95: 0 };
    expect(reasonsAgainst({ ...better, loss: same, regretDifference: same })).toEqual([]);
  });

  it.each([
    ['a mean that is no longer but not surely so', { loss: { mean: -0.001, halfWidth95: 0.0061 } }, '0.51 % longer'],
    ['a loss without an interval', { loss: { mean: -0.1, halfWidth95: null } }, 'unknown share'],
    ['no work', { loss: null }, 'unknown share'],
    ['a regret that may be larger', { regretDifference: { mean: 0.004, halfWidth95: 0.002 } }, '0.60 % of a task’s mean time'],
    ['no decisions', { regretDifference: null }, 'unknown share'],
    ['slow decisions', { decisionMs: 51.25 }, '51.3 ms'],
    ['a failure', { failure: 'it gives no number', loss: null, regretDifference: null }, 'it gives no number'],
  ])('refuses %s, and says so in numbers', (_what, change, text) => {
    const reasons = reasonsAgainst({ ...better, ...change });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(text);
  });

  it('is described with its figures or its reasons', () => {
    const attempt: LearningAttempt = {
      ...{ trainingId: 'training-2', testbedId: 'testbed-1', fromTrainingId: 'training-1', afterRunId: null, startedAtMs: 0 },
      ...{ state: 'deployed', decisions: 500, runs: 2, comparison: better, reasons: [] },
    };
    expect(describeAttempt(attempt)).toBe(
      'Not worse: mean delay on held-back work -1.00 % ± 0.40 %, regret on 500 decisions of runs -1.00 % ± 0.20 %.',
    );
    expect(describeAttempt({ ...attempt, state: 'not-deployed', reasons: ['One.', 'Two.'] })).toBe('One. Two.');
    expect(describeAttempt({ ...attempt, state: 'learning', comparison: null })).toContain('compared');
  });
});
