// What is under way, what waits, and what has ended today. Pure.
import type { ActivityEntry } from '../../../shared/activity-entry.js';

export interface EntryGroup {
  title: 'Running' | 'Paused' | 'Queued' | 'Planned' | 'Ended today';
  entries: ActivityEntry[];
}

/** In the order of the list, without groups that are empty. `nowMs`: by the clock of who looks. */
export function groupEntries(entries: readonly ActivityEntry[], nowMs: number): EntryGroup[] {
  const groups: EntryGroup[] = [
    { title: 'Running', entries: entries.filter(({ state }) => state === 'running' || state === 'stopping') },
    { title: 'Paused', entries: entries.filter(({ state }) => state === 'paused') },
    { title: 'Queued', entries: entries.filter(({ state, plannedStart }) => state === 'queued' && !plannedStart) },
    // Also those that missed their time: they wait for a person, not for their turn.
    { title: 'Planned', entries: entries.filter(({ state, plannedStart }) => state === 'queued' && plannedStart) },
    { title: 'Ended today', entries: entries.filter((entry) => hasEndedToday(entry, nowMs)) },
  ];
  return groups.filter((group) => group.entries.length > 0);
}

function hasEndedToday({ state, finishedAtMs, createdAtMs }: ActivityEntry, nowMs: number): boolean {
  if (state !== 'succeeded' && state !== 'failed' && state !== 'cancelled') return false;
  return new Date(finishedAtMs ?? createdAtMs).toDateString() === new Date(nowMs).toDateString();
}
