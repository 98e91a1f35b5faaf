import { expect, it } from 'vitest';
import { sortEntries } from '../../../../src/main/domain/app/activity-entries.js';
import { findQueuePlaces, moveByOne, moveOnto } from '../../../../src/renderer/layout/activity/queue-places.js';
import type { ActivityEntry } from '../../../../src/shared/activity-entry.js';

function waiting(id: string, waitsBehindId: string | null, createdAtMs: number): ActivityEntry {
  return {
    ...{
      kind: 'run',
      id,
      title: id,
      subject: { kind: 'run', id, name: id },
      state: 'queued',
      progress: null,
      remaining: null,
      createdAtMs,
    },
    ...{ startedAtMs: null, finishedAtMs: null, standing: '', isInvalid: false, seriesId: null, waitsBehindId, job: null },
  };
}
const running = { ...waiting('now', null, 1), state: 'running' as const };
const other = waiting('other', 'elsewhere', 3);

it('runs that wait are listed in the order in which they come, whatever was started first', () => {
  // The last that was started was put first.
  const entries = [waiting('b', 'c', 2), waiting('c', 'now', 5), other, waiting('d', 'b', 4), running];
  expect(sortEntries(entries).map(({ id }) => id)).toEqual(['now', 'other', 'c', 'b', 'd']);
});

it('what waits for a time is listed where that time comes', () => {
  const planned = { ...waiting('night', null, 1), plannedStart: { atMs: 100, isMissed: false } };
  expect(sortEntries([planned, waiting('b', 'now', 2), running]).map(({ id }) => id)).toEqual(['now', 'b', 'night']);
});

it('each has its place among those that wait for the same testbed; who waits alone or for a time has none to change', () => {
  const planned = { ...waiting('e', null, 6), plannedStart: { atMs: 9, isMissed: false } };
  const places = findQueuePlaces([running, waiting('c', 'now', 5), waiting('b', 'c', 2), waiting('d', 'b', 4), other, planned]);
  expect([...places]).toEqual(['c', 'b', 'd'].map((id, index) => [id, { index, queue: ['c', 'b', 'd'] }]));
});

it('series have queues of their own', () => {
  const series = (id: string, behind: string): ActivityEntry => ({ ...waiting(id, behind, 1), kind: 'series' });
  const places = findQueuePlaces([waiting('c', 'now', 5), waiting('b', 'c', 2), series('s', 'r'), series('t', 's')]);
  expect(places.get('t')).toEqual({ index: 1, queue: ['s', 't'] });
  expect(moveOnto(places, 't', 'c')).toBeNull();
});

it('moves by one to the end of its queue, and onto another by as many places as lie between', () => {
  const places = findQueuePlaces([running, waiting('c', 'now', 5), waiting('b', 'c', 2), waiting('d', 'b', 4)]);
  expect([moveByOne(places.get('c')!, 'earlier'), moveByOne(places.get('c')!, 'later')]).toEqual([null, { to: 'later', places: 1 }]);
  expect(moveByOne(places.get('d')!, 'later')).toBeNull();
  expect(moveOnto(places, 'd', 'c')).toEqual({ to: 'earlier', places: 2 });
  expect(moveOnto(places, 'c', 'd')).toEqual({ to: 'later', places: 2 });
  expect(moveOnto(places, 'c', 'c')).toBeNull();
});
