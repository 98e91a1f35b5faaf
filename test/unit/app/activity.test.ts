import { describe, expect, it } from 'vitest';
import { listActivity, type Records } from '../../../src/main/domain/app/activity.js';
import type { ModelJob } from '../../../src/shared/model.js';
import { buildRunSummary } from '../../support/run-fixtures.js';
import { buildRun as buildStudyRun } from '../renderer/studies/study-fixture.js';
import { buildTraining } from '../renderer/train/training-fixture.js';

const NOTHING: Records = { runs: [], trainings: [], studies: [], provisionings: [], pushes: [], calibrations: [], jobs: [] };
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

  it('leaves out what has ended', () => {
    expect(listActivity(open('succeeded'))).toEqual([]);
    expect(
      listActivity({ ...NOTHING, trainings: [buildTraining({ state: 'paused' })], studies: [buildStudyRun({ state: 'succeeded' })] }),
    ).toEqual([]);
  });

  it('tells trainings and studies with their episodes and cells', () => {
    const records = { ...NOTHING, trainings: [buildTraining({ doneEpisodes: 12 })], studies: [buildStudyRun()] };
    expect(listActivity(records)).toMatchObject([
      { kind: 'training', name: 'lad-ts, seed 1', done: 12, total: 60, unit: 'episodes', canPause: true },
      { kind: 'study', name: 'fig-6a', done: 4, total: 12, unit: 'cells', canPause: true },
    ]);
  });

  it('tells what can not stand still', () => {
    const job: ModelJob = {
      id: 'job-1',
      kind: 'strip',
      state: 'running',
      path: '/models/sd3_medium.safetensors',
      progress: null,
      model: null,
      report: null,
      error: null,
      startedAtMs: 0,
      finishedAtMs: null,
    };
    expect(listActivity({ ...NOTHING, jobs: [job, { ...job, state: 'failed' }] })).toMatchObject([
      { kind: 'model-job', name: 'Refining sd3_medium.safetensors', unit: 'bytes', canPause: false },
    ]);
  });
});
