import { expect, it } from 'vitest';
import { describeJobs } from '../../../src/renderer/views/jobs/describe-jobs.js';
import type { JobState } from '../../../src/shared/job.js';

const say = (...states: JobState[]): string => describeJobs(states.map((state) => ({ state })));

it('tells jobs under way from those that wait, and says where there is none', () => {
  expect(say('succeeded', 'paused')).toBe('2 jobs, none under way');
  expect(say('running', 'stopping', 'failed')).toBe('3 jobs, 2 under way');
  expect(say('queued')).toBe('1 job: none under way, 1 waiting');
});
