// What a kind of job plugs into the engine: what it does, what is told of it, and how it can be stopped. The engine does the rest.
import type { z } from 'zod';
import type { AppError, AppErrorShape } from '../../../shared/errors.js';
import type { JobKind, JobProgress, JobState, JobSubject } from '../../../shared/job.js';
import type { JobHead, StoredJob } from './job-store.js';

/** Of kinds whose jobs are a history and no record of their own. */
export const KEEP_ENDED = 50;

/** A job with its kind's own part. Snapshots: the engine replaces them, no one changes them. */
export interface KindJob<Detail> extends Omit<StoredJob, 'state' | 'detail'> {
  state: JobState;
  detail: Detail;
}

/** What the work sees of the job that it does. */
export interface JobContext<Detail> {
  readonly id: string;
  readonly subject: JobSubject;
  /** The newest detail. */
  readonly detail: Detail;
  /** Aborts when the rest is to be given up, or when the program ends and does not wait any longer. */
  readonly cancelling: AbortSignal;
  /** Aborts when the job is to stop so that it can be resumed. */
  readonly pausing: AbortSignal;
  /** From `queued` to `running`. */
  start(): void;
  /** Replaces the detail where one is given, and tells anyone who watches. Memory only: `keep` writes. */
  change(detail?: Detail): void;
  /** Puts the job as it stands on disk. Where the disk refuses it, the record stays behind until the end. */
  keep(): void;
  /** Adds a line to the job's log. */
  log(text: string): void;
}

/** How the work ended. */
export interface JobEnd {
  state: 'succeeded' | 'failed' | 'paused' | 'cancelled';
  outcome?: string | null;
  error?: AppErrorShape | null;
}

export type JobWork<Detail> = (context: JobContext<Detail>) => Promise<JobEnd>;

/** One answer for all jobs of a kind, or one for each, told by the title: lists read jobs without their details. */
export type PerJob<Answer> = Answer | ((job: Pick<JobHead, 'title'>) => Answer);

export interface JobKindOptions<Detail> {
  kind: JobKind;
  /** Ids start with it. */
  idPrefix: string;
  /** What is being done, for the log: `calibration`. */
  doing: string;
  /** Reads the detail back from disk. */
  detailSchema: z.ZodType<Detail>;
  /** Ended jobs beyond so many are forgotten, the oldest first; `all` keeps them until someone removes them. */
  keepEnded: number | 'all';
  /** Starts `queued`, and says itself when it starts (`context.begin`). */
  waitsItsTurn?: boolean;
  /** Whether it can stop so that it continues from what it has. */
  canPause: PerJob<boolean>;
  canCancel: boolean;
  /** What a job is reported as whose program ended before it was done. */
  interruptedState: PerJob<'paused' | 'failed'>;
  /** Whether an ended or paused job can be resumed. */
  isResumable(job: Pick<KindJob<unknown>, 'state' | 'error'>): boolean;
  /** The detail to continue from; the one that there is where absent. Throws where it can't continue now. */
  resumeFrom?(job: KindJob<Detail>): Detail;
  /** Resumes in another way than by doing the work again under the same id; returns the id of the job that continues. */
  resume?(id: string): string;
  /** The detail of a job whose program ended before it was done. */
  interrupt?(detail: Detail): Detail;
  /** How far it is. `remainingSec` where the kind knows better than by the pace of `progress`. */
  describe(job: KindJob<Detail>): { progress: JobProgress | null; remainingSec?: number | null };
  /** Does the work of a job; called when it is started or resumed. What it throws ends the job as failed, or as what was asked of it. */
  run: JobWork<Detail>;
  /** Hears of each job that has ended, once its end is known; not of one that is paused. */
  onEnd?(job: KindJob<Detail>): void;
  notFound(id: string): AppError;
}

/** Of work that is done as a whole: it can be canceled but not paused, and what did not succeed can be done again. */
export const WHOLE_WORK = {
  keepEnded: KEEP_ENDED,
  canPause: false,
  canCancel: true,
  interruptedState: 'failed',
  isResumable: ({ state }) => state !== 'succeeded',
} as const satisfies Partial<JobKindOptions<unknown>>;

/** What a job starts its life with. */
export interface NewJob<Detail> extends Pick<JobHead, 'title' | 'subject'> {
  detail: Detail;
  /** Its own id where it has one already. */
  id?: string;
}
