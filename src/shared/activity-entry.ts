// A run or a job as the Activity panel lists it: one shape for everything that takes long.
import type { PlannedStart } from './planned-start.js';
import type { Job, JobKind, JobProgress, JobState, JobSubject, TimeLeft } from './job.js';

export interface ActivityEntry {
  kind: 'run' | JobKind;
  id: string;
  /** `Live 1000`, `Provision “Lab”`. */
  title: string;
  subject: { kind: JobSubject['kind'] | 'run'; id: string | null; name: string };
  /** Of a run that a person stopped: `cancelled`. */
  state: JobState;
  /** Of an open one; null before anything is known. */
  progress: JobProgress | null;
  /** REAL seconds; null where it does not run, or before there is a pace. */
  remaining: TimeLeft | null;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** What came of it, or why it waits or failed, in words; empty where there is nothing to say. */
  standing: string;
  /** Of a run that has ended. */
  isInvalid: boolean;
  /** The series that a run was started by. */
  seriesId: string | null;
  /** The run or series that a waiting one comes after, waiting too or not; null of all else. */
  waitsBehindId: string | null;
  /** Absent unless it waits for a time. */
  plannedStart?: PlannedStart;
  /** What a job is asked through; null of a run. */
  job: Job | null;
}
