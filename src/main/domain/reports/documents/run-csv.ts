// One row per task. Times named `model_ms` are milliseconds of model time; the column time_scale says how many a real one is.
import type { TaskRecord } from '../../../../shared/run.js';
import { serviceOf } from '../../../../shared/service.js';
import { type CsvCell, toCsv } from '../../../foundation/csv-text.js';
import { nameNodes, type RunReportData } from './report-data.js';

type Column = [header: string, read: (task: TaskRecord) => CsvCell];

export function buildRunCsv(data: RunReportData): string {
  const { run, tasks } = data;
  const nameOf = nameNodes(data.nodes);
  const columns: Column[] = [
    ['ordinal', (task) => task.ordinal],
    ['task_id', (task) => task.id],
    ['state', (task) => task.state],
    ['prompt', (task) => task.prompt],
    ['seed', (task) => task.seed],
    ['quality_steps', (task) => task.qualitySteps],
    ['computed_steps', (task) => task.computedSteps],
    ['service', () => serviceOf(run.spec)],
    ['strength', () => run.spec.strength ?? null],
    ['picture_sha256', (task) => task.picture?.sha256 ?? null],
    ['picture_bytes', (task) => task.picture?.sizeBytes ?? null],
    ['base_station', (task) => nameOf(task.baseStationId)],
    ['edge_server', (task) => nameOf(task.edgeServerId)],
    ['arrival_model_ms', (task) => task.arrivalMs],
    ['upload_model_ms', (task) => task.delays?.uploadMs ?? null],
    ['waiting_model_ms', (task) => task.delays?.waitingMs ?? null],
    ['compute_model_ms', (task) => task.delays?.computeMs ?? null],
    ['download_model_ms', (task) => task.delays?.downloadMs ?? null],
    ['resend_model_ms', (task) => task.delays?.resendMs ?? null],
    ['control_model_ms', (task) => task.delays?.controlMs ?? null],
    ['service_model_ms', (task) => task.delays?.serviceMs ?? null],
    ['compute_start_model_ms', (task) => task.computeStartMs],
    ['compute_end_model_ms', (task) => task.computeEndMs],
    ['accepted_model_ms', (task) => task.acceptedMs],
    ['attempts', (task) => task.attempts],
    ['image_sha256', (task) => task.imageSha256],
    ['is_simulated', (task) => task.isSimulated],
    ['time_scale', () => run.timeScale],
    ['run_id', () => run.id],
    ['run_is_valid', () => run.validity.isValid],
    ['run_is_imported', () => run.imported !== null],
    ['run_control_share', () => run.metrics.machine.controlShare],
    ['run_host_delay_real_ms', () => run.metrics.machine.hostDelayMs],
    ['run_host_delay_share', () => run.metrics.machine.hostDelayShare],
    ['run_energy_joules', () => run.energy?.joules ?? null],
    ['run_energy_wh_per_1k_images', () => run.energy?.whPer1kImages ?? null],
    ['run_energy_source', () => run.energy?.source ?? null],
    ['error', (task) => task.errorMessage],
  ];
  return toCsv(
    columns.map(([header]) => header),
    tasks.map((task) => columns.map(([, read]) => read(task))),
  );
}
