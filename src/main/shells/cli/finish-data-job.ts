import type { DataJob } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import { isOpenState } from '../../../shared/job.js';
import type { Session } from './session.js';

/** Follows an export or an import to its end, a line a phase; Ctrl-C cancels it. Throws what ended it. */
export async function finishDataJob({ api, until, terminal, signal }: Session, { id }: DataJob): Promise<DataJob> {
  const cancel = (): void => void api.jobs.cancel({ id }).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  let last: DataJob | null = null;
  let phase = '';
  // What was canceled has to end first.
  const never = new AbortController().signal;
  for await (const job of await until(never).archives.watchJob({ id })) {
    last = job;
    if (!isOpenState(job.state) || !job.progress || job.progress.phase === phase) continue;
    phase = job.progress.phase;
    terminal.progress(`${phase}...`);
  }
  if (last?.state === 'succeeded') return last;
  const error = last?.error;
  if (error && last?.state !== 'cancelled') throw new AppError(error.code, error.message, error.hint);
  throw new AppError('cancelled', 'It was canceled', 'Nothing of it is left.');
}
