import { describe, expect, it } from 'vitest';
import { pageOfJob } from '../../../src/renderer/views/jobs/job-page.js';
import { barOfJob } from '../../../src/renderer/views/jobs/job-bar.js';
import { describeProgress, describeStanding, describeTimeLeft, nameJob } from '../../../src/shared/describe-job.js';
import { buildJob } from '../../support/build-job.js';

describe('the time left', () => {
  it.each([
    [null, null],
    [{ lowSec: 0, highSec: 0.5 }, 'about to end'],
    [{ lowSec: 41.2, highSec: 41.9 }, 'about 42 s left'],
    [{ lowSec: 0.4, highSec: 8 }, 'at most 8 s left'],
    [{ lowSec: 20, highSec: 50 }, '20 to 50 s left'],
    [{ lowSec: 290, highSec: 300 }, 'about 5 min left'],
    [{ lowSec: 100, highSec: 600 }, '1 to 10 min left'],
    [{ lowSec: 3600, highSec: 5 * 3600 }, '1 to 5 h left'],
    [{ lowSec: 86_400, highSec: 4 * 86_400 }, '1 to 4 d left'],
  ])('%j is reported as %j', (left, text) => {
    expect(describeTimeLeft(left)).toBe(text);
  });
});

describe('a job in words', () => {
  it('is named by what is done to what', () => {
    const subject = { kind: 'testbed', id: 'testbed-1', name: 'Lab' } as const;
    expect(nameJob(buildJob({ title: 'Provision', subject }))).toBe('Provision “Lab”');
  });

  it('is named without its subject where that is the data folder, whose name is a path', () => {
    const subject = { kind: 'data-folder', id: null, name: '/home/lab/.local/share/dedgeai' } as const;
    expect(nameJob(buildJob({ title: 'Back up the database', subject }))).toBe('Back up the database');
  });

  it('tells how far it is and what is left while it runs', () => {
    const progress = { done: 12, total: 60, unit: 'episodes', phase: null } as const;
    expect(describeStanding(buildJob({ progress, remaining: { lowSec: 60, highSec: 240 } }))).toBe('12 of 60 episodes, 1 to 4 min left');
    expect(describeStanding(buildJob({ progress: null }))).toBe('');
  });

  it('tells what came of it when it has ended', () => {
    expect(describeStanding(buildJob({ state: 'succeeded', outcome: '2 of 2 nodes ready' }))).toBe('2 of 2 nodes ready');
    const error = { code: 'io', message: 'The cable is out', hint: null } as const;
    expect(describeStanding(buildJob({ state: 'failed', error, outcome: null }))).toBe('The cable is out');
  });

  it('counts bytes as sizes, with the phase', () => {
    expect(describeProgress({ done: 1.2e9, total: 6e9, unit: 'bytes', phase: 'Hashing' })).toBe('Hashing, 1.20 GB of 6.00 GB');
    expect(describeProgress({ done: 7, total: null, unit: 'items', phase: 'Looking' })).toBe('Looking, 7');
  });
});

describe('in the window a job', () => {
  it('has a bar in its own unit, of bytes in percent, and none where the whole is not known', () => {
    expect(barOfJob({ done: 3, total: 5, unit: 'nodes', phase: null })).toEqual({ label: 'Nodes done', value: 3, max: 5 });
    expect(barOfJob({ done: 1e9, total: 3e9, unit: 'bytes', phase: null })).toMatchObject({ value: 33, max: 100 });
    expect(barOfJob({ done: 7, total: null, unit: 'items', phase: 'Looking' })).toMatchObject({ label: 'Looking', value: null });
    expect(barOfJob(null).value).toBeNull();
  });

  it('leads to the page of what it is about', () => {
    expect(pageOfJob(buildJob())).toEqual({ name: 'training', params: { trainingId: 'training-1' } });
    expect(pageOfJob(buildJob({ subject: { kind: 'wheels', id: null, name: 'JetPack 6' } }))).toEqual({ name: 'models' });
    expect(pageOfJob(buildJob({ subject: { kind: 'data-folder', id: null, name: '/data' } }))).toEqual({ name: 'settings' });
  });
});
