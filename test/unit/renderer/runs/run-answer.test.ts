import { expect, it } from 'vitest';
import { listAnswer } from '../../../../src/renderer/views/runs/run-answer.js';
import { buildRunSummary } from '../../../support/run-fixtures.js';

const noteOfBound = (run: Parameters<typeof listAnswer>[0]): unknown => listAnswer(run).find(({ label }) => label === 'Lower bound')?.note;

it('says beside the bound of a run that was stopped that it is of all tasks, since the total is of those that were made', () => {
  const run = buildRunSummary();
  expect(noteOfBound(run)).toBe('no scheduler can beat it');
  const counts = { ...run.counts, succeeded: 60, cancelled: 40 };
  expect(noteOfBound({ ...run, state: 'stopped', counts })).toBe('of all 100 tasks; 60 were made');
  expect(noteOfBound({ ...run, state: 'running', counts })).toBe('no scheduler can beat it');
});
