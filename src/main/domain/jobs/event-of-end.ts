// How a job has ended, as the event that is put on record of it.
import type { KindJob } from './job-kind.js';

export interface EndEvent {
  kind: string;
  subjectId: string;
  message: string;
}

/** `what` names the job: `Study “fig-6a”`. Null of one that has not ended. */
export function eventOfEnd(
  what: string,
  { id, kind, state, error }: Pick<KindJob<unknown>, 'id' | 'kind' | 'state' | 'error'>,
): EndEvent | null {
  switch (state) {
    case 'succeeded':
      return { kind: `${kind}-ended`, subjectId: id, message: `${what} has ended.` };
    case 'failed':
      return { kind: `${kind}-failed`, subjectId: id, message: error === null ? `${what} failed.` : `${what} failed: ${error.message}` };
    case 'cancelled':
      return { kind: `${kind}-cancelled`, subjectId: id, message: `${what} was canceled.` };
    case 'queued':
    case 'running':
    case 'stopping':
    case 'paused':
      return null;
  }
}
