// What has come to its end while no one looked, in words. Pure.
import { z } from 'zod';
import type { Activity } from '../../../shared/activity.js';
import { describeActivity } from './closing-words.js';

/** What continued before and does no longer. */
export function endedSince(before: readonly Activity[], now: readonly Activity[]): Activity[] {
  const going = new Set(now.map(({ kind, id }) => `${kind} ${id}`));
  return before.filter(({ kind, id }) => !going.has(`${kind} ${id}`));
}

export interface EndNotice {
  title: string;
  body: string;
}

/** What of a run's summary the notice shows. */
export const endedRunSchema = z.object({
  state: z.string(),
  counts: z.object({ total: z.number(), succeeded: z.number(), failed: z.number() }),
  validity: z.object({ isValid: z.boolean() }),
});

/** `run` is what is on record of a run that has ended; null for anything else, or where it is gone. */
export function describeEnd(activity: Activity, run: z.infer<typeof endedRunSchema> | null): EndNotice {
  const kind = describeActivity({ ...activity, total: 0, state: 'going' });
  if (!run) return { title: `${kind} has ended`, body: 'Open the window to see what came of it.' };
  const { counts, state, validity } = run;
  const body = `${counts.succeeded} of ${counts.total} tasks succeeded${counts.failed > 0 ? `, ${counts.failed} failed` : ''}.`;
  switch (state) {
    case 'succeeded':
      return { title: `${kind} is done`, body: validity.isValid ? body : `${body} It is not valid for comparisons.` };
    case 'failed':
      return { title: `${kind} has failed`, body };
    case 'stopped':
      return { title: `${kind} was stopped`, body };
    case 'paused':
      return { title: `${kind} is paused`, body };
    default:
      return { title: `${kind} has ended`, body };
  }
}
