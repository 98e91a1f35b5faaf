import { expect, it } from 'vitest';
import { describeRun, validityWord } from '../../../src/main/shells/cli/describe-run.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

it('calls a run valid or invalid only once it has ended', () => {
  const ended = buildRunSummary({});
  const invalid = { ...ended.validity, isValid: false, reasons: ['The run has not finished.'] };
  const running = { ...ended, state: 'running' as const, finishedAtMs: null, validity: invalid };
  const failed = { ...ended, state: 'failed' as const, validity: { ...invalid, reasons: ['3 tasks failed.'] } };

  expect([ended, running, failed].map(validityWord)).toEqual(['valid', '–', 'invalid']);
  expect(describeRun(running)).toMatch(/valid +not known before it has ended/);
  expect(describeRun(failed)).toMatch(/valid +no: 3 tasks failed\./);
});

it('leaves percentiles of few tasks out, and says how many it takes', () => {
  const run = buildRunSummary();
  const delaysOf = (succeeded: number): string | undefined =>
    /service delay +(.+)/.exec(describeRun({ ...run, counts: { ...run.counts, succeeded } }))?.[1];
  expect(delaysOf(59)).toBe('mean 180.0 s, median 181.0 s, p95 350.0 s');
  expect(delaysOf(58)).toBe('mean 180.0 s, median 181.0 s, p95 – (fewer than 59 tasks)');
  expect(delaysOf(5)).toBe('mean 180.0 s, median – (fewer than 6 tasks), p95 – (fewer than 59 tasks)');
});
