// What is said aloud of work under way: at each quarter, else once a minute, however often its figures change. Pure but for what it remembers.
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import { describeProgress, describeTimeLeft } from '../../../shared/describe-job.js';

/** Real ms. */
const EVERY_MS = 60_000;
const QUARTERS = 4;

interface Spoken {
  quarter: number;
  done: number;
  atMs: number;
}

/** Asked with what is under way at each change; null where nothing is to be said. */
export function createProgressSpeech(): (underWay: readonly ActivityEntry[], nowMs: number) => string | null {
  let spokenOf: ReadonlyMap<string, Spoken> = new Map();

  return (underWay, nowMs) => {
    const due: ActivityEntry[] = [];
    const next = new Map<string, Spoken>();
    for (const entry of underWay) {
      const done = entry.progress?.done ?? 0;
      const quarter = quarterOf(entry);
      const before = spokenOf.get(entry.id);
      // Seen for the first time: whoever started it knows.
      const isDue = before !== undefined && done > before.done && (quarter > before.quarter || nowMs - before.atMs >= EVERY_MS);
      if (isDue) due.push(entry);
      next.set(entry.id, before && !isDue ? before : { quarter, done, atMs: nowMs });
    }
    spokenOf = next;
    return due.length === 0 ? null : due.map(describe).join(' ');
  };
}

/** Whole quarters that are done; the end is said by its notification. */
function quarterOf({ progress }: ActivityEntry): number {
  if (!progress?.total) return 0;
  return Math.min(QUARTERS - 1, Math.floor((QUARTERS * progress.done) / progress.total));
}

function describe({ title, progress, remaining }: ActivityEntry): string {
  const percent = progress?.total ? `${Math.floor((100 * progress.done) / progress.total)} percent` : null;
  const parts = [percent, describeProgress(progress), describeTimeLeft(remaining)].filter((part) => part !== null);
  return `${title}: ${parts.join(', ')}.`;
}
