// What is in progress in the whole program, as one list. Pure: it reads the records of runs and jobs.
import type { Activity } from '../../../shared/activity.js';
import { isOpenState, type Job } from '../../../shared/job.js';
import type { OpenRun } from '../runs/open-run.js';

/** What may be in progress; ended ones among them are left out. */
export interface Records {
  runs: readonly OpenRun[];
  jobs: readonly Job[];
}

/** Runs first, then jobs, the oldest first. */
export function listActivity({ runs, jobs }: Records): Activity[] {
  return [...runs.flatMap(ofRun), ...[...jobs].sort((a, b) => a.createdAtMs - b.createdAtMs).flatMap(ofJob)];
}

function ofRun({ run: { id, spec, state, counts }, isStandingStill }: OpenRun): Activity[] {
  const isPausing = state === 'paused' && !isStandingStill;
  if (state !== 'queued' && state !== 'running' && state !== 'stopping' && !isPausing) return [];
  return [
    {
      kind: 'run',
      id,
      name: spec.name,
      done: counts.succeeded + counts.failed + counts.cancelled,
      total: counts.total,
      unit: 'tasks',
      state: state === 'queued' ? 'waiting' : isPausing || state === 'stopping' ? 'pausing' : 'going',
      canPause: true,
    },
  ];
}

/** Work on the data folder is left out: the program starts it by itself, and no one minds when it ends with the window. */
function ofJob({ id, kind, title, subject, state, progress, canPause }: Job): Activity[] {
  if (!isOpenState(state) || kind === 'data-care') return [];
  const name = kind === 'model-job' ? `${title}: ${subject.name}` : subject.name;
  const now = state === 'queued' ? 'waiting' : state === 'running' ? 'going' : 'pausing';
  const { done, total, unit } = progress ?? { done: 0, total: null, unit: 'bytes' };
  return [{ kind, id, name, done, total: total ?? 0, unit: unit === 'items' ? 'tasks' : unit, state: now, canPause }];
}
