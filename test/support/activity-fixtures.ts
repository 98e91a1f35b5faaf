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
