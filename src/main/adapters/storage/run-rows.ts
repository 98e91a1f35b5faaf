// How runs and tasks lie in their tables.
import { nodeWorkerSchema } from '../../../shared/node-worker.js';
import { z } from 'zod';
import { runSpecSchema } from '../../../shared/api/inputs.js';
import type {
  AttemptRecord,
  AttemptState,
  MeasuredTask,
  RunState,
  TaskDelays,
  TaskRecord,
  TaskState,
  TimingSource,
} from '../../../shared/run.js';
import type { LoadedRun, NodeSnapshot } from '../../domain/runs/run-store.js';

export interface RunRow {
  id: string;
  name: string;
  spec_json: string;
  spec_sha256: string;
  testbed_id: string;
  testbed_name: string;
  dataset_id: string;
  dataset_name: string;
  state: RunState;
  time_scale: number;
  is_simulated: number;
  program_version: string;
  created_at_ms: number;
  started_at_ms: number | null;
  finished_at_ms: number | null;
  lower_bound_ms: number | null;
  lower_bound_rule: string | null;
  invalid_reasons_json: string;
  clock_stopped_at_ms: number | null;
  clock_stopped_ms: number;
  host_delay_json: string | null;
  axis: 'run' | 'nodes';
}

export interface RunNodeRow {
  run_id: string;
  node_id: string;
  ordinal: number;
  name: string;
  fixed_sec: number;
  sec_per_step: number;
  speed_factor: number;
  link_mbps: number | null;
  agent_version: string | null;
  facts_json: string;
  worker_json: string | null;
  timing_source: TimingSource;
  jitter_fraction: number;
}

/** Columns of a TaskRecord; `t` is tasks, `r` runs, `ti` task_images, `i` images. */
export const TASK_COLUMNS = `t.*, ti.sha256 AS image_sha256, COALESCE(i.is_simulated, r.is_simulated) AS is_simulated`;
export const TASK_TABLES = `tasks t
  JOIN runs r ON r.id = t.run_id
  LEFT JOIN task_images ti ON ti.task_id = t.id
  LEFT JOIN images i ON i.sha256 = ti.sha256`;

export interface TaskRow {
  id: string;
  run_id: string;
  ordinal: number;
  prompt: string;
  seed: number;
  quality_steps: number;
  arrival_ms: number;
  base_station_id: string;
  edge_server_id: string | null;
  state: TaskState;
  attempt_count: number;
  lease_epoch: number;
  upload_ms: number | null;
  waiting_ms: number | null;
  compute_ms: number | null;
  download_ms: number | null;
  resend_ms: number | null;
  control_ms: number | null;
  service_ms: number | null;
  compute_start_ms: number | null;
  compute_end_ms: number | null;
  accepted_ms: number | null;
  error_message: string | null;
  image_sha256: string | null;
  is_simulated: number;
}

export interface AttemptRow {
  task_id: string;
  lease_epoch: number;
  base_station_id: string;
  edge_server_id: string | null;
  state: AttemptState;
  sent_ms: number;
  ended_ms: number | null;
  station_service_ms: number | null;
  axis_shift_ms: number | null;
}

const reasonsSchema = z.array(z.string());
const hostDelaySchema = z.object({ meanMs: z.number(), maxMs: z.number(), sampleCount: z.number() });

export function toLoadedRun(row: RunRow, nodes: readonly RunNodeRow[]): LoadedRun {
  return {
    id: row.id,
    spec: runSpecSchema.parse(JSON.parse(row.spec_json)),
    specSha256: row.spec_sha256,
    testbedName: row.testbed_name,
    datasetName: row.dataset_name,
    state: row.state,
    timeScale: row.time_scale,
    isSimulated: row.is_simulated === 1,
    programVersion: row.program_version,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    clockStoppedAtMs: row.clock_stopped_at_ms,
    clockStoppedMs: row.clock_stopped_ms,
    nodesSnapshot: nodes.map(toNodeSnapshot),
    lowerBoundMs: row.lower_bound_ms,
    lowerBoundRule: row.lower_bound_rule,
    invalidReasons: reasonsSchema.parse(JSON.parse(row.invalid_reasons_json)),
    hostDelay: row.host_delay_json === null ? null : hostDelaySchema.parse(JSON.parse(row.host_delay_json)),
    axis: row.axis,
  };
}

