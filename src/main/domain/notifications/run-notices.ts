// What is said of runs. Pure.
import { formatCount, formatQuantity, formatSeconds } from '../../../shared/format.js';
import type { Notice, NotificationSubject } from '../../../shared/notification.js';
import type { RunSummary } from '../../../shared/run.js';

export type NoticedRun = Pick<
  RunSummary,
  'id' | 'spec' | 'state' | 'startedAtMs' | 'finishedAtMs' | 'series' | 'imported' | 'isSimulated' | 'counts' | 'metrics' | 'validity'
>;

/**
 * Of a run that has ended; null where there is nothing to say: a person stopped it, it came from another machine, it is a warm-up, or it is
 * one of a series and came out well, which the series says at its end. Runs of a series that did not are shown with the series.
 */
export function noticeOfRun(run: NoticedRun, seriesName: string | null): Notice | null {
  const { id, spec, state, series, finishedAtMs, startedAtMs, counts, validity } = run;
  const isWarmUp = series?.repetition === 0;
  if (run.imported || isWarmUp || finishedAtMs === null || (state !== 'succeeded' && state !== 'failed')) return null;
  const subject: NotificationSubject =
    series && seriesName !== null ? { kind: 'series', id: series.seriesId, name: seriesName } : { kind: 'run', id, name: spec.name };
  const rest = { key: `run:${id}:${finishedAtMs}`, subject, workedMs: finishedAtMs - (startedAtMs ?? finishedAtMs) };
  if (state === 'failed') return { ...rest, kind: 'run-failed', title: `Run “${spec.name}” failed`, detail: whyFailed(run) };
  if (!validity.isValid) {
    const [first = '', ...others] = validity.reasons;
    const more = others.length > 0 ? ` And ${formatQuantity(others.length, 'more reason')}.` : '';
    return { ...rest, kind: 'run-invalid', title: `Run “${spec.name}” is invalid`, detail: `${first}${more}` };
  }
  if (series) return null;
  const results = [
    formatQuantity(counts.succeeded, 'image'),
    `Total ${formatSeconds(run.metrics.totalGenerationDelayMs)}`,
    run.isSimulated ? 'simulated' : 'valid',
  ];
  return { ...rest, kind: 'run-ended', title: `Run “${spec.name}” has ended`, detail: `${results.join(', ')}.` };
}

function whyFailed({ counts, validity }: NoticedRun): string {
  if (counts.failed > 0) return `${formatCount(counts.failed)} of ${formatQuantity(counts.total, 'task')} failed.`;
  return validity.reasons[0] ?? '';
}
