// A series as a file: every task of every run for programs that compute their own figures, or plan, runs and figures as JSON. Pure.
import { type CsvCell, toCsv } from '../../foundation/csv-text.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { MeasuredTask, RunSummary } from '../../../shared/run.js';
import { nameSeriesScheduler, type SeriesDetail, type SeriesExportFormat, type SeriesResult } from '../../../shared/series.js';

const SCHEMA_VERSION = 1;

export interface SeriesExport {
  series: SeriesDetail;
  /** Of valid runs, and with invalid ones. */
  results: readonly SeriesResult[];
  runs: readonly RunSummary[];
  listMeasured(runId: string): MeasuredTask[];
}

export function exportSeries(data: SeriesExport, format: SeriesExportFormat): ExportedDocument {
  const fileName = `${data.series.id.replace(/[^a-z0-9-]+/gi, '-')}.${format}`;
  return format === 'csv'
    ? { fileName, mediaType: 'text/csv', body: csvOf(data) }
    : { fileName, mediaType: 'application/json', body: jsonOf(data) };
}

function jsonOf({ series, results, runs }: SeriesExport): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind: 'dedgeai-series', series, results, runs }, null, 2)}\n`;
}

/** One row a task; times named `model_ms` are milliseconds of model time. Warm-ups have repetition 0; `run_counts`: the run that its cell has. */
function csvOf({ series, runs, listMeasured }: SeriesExport): string {
  const { spec } = series;
  const counting = new Set(series.cells.flatMap(({ state, runId }) => (state === 'valid' || state === 'invalid' ? [runId] : [])));
  const rows = runs.flatMap((run) => {
    const { series: cell, metrics, validity, timeScale, isSimulated, state, energy, imported } = run;
    if (!cell) return [];
    const [condition, scheduler] = [spec.conditions[cell.condition], spec.schedulers[cell.scheduler]];
    const ofRun: CsvCell[] = [
      ...[
        series.id,
        cell.condition + 1,
        run.spec.taskCount,
        run.spec.scheduler,
        scheduler && condition ? nameSeriesScheduler(scheduler) : null,
      ],
      ...[
        cell.repetition,
        run.spec.seed,
        run.id,
        state,
        counting.has(run.id),
        validity.isValid,
        isSimulated,
        imported !== null,
        timeScale,
        metrics.lowerBoundMs,
        energy?.whPer1kImages ?? null,
      ],
    ];
    return listMeasured(run.id).map((task): CsvCell[] => [...ofRun, ...taskCells(task)]);
  });
  return toCsv([...RUN_HEADS, ...TASK_HEADS], rows);
}

const RUN_HEADS = [
  ...['series_id', 'condition', 'task_count', 'scheduler', 'series_scheduler', 'repetition', 'seed', 'run_id', 'run_state', 'run_counts'],
  ...['run_is_valid', 'is_simulated', 'is_imported', 'time_scale', 'lower_bound_model_ms', 'energy_wh_per_1k_images'],
];
const TASK_HEADS = [
  ...[
    'ordinal',
    'state',
    'computed_steps',
    'arrival_model_ms',
    'accepted_model_ms',
    'upload_model_ms',
    'waiting_model_ms',
    'compute_model_ms',
  ],
  ...['download_model_ms', 'resend_model_ms', 'control_model_ms', 'service_model_ms'],
];

function taskCells({ ordinal, state, computedSteps, arrivalMs, acceptedMs, delays }: MeasuredTask): CsvCell[] {
  const {
    uploadMs = null,
    waitingMs = null,
    computeMs = null,
    downloadMs = null,
    resendMs = null,
    controlMs = null,
    serviceMs = null,
  } = delays ?? {};
  return [
    ...[ordinal, state, computedSteps, arrivalMs, acceptedMs, uploadMs, waitingMs, computeMs],
    ...[downloadMs, resendMs, controlMs, serviceMs],
  ];
}
