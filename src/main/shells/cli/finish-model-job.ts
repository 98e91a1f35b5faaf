import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import type { ModelJob } from '../../../shared/model.js';
import type { Session } from './session.js';

/** Follows a job to its end, with its progress on standard error. Throws its error; Ctrl-C cancels it. */
export async function finishModelJob({ api, until, terminal, signal }: Session, job: ModelJob): Promise<ModelJob> {
  let lastNoteMs = -Infinity;
  for await (const { progress } of await until(signal).models.watchJob({ id: job.id })) {
    if (!progress || performance.now() - lastNoteMs < (process.stderr.isTTY ? 200 : 5000)) continue;
    lastNoteMs = performance.now();
    terminal.progress(describeProgress(progress));
  }
  if (signal.aborted) await api.jobs.cancel({ id: job.id });
  const ended = await api.models.job({ id: job.id });
  if (ended.error) throw new AppError(ended.error.code, ended.error.message, ended.error.hint);
  return ended;
}

function describeProgress({ phase, doneBytes, totalBytes, bytesPerSec, remainingSec }: NonNullable<ModelJob['progress']>): string {
  const rate = bytesPerSec === null ? '' : `, ${formatBytes(bytesPerSec)}/s`;
  const rest = remainingSec === null ? '' : `, about ${Math.ceil(remainingSec)} s left`;
  return `${phase}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}${rate}${rest}`;
}
