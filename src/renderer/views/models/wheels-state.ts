// Wheels for nodes in words: what is here, and which job brings the rest.
import { formatBytes, formatQuantity } from '../../../shared/format.js';
import { isOpenState, type Job } from '../../../shared/job.js';
import type { WheelList } from '../../../shared/wheels.js';
import type { Status } from '../../components/status.js';

export function describeHere({ hereCount, packages, hereBytes }: WheelList): string {
  return `${hereCount} of ${packages.length}${hereCount === 0 ? '' : `, ${formatBytes(hereBytes)}`}`;
}

export function statusOf({ hereCount, missing }: WheelList): Status {
  if (missing.length === 0) return { tone: 'ok', label: 'All here' };
  return hereCount === 0 ? { tone: 'idle', label: 'None here' } : { tone: 'warning', label: 'Some missing' };
}

/** The newest fetch for the JetPack, where it has not succeeded: that one is followed, resumed or canceled. */
export function fetchOf({ title }: Pick<WheelList, 'title'>, jobs: readonly Job[]): Job | null {
  const newest = jobs.find(({ subject }) => subject.name === title);
  return newest && newest.state !== 'succeeded' ? newest : null;
}

export function canFetch(list: WheelList, jobs: readonly Job[]): boolean {
  const job = fetchOf(list, jobs);
  return job === null || !isOpenState(job.state);
}

/** What the button does. */
export function fetchLabel({ missing }: Pick<WheelList, 'missing'>): string {
  return missing.length === 0 ? 'Compare and fetch what differs' : `Fetch ${formatQuantity(missing.length, 'wheel')}`;
}
