// How long what is left of a series will take, by the runs that are in. Pure.
import type { RunSummary } from '../../../shared/run.js';
import type { SeriesCell, SeriesSpec } from '../../../shared/series.js';

type TimedRun = Pick<RunSummary, 'series' | 'startedAtMs' | 'finishedAtMs'>;

/**
 * REAL seconds; null before a run of the series has ended. A cell whose scheduler has not had its condition yet takes as long as the others
 * took under it; a condition that no scheduler has had is measured by tasks.
 */
export function remainingSeriesSec(spec: SeriesSpec, cells: readonly SeriesCell[], runs: readonly TimedRun[]): number | null {
  const timed = runs.flatMap(({ series, startedAtMs, finishedAtMs }) =>
    series === null || series.repetition === 0 || startedAtMs === null || finishedAtMs === null
      ? []
      : [{ ...series, sec: (finishedAtMs - startedAtMs) / 1000 }],
  );
  const tasksOf = (condition: number): number => spec.conditions[condition]?.taskCount ?? 0;
  const tasks = timed.reduce((sum, { condition }) => sum + tasksOf(condition), 0);
  if (tasks === 0) return null;
  const secPerTask = timed.reduce((sum, { sec }) => sum + sec, 0) / tasks;
  const left = cells.filter(({ state }) => state === 'waiting' || state === 'running');
  return left.reduce((sum, { condition, scheduler }) => {
    const under = timed.filter((run) => run.condition === condition);
    const own = under.filter((run) => run.scheduler === scheduler);
    const known = own.length > 0 ? own : under;
    const sec = known.length > 0 ? known.reduce((total, run) => total + run.sec, 0) / known.length : secPerTask * tasksOf(condition);
    return sum + sec + spec.coolDown.sec;
  }, 0);
}
