import type { DataProgress } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import type { Session } from './session.js';

/** What came of the work on the data folder that was just started, in words. Ctrl-C cancels it; `canceled` says so, and `stays` what is left of it. */
export async function followDataWork(
  { api, until, signal }: Session,
  onProgress: (progress: DataProgress) => void,
  { canceled, stays }: { canceled: string; stays: string },
): Promise<string> {
  let lastId = '';
  for await (const { job } of await until(signal).data.watch()) {
    lastId = job?.id ?? lastId;
    if (job?.progress && job.state === 'running') onProgress(job.progress);
    if (job?.error) throw new AppError(job.error.code, job.error.message, job.error.hint);
    if (job?.state === 'succeeded') return job.outcome ?? '';
  }
  if (lastId !== '') await api.jobs.cancel({ id: lastId });
  throw new AppError('cancelled', canceled, stays);
}
