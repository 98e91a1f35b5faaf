// How the jobs of the list are doing, in a few words.
import { formatQuantity } from '../../../shared/format.js';
import type { Job } from '../../../shared/job.js';

/** `12 jobs, none under way`; `12 jobs: 1 under way, 2 waiting`. */
export function describeJobs(jobs: readonly Pick<Job, 'state'>[]): string {
  const waiting = jobs.filter(({ state }) => state === 'queued').length;
  const underWay = jobs.filter(({ state }) => state === 'running' || state === 'stopping').length;
  const count = formatQuantity(jobs.length, 'job');
  if (waiting === 0) return `${count}, ${underWay === 0 ? 'none' : underWay} under way`;
  return `${count}: ${underWay === 0 ? 'none' : underWay} under way, ${waiting} waiting`;
}