function toNodeSnapshot(row: RunNodeRow): NodeSnapshot {
  const facts: unknown = JSON.parse(row.facts_json);
  const worker = row.worker_json === null ? null : nodeWorkerSchema.parse(JSON.parse(row.worker_json));
  return {
    id: row.node_id,
    name: row.name,
    ordinal: row.ordinal,
    fixedSec: row.fixed_sec,
    secPerStep: row.sec_per_step,
    speedFactor: row.speed_factor,
    linkMbps: row.link_mbps,
    agentVersion: row.agent_version,
    facts,
    worker,
    timingSource: row.timing_source,
    jitterFraction: row.jitter_fraction,
  };
}

/** In the order of `toMeasuredTask`; read as arrays, which for many rows takes half the time of objects. */
export const MEASURED_COLUMNS = `ordinal, quality_steps, arrival_ms, edge_server_id, state, compute_start_ms, compute_end_ms, accepted_ms,
  upload_ms, waiting_ms, compute_ms, download_ms, resend_ms, control_ms, service_ms`;

export type MeasuredRow = [
  ...[ordinal: number, qualitySteps: number, arrivalMs: number, edgeServerId: string | null, state: TaskState],
  ...[computeStartMs: number | null, computeEndMs: number | null, acceptedMs: number | null],
  ...[uploadMs: number | null, waitingMs: number | null, computeMs: number | null, downloadMs: number | null],
  ...[resendMs: number | null, controlMs: number | null, serviceMs: number | null],
];

export function toMeasuredTask(row: MeasuredRow): MeasuredTask {
  const [ordinal, qualitySteps, arrivalMs, edgeServerId, state, computeStartMs, computeEndMs, acceptedMs] = row;
  const [, , , , , , , , upload_ms, waiting_ms, compute_ms, download_ms, resend_ms, control_ms, service_ms] = row;
  const delays = toDelays({ upload_ms, waiting_ms, compute_ms, download_ms, resend_ms, control_ms, service_ms });
  return { ordinal, qualitySteps, arrivalMs, edgeServerId, state, delays, computeStartMs, computeEndMs, acceptedMs };
}

type DelayColumns = Pick<TaskRow, 'upload_ms' | 'waiting_ms' | 'compute_ms' | 'download_ms' | 'resend_ms' | 'control_ms' | 'service_ms'>;

/** Null unless all parts are there: the table's CHECK makes a succeeded task have them. */
function toDelays(row: DelayColumns): TaskDelays | null {
  const { upload_ms, waiting_ms, compute_ms, download_ms, resend_ms, control_ms, service_ms } = row;
  if (upload_ms === null || waiting_ms === null || compute_ms === null) return null;
  if (download_ms === null || resend_ms === null || control_ms === null || service_ms === null) return null;
  return {
    uploadMs: upload_ms,
    waitingMs: waiting_ms,
    computeMs: compute_ms,
    downloadMs: download_ms,
    resendMs: resend_ms,
    controlMs: control_ms,
    serviceMs: service_ms,
  };
}

export function toTaskRecord(row: TaskRow): TaskRecord {
  return {
    id: row.id,
    runId: row.run_id,
    ordinal: row.ordinal,
    prompt: row.prompt,
    seed: row.seed,
    qualitySteps: row.quality_steps,
    arrivalMs: row.arrival_ms,
    baseStationId: row.base_station_id,
    edgeServerId: row.edge_server_id,
    state: row.state,
    attempts: row.attempt_count,
    leaseEpoch: row.lease_epoch,
    delays: toDelays(row),
    computeStartMs: row.compute_start_ms,
    computeEndMs: row.compute_end_ms,
    acceptedMs: row.accepted_ms,
    imageSha256: row.image_sha256,
    isSimulated: row.is_simulated === 1,
    errorMessage: row.error_message,
  };
}

export function toAttemptRecord(row: AttemptRow): AttemptRecord {
  return {
    taskId: row.task_id,
    leaseEpoch: row.lease_epoch,
    baseStationId: row.base_station_id,
    edgeServerId: row.edge_server_id,
    state: row.state,
    sentMs: row.sent_ms,
    endedMs: row.ended_ms,
    stationServiceMs: row.station_service_ms,
    axisShiftMs: row.axis_shift_ms,
  };
}
