// Long work of every kind: one shape and one set of states, whatever is being done.
import type { AppErrorShape } from './errors.js';

/** Every kind of job. `model-job` adds a model to the record or refines one; `data-care` checks, backs up or makes images again. */
export const JOB_KINDS = [
  'provisioning',
  'model-push',
  'model-job',
  'wheels',
  'calibration',
  'training',
  'study',
  'series',
  'data-care',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const JOB_KIND_TITLES: Record<JobKind, string> = {
  provisioning: 'Provisioning',
  'model-push': 'Model push',
  'model-job': 'Model file',
  wheels: 'Wheels',
  calibration: 'Calibration',
  training: 'Training',
  study: 'Study',
  series: 'Series',
  'data-care': 'Data folder',
};

/**
 * The states of a job and of its parts. `queued` has not started; `stopping` was asked to pause or cancel and has not ended yet; `paused` can be
 * resumed, and also stands for a job whose program ended before it was done.
 */
export const JOB_STATES = ['queued', 'running', 'stopping', 'paused', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Whether the job is under way or waits for its turn. */
export function isOpenState(state: JobState): boolean {
  return state === 'queued' || state === 'running' || state === 'stopping';
}

export type JobUnit = 'nodes' | 'bytes' | 'images' | 'episodes' | 'cells' | 'items';

export interface JobProgress {
  done: number;
  /** Null while it is not known. */
  total: number | null;
  unit: JobUnit;
  /** What is being done now, in words; null where the unit says it all. */
  phase: string | null;
}

/** The time left as the last predictions had it: the truth lies outside it when the pace changes. */
export interface TimeLeft {
  lowSec: number;
  highSec: number;
}

/** What the job is about, with the name that it had when the job was started. */
export interface JobSubject {
  kind: 'testbed' | 'model' | 'model-file' | 'wheels' | 'training' | 'study' | 'series' | 'data-folder';
  /** Null where the subject has no page of its own. */
  id: string | null;
  name: string;
}

export type JobCommand = 'pause' | 'cancel' | 'resume';

export interface Job {
  id: string;
  kind: JobKind;
  /** What is done, without the subject: `Calibrate`; whole where that is the data folder: `Back up the database`. */
  title: string;
  subject: JobSubject;
  state: JobState;
  /** Null where it has ended, or nothing is known yet. */
  progress: JobProgress | null;
  /** Null where it does not run, or before there is a pace. */
  remaining: TimeLeft | null;
  /** What can be asked of it now. */
  commands: JobCommand[];
  /** Whether its kind can stop so that it continues later; what can't is canceled by a pause of everything. */
  canPause: boolean;
  /** What came of it, in words. */
  outcome: string | null;
  error: AppErrorShape | null;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
}

export interface JobLogLine {
  atMs: number;
  text: string;
}

/** A job with its log, oldest line first; bounded, the oldest lines go. */
export interface JobDetail extends Job {
  log: readonly JobLogLine[];
}
