// Where runs and series stand that wait for the same testbed. Pure.
import type { ActivityEntry } from '../../../shared/activity-entry.js';

export interface QueuePlace {
  /** From 0, of those that wait for the same testbed. */
  index: number;
  /** The ids of all of them, in the order in which they get it. */
  queue: readonly string[];
}

/** By id, of those that can change places; one that waits alone, or for a time, has no place to change. */
export function findQueuePlaces(entries: readonly ActivityEntry[]): ReadonlyMap<string, QueuePlace> {
  const waiting = entries.filter(
    ({ kind, state, plannedStart }) => (kind === 'run' || kind === 'series') && state === 'queued' && !plannedStart,
  );
  const ids = new Set(waiting.map(({ id }) => id));
  const next = new Map(waiting.map(({ id, waitsBehindId }) => [waitsBehindId, id]));
  const places = new Map<string, QueuePlace>();
  for (const { id, waitsBehindId } of waiting) {
    if (waitsBehindId === null || ids.has(waitsBehindId)) continue;
    const queue: string[] = [];
    for (let each: string | undefined = id; each !== undefined && !queue.includes(each); each = next.get(each)) queue.push(each);
    if (queue.length > 1) queue.forEach((member, index) => places.set(member, { index, queue }));
  }
  return places;
}

export interface QueueMove {
  to: 'earlier' | 'later';
  places: number;
}

/** How one gets to where another of its queue is: before it from below, after it from above. Null where they are of different queues. */
export function moveOnto(places: ReadonlyMap<string, QueuePlace>, id: string, targetId: string): QueueMove | null {
  const [mine, target] = [places.get(id), places.get(targetId)];
  if (!mine || mine.queue !== target?.queue || mine.index === target.index) return null;
  const steps = target.index - mine.index;
  return { to: steps < 0 ? 'earlier' : 'later', places: Math.abs(steps) };
}

/** By one place; null at the end of the queue. */
export function moveByOne({ index, queue }: QueuePlace, to: QueueMove['to']): QueueMove | null {
  return (to === 'earlier' ? index === 0 : index === queue.length - 1) ? null : { to, places: 1 };
}
