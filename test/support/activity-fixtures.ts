import type { ActivityEntry } from '../../src/shared/activity-entry.js';
import type { Activity } from '../../src/shared/activity.js';

export function buildActivity(change: Partial<Activity> = {}): Activity {
  return {
    kind: 'run',
    id: 'run-1',
    name: 'Batch',
    done: 53,
    total: 200,
    unit: 'tasks',
    state: 'going',
    canPause: true,
    ...change,
  };
}

/** A run of 1,000 images in progress. */
export function buildActivityEntry(change: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    ...{ kind: 'run', id: 'run-1', title: 'Live 1000', subject: { kind: 'run', id: 'run-1', name: 'Live 1000' }, state: 'running' },
    progress: { done: 416, total: 1000, unit: 'images', phase: null },
    ...{
      remaining: null,
      createdAtMs: 1,
      startedAtMs: 1,
      finishedAtMs: null,
      standing: '',
      isInvalid: false,
      seriesId: null,
      waitsBehindId: null,
      job: null,
    },
    ...change,
  };
}
