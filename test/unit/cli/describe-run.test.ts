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
