// What is said of jobs. Pure.
import { nameJob } from '../../../shared/describe-job.js';
import type { Job } from '../../../shared/job.js';
import type { Notice } from '../../../shared/notification.js';

/**
 * Of a job; null while it is under way, where a person gave it up, and of care for the data folder that went well, which the program starts by
 * itself every day.
 */
export function noticeOfJob(job: Job): Notice | null {
  const { id, kind, state, startedAtMs, finishedAtMs } = job;
  if (state !== 'succeeded' && state !== 'failed') return null;
  if (kind === 'data-care' && state === 'succeeded') return null;
  const endedAtMs = instantOfJob(job);
  const rest = {
    key: `job:${id}:${endedAtMs}`,
    subject: job.subject,
    workedMs: finishedAtMs === null ? null : finishedAtMs - (startedAtMs ?? finishedAtMs),
  };
  if (state === 'succeeded') return { ...rest, kind: 'job-ended', title: `${nameJob(job)} has ended`, detail: job.outcome ?? '' };
  const why = [job.error?.message, job.error?.hint].filter((part) => part != null).map(sentence);
  return { ...rest, kind: 'job-failed', title: `${nameJob(job)} failed`, detail: why.join(' ') };
}

/** When it ended, as far as that is known: the end of one that was interrupted was seen by no one. */
export function instantOfJob({
  createdAtMs,
  startedAtMs,
  finishedAtMs,
}: Pick<Job, 'createdAtMs' | 'startedAtMs' | 'finishedAtMs'>): number {
  return finishedAtMs ?? startedAtMs ?? createdAtMs;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
