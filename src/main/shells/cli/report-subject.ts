// What a report is to be about, from the options of a command.
import { AppError } from '../../../shared/errors.js';
import type { ReportSubject } from '../../../shared/report-composition.js';
import type { ReportTemplate } from '../../../shared/report-document.js';
import { findSeriesId } from './find-series.js';
import type { Session } from './session.js';

export interface SubjectOptions {
  template: ReportTemplate;
  run?: string[];
  series?: string;
  training?: string;
  study?: string;
  concurrency: number;
  includeInvalid: boolean;
}

/** Throws `invalid-input` where the option that the template needs is missing, `not-found` for a series that is not there. */
export async function findSubject(api: Session['api'], options: SubjectOptions): Promise<ReportSubject> {
  const { template, run, concurrency, includeInvalid } = options;
  const seriesId = options.series === undefined ? undefined : await findSeriesId(api, options.series);
  if (template === 'table-v') {
    const series = seriesId === undefined ? {} : { seriesId };
    return { template, comparison: { runIds: run ?? null, ...series, includeInvalid, cloudConcurrency: concurrency } };
  }
  const [runId, ...others] = run ?? [];
  if (others.length > 0) throw new AppError('invalid-input', 'The report of a run is about one run', 'Name one with --run.');
  const id = { run: runId, series: seriesId, training: options.training, study: options.study }[template];
  if (id !== undefined) return { template, id };
  throw new AppError('invalid-input', `The report “${template}” is about one ${template}`, REMEDIES[template]);
}

const REMEDIES: Record<Exclude<ReportTemplate, 'table-v'>, string> = {
  run: 'Name it with --run; `run list` shows which there are.',
  series: 'Name it with --series; `series list` shows which there are.',
  training: 'Name it with --training; `train list` shows which there are.',
  study: 'Name it with --study; `study runs` shows which there are.',
};
