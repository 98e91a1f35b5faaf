// How runs and tasks lie in their tables.
import { nodeWorkerSchema } from '../../../shared/node-worker-schema.js';
import { z } from 'zod';
import { runSpecSchema } from '../../../shared/api/inputs.js';
import type { AttemptRecord, MeasuredTask, TaskDelays, TaskRecord, TaskState } from '../../../shared/run.js';
import type { InputPicture } from '../../../shared/service.js';
import type { RunSeriesCell } from '../../../shared/series-cell.js';
import type { LoadedRun, NewTask, NodeSnapshot, RunChange } from '../../domain/runs/run-store.js';
import { column, Columns, flag, instant, json, type Mapping, nullableJson, optional, rareColumn, rareJson } from './columns.js';

const interruptionsSchema = z.object({
  losses: z.array(z.object({ nodeId: z.string(), fromMs: z.number(), toMs: z.number().nullable() })),
  standstills: z.array(z.object({ atMs: z.number(), realMs: z.number().nullable() })),
});
const hostDelaySchema = z.object({ meanMs: z.number(), maxMs: z.number(), sampleCount: z.number() });

/** Of a run of a series; once the series is removed only its id is gone. */
const SERIES_CELL = new Columns<RunSeriesCell>({
  seriesId: column('series_id'),
  condition: column('series_condition'),
  scheduler: column('series_scheduler'),
  repetition: column('series_repetition'),
});

/** Absent for NULL. */
function names(column: string): Mapping<string[] | undefined> {
  const mapping = rareJson(column, z.array(z.string()));
  return { ...mapping, write: (value, row) => mapping.write(value?.length === 0 ? undefined : value, row) };
}

/** What a run is made of when it is put on record. Its name, testbed and dataset are in its specification too. */
export const RUN = new Columns<
  Pick<LoadedRun, 'id' | 'spec' | 'specSha256' | 'state' | 'timeScale' | 'isSimulated' | 'programVersion' | 'createdAtMs' | 'series'> &
    Pick<LoadedRun, 'startedAtMs' | 'finishedAtMs' | 'lowerBoundMs' | 'lowerBoundRule' | 'invalidReasons' | 'excludedNodes'>
>({
  id: column('id'),
  spec: json('spec_json', runSpecSchema),
  specSha256: column('spec_sha256'),
  state: column('state'),
  timeScale: column('time_scale'),
  isSimulated: flag('is_simulated'),
  programVersion: column('program_version'),
  createdAtMs: instant('created_at_ms'),
  startedAtMs: instant<number | null>('started_at_ms'),
  finishedAtMs: instant<number | null>('finished_at_ms'),
  lowerBoundMs: column('lower_bound_ms'),
  lowerBoundRule: column('lower_bound_rule'),
  invalidReasons: json('invalid_reasons_json', z.array(z.string())),
  excludedNodes: names('excluded_nodes_json'),
  series: optional(SERIES_CELL, ['series_id']),
});

/** The names are kept for when testbed and dataset are gone. */
export const RUN_NAMES = new Columns<Pick<LoadedRun, 'testbedName' | 'datasetName'>>({
  testbedName: column('testbed_name'),
  datasetName: column('dataset_name'),
});

type Course = Pick<LoadedRun, 'clockStoppedAtMs' | 'clockStoppedMs' | 'hostDelay' | 'interruptions'>;

/** How it goes, written while it does. */
const COURSE = new Columns<Course>({
  clockStoppedAtMs: instant<number | null>('clock_stopped_at_ms'),
  clockStoppedMs: instant('clock_stopped_ms'),
  hostDelay: nullableJson('host_delay_json', hostDelaySchema),
  interruptions: rareJson('interruptions_json', interruptionsSchema),
});

/** What comes with its life. */
export const RUN_LIFE = COURSE.and(new Columns<Pick<LoadedRun, 'axis'>>({ axis: column('axis') }));

/** What changes after the start, a column each. */
export const RUN_CHANGE = COURSE.and(
  new Columns<Omit<Required<RunChange>, keyof Course>>({
    state: column('state'),
    startedAtMs: instant<number | null>('started_at_ms'),
    finishedAtMs: instant<number | null>('finished_at_ms'),
  }),
);

export const RUN_NODE = new Columns<NodeSnapshot>({
  id: column('node_id'),
  name: column('name'),
  ordinal: column('ordinal'),
  fixedSec: column('fixed_sec'),
  secPerStep: column('sec_per_step'),
  speedFactor: column('speed_factor'),
  linkMbps: column('link_mbps'),
  agentVersion: column('agent_version'),
  facts: json('facts_json', z.unknown()),
  worker: nullableJson('worker_json', nodeWorkerSchema),
  timingSource: column('timing_source'),
  jitterFraction: column('jitter_fraction'),
  heldLimit: rareColumn<number>('held_limit'),
});

/** What a task names its picture by; the rest is in the picture's own row. */
const NAMED_PICTURE = new Columns<Pick<InputPicture, 'sha256'>>({ sha256: column('picture_sha256') });

