// What title, icon and task bar say of what is under way.
import { describe, expect, it } from 'vitest';
import { listQueued, listUnderWay } from '../../../../src/renderer/composables/useActivity.js';
import { groupEntries } from '../../../../src/renderer/layout/activity/entry-groups.js';
import { describeJobCount, makeHeadline } from '../../../../src/renderer/layout/activity/headline.js';
import { groupNotifications } from '../../../../src/renderer/layout/activity/notification-groups.js';
import { iconOf } from '../../../../src/renderer/layout/activity/progress-icon.js';
import { pickForSystem } from '../../../../src/renderer/layout/activity/system-notices.js';
import { countWaiting } from '../../../../src/renderer/views/jobs/count-waiting.js';
import type { ActivityEntry } from '../../../../src/shared/activity-entry.js';
import type { Notification } from '../../../../src/shared/notification.js';
import { buildActivityEntry } from '../../../support/activity-fixtures.js';

const left = (highSec: number): ActivityEntry['remaining'] => ({ lowSec: 0, highSec });
const titleOf = (underWay: ActivityEntry[], ended: ActivityEntry[] = []): string | null =>
  makeHeadline({ underWay, paused: [], ended }).title;

describe('the title', () => {
  it('counts what is under way', () => {
    expect(titleOf([buildActivityEntry()])).toBe('416/1,000 - Live 1000');
    expect(titleOf([buildActivityEntry({ progress: { done: 62, total: 100, unit: 'bytes', phase: null }, title: 'Push “reSD3-m”' })])).toBe(
      '62% - Push “reSD3-m”',
    );
    expect(titleOf([buildActivityEntry({ progress: null })])).toBe('Started - Live 1000');
    expect(titleOf([])).toBeNull();
  });

  it('names of several the one that ends last', () => {
    const push = buildActivityEntry({ id: 'push-1', title: 'Push', remaining: left(500) });
    expect(titleOf([buildActivityEntry({ remaining: left(90) }), push])).toBe('416/1,000 - Push (+1)');
    expect(titleOf([buildActivityEntry({ createdAtMs: 5 }), buildActivityEntry({ title: 'Older', createdAtMs: 2 })])).toBe(
      '416/1,000 - Older (+1)',
    );
  });

  it('says what ended, whatever else is under way', () => {
    expect(titleOf([buildActivityEntry()], [buildActivityEntry({ state: 'succeeded', title: 'Night' })])).toBe('Done: Night');
    expect(titleOf([], [buildActivityEntry({ state: 'succeeded', isInvalid: true })])).toBe('Done: Live 1000 is invalid');
    expect(titleOf([], [buildActivityEntry({ state: 'succeeded' }), buildActivityEntry({ state: 'failed', title: 'Train' })])).toBe(
      'Failed: Train (+1)',
    );
  });
});

it('the task bar shows how far, what stands still, and what failed', () => {
  const ended = [buildActivityEntry({ state: 'failed' }), buildActivityEntry({ state: 'succeeded' })];
  expect(makeHeadline({ underWay: [buildActivityEntry()], paused: [], ended: [] }).progress).toEqual({ state: 'going', fraction: 0.416 });
  expect(makeHeadline({ underWay: [], paused: [buildActivityEntry({ state: 'paused' })], ended: [] }).progress).toEqual({
    state: 'paused',
    fraction: 0.416,
  });
  expect(makeHeadline({ underWay: [], paused: [], ended }).progress).toEqual({ state: 'failed', fraction: 1 });
  expect(makeHeadline({ underWay: [], paused: [], ended: [] }).progress).toEqual({ state: 'none', fraction: null });
});

it('the icon is the plain one while nothing is under way, and changes in steps', () => {
  expect(iconOf({ state: 'none', fraction: null })).toBeNull();
  expect(iconOf({ state: 'going', fraction: 0.5 })).toBe(iconOf({ state: 'going', fraction: 0.501 }));
  expect(iconOf({ state: 'going', fraction: 0.5 })).not.toBe(iconOf({ state: 'done', fraction: 0.5 }));
});

it('a series stands for its runs, and care for the data folder for nothing', () => {
  const series = buildActivityEntry({ kind: 'series', id: 'series-1', subject: { kind: 'series', id: 'series-1', name: 'Night' } });
  const its = buildActivityEntry({ id: 'run-2', seriesId: 'series-1' });
  const care = buildActivityEntry({ kind: 'data-care', id: 'care-1' });
  expect(listUnderWay([series, its, buildActivityEntry(), care]).map(({ id }) => id)).toEqual(['series-1', 'run-1']);
  expect(listUnderWay([{ ...series, state: 'paused' }, its]).map(({ id }) => id)).toEqual(['run-2']);
});

