import { describe, expect, it } from 'vitest';
import { listActivity, type Records } from '../../../src/main/domain/app/activity.js';
import { buildJob } from '../../support/build-job.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const NOTHING: Records = { runs: [], jobs: [] };
const counts = { total: 200, pending: 100, sent: 47, succeeded: 50, failed: 2, cancelled: 1, resent: 0 };
const open = (state: 'queued' | 'running' | 'paused' | 'succeeded', isStandingStill = false): Records => ({
  ...NOTHING,
  runs: [{ run: buildRunSummary({ state, counts }), isStandingStill }],
});

describe('listActivity', () => {
  it('counts every task that has come to an end as done', () => {
    expect(listActivity(open('running'))).toMatchObject([{ kind: 'run', done: 53, total: 200, unit: 'tasks', state: 'going' }]);
  });

  it('tells a run that waits for another one', () => {
    expect(listActivity(open('queued'))).toMatchObject([{ state: 'waiting' }]);
  });

  it('tells a paused run until nothing of it is under way', () => {
    expect(listActivity(open('paused'))).toMatchObject([{ state: 'pausing' }]);
    expect(listActivity(open('paused', true))).toEqual([]);
  });

  it('leaves out what has ended, and what the program does for the data folder by itself', () => {
    expect(listActivity(open('succeeded'))).toEqual([]);
    const jobs = [buildJob({ state: 'paused' }), buildJob({ state: 'succeeded' }), buildJob({ kind: 'data-care', state: 'running' })];
    expect(listActivity({ ...NOTHING, jobs })).toEqual([]);
  });

  it('tells jobs by what they are about, the oldest first', () => {
    const study = buildJob({ kind: 'study', state: 'stopping', createdAtMs: 2, subject: { kind: 'study', id: 'study-1', name: 'fig-6a' } });
    const training = buildJob({ createdAtMs: 1, progress: { done: 12, total: 60, unit: 'episodes', phase: null } });
    expect(listActivity({ ...NOTHING, jobs: [study, training] })).toMatchObject([
      { kind: 'training', name: 'lad-ts, reference, seed 1', done: 12, total: 60, unit: 'episodes', state: 'going', canPause: true },
      { kind: 'study', name: 'fig-6a', state: 'pausing' },
    ]);
  });

  it('tells what can not stand still, and what is done to a file', () => {
    const subject = { kind: 'model-file', id: null, name: 'sd3_medium.safetensors' } as const;
    const job = buildJob({ kind: 'model-job', title: 'Refine model', subject, state: 'queued', progress: null, canPause: false });
    expect(listActivity({ ...NOTHING, jobs: [job] })).toMatchObject([
      { kind: 'model-job', name: 'Refine model: sd3_medium.safetensors', done: 0, total: 0, state: 'waiting', canPause: false },
    ]);
  });
});
