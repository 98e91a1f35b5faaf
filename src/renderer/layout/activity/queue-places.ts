// Where runs stand that wait for the same testbed. Pure.
import type { ActivityEntry } from '../../../shared/activity-entry.js';

export interface QueuePlace {
  isFirst: boolean;
  isLast: boolean;
}

/** By run id, of those that can change places; one that waits alone has no place to change. */
export function findQueuePlaces(entries: readonly ActivityEntry[]): ReadonlyMap<string, QueuePlace> {
  const waiting = entries.filter(({ kind, state }) => kind === 'run' && state === 'queued');
  const ids = new Set(waiting.map(({ id }) => id));
  const followed = new Set(waiting.map(({ waitsBehindId }) => waitsBehindId));
  return new Map(
    waiting.flatMap(({ id, waitsBehindId }): [string, QueuePlace][] => {
      const place = { isFirst: waitsBehindId === null || !ids.has(waitsBehindId), isLast: !followed.has(id) };
      return place.isFirst && place.isLast ? [] : [[id, place]];
    }),
  );
}
