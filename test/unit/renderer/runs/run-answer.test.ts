import { expect, it } from 'vitest';
import { listAnswer, listDelayCells } from '../../../../src/renderer/views/runs/run-answer.js';
import { buildRunSummary } from '../../../support/run-fixtures.js';

const noteOfBound = (run: Parameters<typeof listAnswer>[0]): unknown => listAnswer(run).find(({ label }) => label === 'Lower bound')?.note;

it('says beside the bound of a run that was stopped that it is of all tasks, since the total is of those that were made', () => {
  const run = buildRunSummary();
  expect(noteOfBound(run)).toBe('no scheduler can beat it');
  const counts = { ...run.counts, succeeded: 60, cancelled: 40 };
  expect(noteOfBound({ ...run, state: 'stopped', counts })).toBe('of all 100 tasks; 60 were made');
  expect(noteOfBound({ ...run, state: 'running', counts })).toBe('no scheduler can beat it');
});

it('leaves percentiles of few tasks out of the delays, each with its reason, and never the mean or the longest', () => {
  const run = buildRunSummary();
  const cellsOf = (succeeded: number) => listDelayCells({ ...run, counts: { ...run.counts, succeeded } }, 'service');
  expect(cellsOf(59)).toEqual([{ ms: 180_000 }, { ms: 181_000 }, { ms: 350_000 }, { ms: 369_000 }]);
  expect(cellsOf(5)).toEqual([
    { ms: 180_000 },
    { ms: null, reason: 'Left out with fewer than 6 tasks' },
    { ms: null, reason: 'Left out with fewer than 59 tasks' },
    { ms: 369_000 },
  ]);
  // What was not measured has no such reason.
  expect(listDelayCells({ ...run, metrics: { ...run.metrics, service: null } }, 'service')[2]).toEqual({ ms: null });
});

it('says the total in other words below it only where these differ, and the real time where time is scaled', () => {
  const run = buildRunSummary();
  const noteOf = (totalGenerationDelayMs: number, timeScale: number): unknown =>
    listAnswer({ ...run, timeScale, metrics: { ...run.metrics, totalGenerationDelayMs } })[0]?.note;
  expect(noteOf(14_800, 1)).toBeNull();
  expect(noteOf(14_800, 100)).toBe('real time 148 ms');
  expect(noteOf(370_000, 1)).toBe('6 min 10 s');
  expect(noteOf(370_000, 100)).toBe('6 min 10 s; real time 3.7 s');
});