/** The plan of a task. */
export const NEW_TASK = new Columns<Omit<NewTask, 'picture'> & { picture: Pick<InputPicture, 'sha256'> | null }>({
  id: column('id'),
  ordinal: column('ordinal'),
  promptId: column('prompt_id'),
  prompt: column('prompt'),
  seed: column('seed'),
  qualitySteps: column('quality_steps'),
  computedSteps: column('computed_steps'),
  picture: optional(NAMED_PICTURE),
  arrivalMs: column('arrival_ms'),
  baseStationId: column('base_station_id'),
});

/** Of a task that succeeded: the table's CHECK makes it have all of them. */
export const DELAYS = new Columns<TaskDelays>({
  uploadMs: column('upload_ms'),
  waitingMs: column('waiting_ms'),
  computeMs: column('compute_ms'),
  downloadMs: column('download_ms'),
  resendMs: column('resend_ms'),
  controlMs: column('control_ms'),
  serviceMs: column('service_ms'),
});

const TASK_PICTURE = new Columns<InputPicture>({
  sha256: column('picture_sha256'),
  sizeBytes: column('picture_bytes'),
  mediaType: column('picture_media_type'),
});

export const TASK = new Columns<TaskRecord>({
  id: column('id'),
  runId: column('run_id'),
  ordinal: column('ordinal'),
  prompt: column('prompt'),
  seed: column('seed'),
  qualitySteps: column('quality_steps'),
  computedSteps: column('computed_steps'),
  picture: optional(TASK_PICTURE),
  arrivalMs: column('arrival_ms'),
  baseStationId: column('base_station_id'),
  edgeServerId: column('edge_server_id'),
  state: column('state'),
  attempts: column('attempt_count'),
  leaseEpoch: column('lease_epoch'),
  delays: optional(DELAYS),
  computeStartMs: column('compute_start_ms'),
  computeEndMs: column('compute_end_ms'),
  acceptedMs: column('accepted_ms'),
  imageSha256: column('image_sha256'),
  isSimulated: flag('is_simulated'),
  errorMessage: column('error_message'),
});

const ELSEWHERE: Readonly<Record<string, string>> = {
  picture_bytes: 'c.size_bytes AS picture_bytes',
  picture_media_type: 'c.media_type AS picture_media_type',
  image_sha256: 'ti.sha256 AS image_sha256',
  is_simulated: 'COALESCE(i.is_simulated, r.is_simulated) AS is_simulated',
};
/** For TASK; `t` is tasks, `r` runs, `ti` task_images, `i` images, `c` pictures. */
export const TASK_COLUMNS = TASK.names.map((name) => ELSEWHERE[name] ?? `t.${name}`).join(', ');
export const TASK_TABLES = `tasks t
  JOIN runs r ON r.id = t.run_id
  LEFT JOIN task_images ti ON ti.task_id = t.id
  LEFT JOIN images i ON i.sha256 = ti.sha256
  LEFT JOIN pictures c ON c.sha256 = t.picture_sha256`;

export const ATTEMPT = new Columns<AttemptRecord>({
  taskId: column('task_id'),
  leaseEpoch: column('lease_epoch'),
  baseStationId: column('base_station_id'),
  edgeServerId: column('edge_server_id'),
  state: column('state'),
  sentMs: column('sent_ms'),
  endedMs: column('ended_ms'),
  stationServiceMs: column('station_service_ms'),
  axisShiftMs: column('axis_shift_ms'),
});

const MEASURED = new Columns<Omit<MeasuredTask, 'delays'>>({
  ordinal: column('ordinal'),
  computedSteps: column('computed_steps'),
  arrivalMs: column('arrival_ms'),
  edgeServerId: column('edge_server_id'),
  state: column('state'),
  computeStartMs: column('compute_start_ms'),
  computeEndMs: column('compute_end_ms'),
  acceptedMs: column('accepted_ms'),
});

/** For rows that are read as arrays, which for many takes half the time of objects. */
export const MEASURED_COLUMNS = [...MEASURED.names, ...DELAYS.names].join(', ');

export type MeasuredRow = [
  ...[ordinal: number, computedSteps: number, arrivalMs: number, edgeServerId: string | null, state: TaskState],
  ...[computeStartMs: number | null, computeEndMs: number | null, acceptedMs: number | null],
  ...[uploadMs: number | null, waitingMs: number | null, computeMs: number | null, downloadMs: number | null],
  ...[resendMs: number | null, controlMs: number | null, serviceMs: number | null],
];

/** By the order of MEASURED_COLUMNS. */
export function toMeasuredTask(row: MeasuredRow): MeasuredTask {
  const [ordinal, computedSteps, arrivalMs, edgeServerId, state, computeStartMs, computeEndMs, acceptedMs] = row;
  return { ordinal, computedSteps, arrivalMs, edgeServerId, state, delays: toDelays(row), computeStartMs, computeEndMs, acceptedMs };
}

function toDelays(row: MeasuredRow): TaskDelays | null {
  const [, , , , , , , , uploadMs, waitingMs, computeMs, downloadMs, resendMs, controlMs, serviceMs] = row;
  if (uploadMs === null || waitingMs === null || computeMs === null) return null;
  if (downloadMs === null || resendMs === null || controlMs === null || serviceMs === null) return null;
  return { uploadMs, waitingMs, computeMs, downloadMs, resendMs, controlMs, serviceMs };
}