it('the top bar counts what is under way, else what is held or waits, a series once', () => {
  const queued = buildActivityEntry({ id: 'run-3', state: 'queued' });
  const series = buildActivityEntry({ kind: 'series', id: 'series-1', subject: { kind: 'series', id: 'series-1', name: 'Night' } });
  const its = buildActivityEntry({ id: 'run-2', state: 'queued', seriesId: 'series-1' });
  expect(listQueued([series, its, queued]).map(({ id }) => id)).toEqual(['run-3']);
  const none = { underWay: [], paused: [], queued: [] };
  expect(describeJobCount({ ...none, underWay: [buildActivityEntry()], queued: [queued] })).toBe('1 run, 416/1,000');
  expect(describeJobCount({ ...none, queued: [queued, queued, queued, queued] })).toBe('4 queued');
  expect(describeJobCount({ ...none, paused: [buildActivityEntry()], queued: [queued] })).toBe('1 paused, 1 queued');
  expect(describeJobCount(none)).toBe('No jobs');
});

it('what waits for a time, or missed it, is not in the queue', () => {
  const entry = (id: string, isMissed?: boolean): ActivityEntry =>
    buildActivityEntry({ id, state: 'queued', ...(isMissed !== undefined && { plannedStart: { atMs: 9, isMissed } }) });
  const waiting = [entry('run-1'), entry('run-2', false), entry('run-3', true), entry('run-4', false)];
  expect(describeJobCount({ underWay: [], paused: [], queued: waiting })).toBe('1 missed, 1 queued, 2 planned');
  expect(countWaiting(waiting, 'run')).toEqual(['1 run missed', '1 run queued', '2 runs planned']);
  expect(groupEntries(waiting, 0).map(({ title, entries }) => [title, entries.length])).toEqual([
    ['Queued', 1],
    ['Planned', 3],
  ]);
});

it('the drawer has what ended today, not yesterday', () => {
  const nowMs = new Date(2026, 10, 30, 12).getTime();
  const ended = (finishedAtMs: number): ActivityEntry => buildActivityEntry({ state: 'succeeded', finishedAtMs });
  const groups = groupEntries([buildActivityEntry(), ended(nowMs - 3_600_000), ended(nowMs - 20 * 3_600_000)], nowMs);
  expect(groups.map(({ title, entries }) => [title, entries.length])).toEqual([
    ['Running', 1],
    ['Ended today', 1],
  ]);
});

function notification(id: number, change: Partial<Notification> = {}): Notification {
  return {
    ...{
      id,
      key: `run:${id}`,
      kind: 'run-ended',
      subject: { kind: 'run', id: `run-${id}`, name: `Run ${id}` },
      title: `Run ${id} has ended`,
    },
    ...{ detail: '', workedMs: 61_000, atMs: id, readAtMs: null, overAtMs: null },
    ...change,
  };
}

it('notifications are under what they are about, and only what needs someone where that is asked', () => {
  const lost = notification(3, { kind: 'node-lost', subject: { kind: 'run', id: 'run-1', name: 'Run 1' } });
  const groups = groupNotifications([lost, notification(2), notification(1)], false);
  expect(groups.map(({ items }) => items.map(({ id }) => id))).toEqual([[3, 1], [2]]);
  expect(groupNotifications([lost, notification(2), notification(1)], true).flatMap(({ items }) => items)).toEqual([lost]);
});

it('the system shows what is new and took long, and whatever needs someone, once', () => {
  const items = [
    notification(5, { kind: 'node-lost', workedMs: null }),
    notification(4, { readAtMs: 9 }),
    notification(3, { workedMs: 60_000 }),
    notification(2),
    notification(1),
  ];
  expect(pickForSystem(items, 1).map(({ id }) => id)).toEqual([2, 5]);
});

it('the top bar names runs as runs, and counts runs and jobs as what is under way', () => {
  const run = buildActivityEntry();
  const study = buildActivityEntry({ kind: 'study', id: 'study-1' });
  const count = (...underWay: ActivityEntry[]): string => describeJobCount({ underWay, paused: [], queued: [] });
  expect(count(run, run)).toBe('2 runs');
  expect(count(study)).toBe('1 job, 416/1,000');
  expect(count(study, study)).toBe('2 jobs');
  expect(count(run, study, study)).toBe('3 under way');
});
