import type { Job } from '../../src/shared/job.js';

/** A training that runs. */
export function buildJob(change: Partial<Job> = {}): Job {
  return {
    id: 'training-1',
    kind: 'training',
    title: 'Train',
    subject: { kind: 'training', id: 'training-1', name: 'lad-ts, reference, seed 1' },
    state: 'running',
    progress: { done: 0, total: 60, unit: 'episodes', phase: null },
    remaining: null,
    commands: ['pause', 'cancel'],
    canPause: true,
    outcome: null,
    error: null,
    createdAtMs: 1_000,
    startedAtMs: 1_000,
    finishedAtMs: null,
    ...change,
  };
}
