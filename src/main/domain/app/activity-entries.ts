// Runs and jobs as the Activity panel lists them. Pure.
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import { describeStanding, nameJob } from '../../../shared/describe-job.js';
import { formatQuantity, formatSeconds } from '../../../shared/format.js';
import type { PlannedStart } from '../../../shared/planned-start.js';
import { isOpenState, type Job, type JobState, type TimeLeft } from '../../../shared/job.js';
import type { RunState, RunSummary } from '../../../shared/run.js';

const JOB_STATES: Record<RunState, JobState> = {
  queued: 'queued',
  running: 'running',
  paused: 'paused',
  stopping: 'stopping',
  stopped: 'cancelled',
  succeeded: 'succeeded',
  failed: 'failed',
};

export function entryOfRun(run: RunSummary, remaining: TimeLeft | null): ActivityEntry {
  const { id, spec, series, counts, createdAtMs, startedAtMs, finishedAtMs } = run;
  const state = JOB_STATES[run.state];
  const isOpen = isOpenState(state) || state === 'paused';
  const done = counts.succeeded + counts.failed + counts.cancelled;
  return {
    ...{ kind: 'run', id, title: spec.name, subject: { kind: 'run', id, name: spec.name } },
    ...{ state, createdAtMs, startedAtMs, finishedAtMs },
    progress: isOpen ? { done, total: counts.total, unit: 'images', phase: null } : null,
    remaining: state === 'running' ? remaining : null,
    standing: isOpen ? standingOfOpen(run) : standingOfEnded(run),
    isInvalid: state === 'succeeded' && !run.validity.isValid,
    seriesId: series?.seriesId ?? null,
    waitsBehindId: run.waitsBehind?.id ?? null,
    ...(run.plannedStart && { plannedStart: run.plannedStart }),
    job: null,
  };
}

/** What a queued job waits for, where it is known. */
export interface JobWait {
  behind: { id: string; name: string } | null;
  plannedStart?: PlannedStart | undefined;
}

export function entryOfJob(job: Job, { behind, plannedStart }: JobWait = { behind: null }): ActivityEntry {
  const { id, kind, subject, state, progress, remaining, createdAtMs, startedAtMs, finishedAtMs } = job;
  return {
    ...{ kind, id, title: nameJob(job), subject, state, progress, remaining, createdAtMs, startedAtMs, finishedAtMs },
    standing: behind ? `Waits behind “${behind.name}”` : isOpenState(state) ? (progress?.phase ?? '') : describeStanding(job),
    ...{ isInvalid: false, seriesId: null, waitsBehindId: behind?.id ?? null, job },
    ...(plannedStart && { plannedStart }),
  };
}

/** Under way first, then paused ones, then what waits in its order, then what has ended, the newest first. */
export function sortEntries(entries: readonly ActivityEntry[]): ActivityEntry[] {
  const rank = ({ state }: ActivityEntry): number =>
    state === 'running' || state === 'stopping' ? 0 : state === 'paused' ? 1 : state === 'queued' ? 2 : 3;
  const queued = new Map(entries.filter(({ state }) => state === 'queued').map((entry) => [entry.id, entry]));
  const places = new Map([...queued].map(([id, entry]) => [id, placeOf(entry, queued)]));
  const compareOpen = (a: ActivityEntry, b: ActivityEntry): number => {
    const [left, right] = [places.get(a.id) ?? { head: a, steps: 0 }, places.get(b.id) ?? { head: b, steps: 0 }];
    const byHead = turnOf(left.head) - turnOf(right.head) || left.head.id.localeCompare(right.head.id);
    return byHead || left.steps - right.steps;
  };
  return [...entries].sort((a, b) => rank(a) - rank(b) || (rank(a) === 3 ? endOf(b) - endOf(a) : compareOpen(a, b)));
}

/** What waits for a time has its turn then. */
function turnOf({ plannedStart, createdAtMs }: ActivityEntry): number {
  return plannedStart?.atMs ?? createdAtMs;
}

/** The first of those that a waiting one comes after, and how many there are: their order may be another than that of their start. */
function placeOf(entry: ActivityEntry, queued: ReadonlyMap<string, ActivityEntry>): { head: ActivityEntry; steps: number } {
  let [head, steps] = [entry, 0];
  for (let before = behind(head); before && steps < queued.size; before = behind(head)) [head, steps] = [before, steps + 1];
  return { head, steps };

  function behind({ waitsBehindId }: ActivityEntry): ActivityEntry | undefined {
    return waitsBehindId === null ? undefined : queued.get(waitsBehindId);
  }
}

export function endOf({ finishedAtMs, createdAtMs }: Pick<ActivityEntry, 'finishedAtMs' | 'createdAtMs'>): number {
  return finishedAtMs ?? createdAtMs;
}

function standingOfOpen({ waitsBehind, testbedName }: RunSummary): string {
  return waitsBehind ? `Waits for ${testbedName}, behind “${waitsBehind.name}”` : '';
}

function standingOfEnded({ counts, metrics, validity, isSimulated, state }: RunSummary): string {
  const images = formatQuantity(counts.succeeded, 'image');
  if (state !== 'succeeded') return `${images} of ${formatQuantity(counts.total, 'task')}`;
  const marks = [...(isSimulated ? ['simulated'] : []), validity.isValid ? 'valid' : 'invalid'].join(', ');
  return `${images}, Total ${formatSeconds(metrics.totalGenerationDelayMs)}, ${marks}`;
}
