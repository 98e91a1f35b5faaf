import { capitalize } from '../../../shared/capitalize.js';
import { describeProgress } from '../../../shared/describe-job.js';
import type { JobProgress } from '../../../shared/job.js';

/** What the bar of a job shows: counted in the job's unit, bytes in percent. */
export function barOfJob(progress: JobProgress | null): { label: string; value: number | null; max: number } {
  if (!progress) return { label: 'Starting', value: null, max: 1 };
  const { done, total, unit, phase } = progress;
  if (unit === 'bytes') {
    const percent = total === null || total === 0 ? null : Math.min(100, Math.floor((100 * done) / total));
    return { label: `${describeProgress(progress) ?? ''}, percent`, value: percent, max: 100 };
  }
  const noun = `${capitalize(unit)} done`;
  return { label: phase ?? noun, value: total === null ? null : done, max: total ?? 1 };
}
