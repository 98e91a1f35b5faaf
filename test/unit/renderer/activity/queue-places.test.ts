import { expect, it } from 'vitest';
import { sortEntries } from '../../../../src/main/domain/app/activity-entries.js';
import { findQueuePlaces } from '../../../../src/renderer/layout/activity/queue-places.js';
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

it('the first can only come later and the last only earlier; who waits alone has no place to change', () => {
  const entries = [running, waiting('c', 'now', 5), waiting('b', 'c', 2), waiting('d', 'b', 4), other];
  expect([...findQueuePlaces(entries)]).toEqual([
    ['c', { isFirst: true, isLast: false }],
    ['b', { isFirst: false, isLast: false }],
    ['d', { isFirst: false, isLast: true }],
  ]);
});
