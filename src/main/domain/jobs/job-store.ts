// What the engine asks of durable storage: the life of every job in one table. What a kind keeps beside it in tables of its own is its own.
import type { AppErrorShape } from '../../../shared/errors.js';
import type { JobKind, JobLogLine, JobState, JobSubject } from '../../../shared/job.js';

/** The life of a job as it is on record; `stopping` is known to a running program alone. */
export interface JobHead {
  id: string;
  kind: JobKind;
  title: string;
  subject: JobSubject;
  state: Exclude<JobState, 'stopping'>;
  outcome: string | null;
  error: AppErrorShape | null;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
}

export interface StoredJob extends JobHead {
  /** The kind's own part, as JSON gives it back; null for a kind with tables of its own. */
  detail: unknown;
  log: readonly JobLogLine[];
}

export interface JobStore {
  /** Writes the whole job, new or known. */
  save(job: StoredJob): void;
  get(id: string): StoredJob | null;
  /** Newest first. */
  list(kind: JobKind): JobHead[];
  /** What else is kept under the ids goes with them. */
  delete(ids: readonly string[]): void;
}
