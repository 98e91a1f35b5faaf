// What of a run, a series, a training or a study goes into an archive, and what must be true of it when it comes back from one: everything
// of it is foreign until it has passed here.
import { z } from 'zod';
import { runSpecSchema } from '../../../shared/api/inputs.js';
import { seriesSpecSchema } from '../../../shared/api/series-inputs.js';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { nodeWorkerSchema } from '../../../shared/node-worker-schema.js';
import { environmentSchema } from '../../../shared/record.js';
import { MAX_PICTURE_BYTES, PICTURE_MEDIA_TYPES } from '../../../shared/service.js';
import { studyDefinitionSchema } from '../../../shared/study-schema.js';
import { trainingSpecSchema } from './training-repository.js';

const MAX_TASKS = 100_000;
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:_-]{0,99}$/, 'This is no id');
const name = z.string().min(1).max(400);
const message = z.string().max(4000).nullable();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits');
const instant = z.int().min(0).max(8_640_000_000_000_000);
const amount = z.number().min(0);
const version = z.string().max(100);

const jobSchema = z.object({
  state: z.enum(['succeeded', 'failed', 'cancelled', 'paused']),
  outcome: z.string().max(2000).nullable(),
  error: errorShapeSchema.nullable(),
  createdAtMs: instant,
  startedAtMs: instant.nullable(),
  finishedAtMs: instant.nullable(),
});
export type ArchivedJob = z.infer<typeof jobSchema>;

const cellKey = { condition: z.int().min(0), scheduler: z.int().min(0), repetition: z.int().min(0) };

const nodeSchema = z.object({
  id,
  name,
  ordinal: z.int().min(0),
  fixedSec: amount,
  secPerStep: amount,
  speedFactor: z.number().positive(),
  linkMbps: z.number().nullable(),
  agentVersion: version.nullable(),
  facts: z.record(z.string(), z.unknown()).nullable(),
  worker: nodeWorkerSchema.nullable(),
  timingSource: z.enum(['setting', 'calibration', 'assumed']),
  jitterFraction: amount,
  heldLimit: z.int().min(1).optional(),
});

const delaysSchema = z.object({
  uploadMs: z.number(),
  waitingMs: z.number(),
  computeMs: z.number(),
  downloadMs: z.number(),
  resendMs: z.number(),
  controlMs: z.number(),
  serviceMs: z.number(),
});

const taskSchema = z.object({
  id,
  ordinal: z.int().min(0),
  promptId: z.int(),
  prompt: z.string().max(100_000),
  seed: z.int().min(0).max(0xffffffff),
  qualitySteps: z.int().min(1),
  computedSteps: z.int().min(1),
  picture: z.object({ sha256, sizeBytes: z.int().min(1).max(MAX_PICTURE_BYTES), mediaType: z.enum(PICTURE_MEDIA_TYPES) }).nullable(),
  arrivalMs: amount,
  baseStationId: id,
  edgeServerId: id.nullable(),
  state: z.enum(['pending', 'sent', 'succeeded', 'failed', 'cancelled']),
  attempts: z.int().min(0),
  leaseEpoch: z.int().min(0),
  delays: delaysSchema.nullable(),
  computeStartMs: z.number().nullable(),
  computeEndMs: z.number().nullable(),
  acceptedMs: z.number().nullable(),
  errorMessage: message,
  image: z.object({ sha256, storedAtMs: instant }).nullable(),
});
export type ArchivedTask = z.infer<typeof taskSchema>;

const attemptSchema = z.object({
  taskId: id,
  leaseEpoch: z.int().min(1),
  baseStationId: id,
  edgeServerId: id.nullable(),
  state: z.enum(['sent', 'succeeded', 'failed', 'superseded', 'withdrawn', 'cancelled']),
  sentMs: z.number(),
  endedMs: z.number().nullable(),
  stationServiceMs: amount.nullable(),
  axisShiftMs: z.number().nullable(),
});

const imageSchema = z.object({
  sha256,
  sizeBytes: z.int().min(1).max(MAX_IMAGE_BYTES),
  widthPx: z.int().min(1),
  heightPx: z.int().min(1),
  mediaType: z.enum(['image/png', 'image/jpeg']),
  isSimulated: z.boolean(),
});
export type ArchivedImage = z.infer<typeof imageSchema>;

const energySchema = z.object({
  nodeId: id,
  source: z.enum(['rails', 'nvidia-smi']),
  measured: z.array(name).max(100),
  coveredMs: amount,
  joules: amount,
  loadKnownMs: amount,
  idleMs: amount,
});

export const archivedRunSchema = z.object({
  id,
  spec: runSpecSchema,
  specSha256: sha256,
  // One that is not finished belongs to the machine that it runs on.
  state: z.enum(['succeeded', 'failed', 'stopped']),
  timeScale: z.number().positive(),
  isSimulated: z.boolean(),
  programVersion: version,
  createdAtMs: instant,
  startedAtMs: instant.nullable(),
  finishedAtMs: instant,
  clockStoppedAtMs: instant.nullable(),
  clockStoppedMs: amount,
  lowerBoundMs: amount.nullable(),
  lowerBoundRule: z.string().max(2000).nullable(),
  invalidReasons: z.array(z.string().max(2000)).max(1000),
  hostDelay: z.object({ meanMs: z.number(), maxMs: z.number(), sampleCount: z.number() }).nullable(),
  interruptions: z
    .object({
      losses: z.array(z.object({ nodeId: id, fromMs: amount, toMs: amount.nullable() })).max(1000),
      standstills: z.array(z.object({ atMs: amount, realMs: amount.nullable() })).max(1000),
    })
    .optional(),
  axis: z.enum(['run', 'nodes']),
  series: z.object({ seriesId: id, ...cellKey }).nullable(),
  testbedName: name,
  datasetName: name,
  excludedNodes: z.array(name).max(1000).optional(),
  nodes: z.array(nodeSchema).max(1000),
  policies: z.array(z.object({ nodeId: id, policy: z.json() })).max(1000),
  tasks: z.array(taskSchema).max(MAX_TASKS),
  attempts: z.array(attemptSchema).max(20 * MAX_TASKS),
  images: z.array(imageSchema).max(MAX_TASKS),
  energy: z.array(energySchema).max(1000),
  environment: environmentSchema.nullable(),
});
export type ArchivedRun = z.infer<typeof archivedRunSchema>;

export const archivedSeriesSchema = z.object({
  id,
  spec: seriesSpecSchema,
  testbedName: name,
  datasetName: name,
  programVersion: version,
  cells: z.array(z.object(cellKey)).max(20_000),
  job: jobSchema,
  detail: z.object({ isHeld: z.boolean(), triesSinceMs: z.number(), pausedRunId: z.string().nullable() }),
  environment: environmentSchema.nullable(),
});
export type ArchivedSeries = z.infer<typeof archivedSeriesSchema>;

const pointSchema = z.object({
  episode: z.int().min(1),
  meanDelaySec: z.number(),
  optTsDelaySec: z.number(),
  ratioToOptTs: z.number(),
  criticLoss: z.number().nullable(),
  actorLoss: z.number().nullable(),
  entropy: z.number().nullable(),
  temperature: z.number().nullable(),
  meanQ: z.number().nullable(),
  cpuMs: z.number(),
});

export const archivedTrainingSchema = z.object({
  id,
  spec: trainingSpecSchema,
  simulated: z.record(z.string(), z.unknown()),
  programVersion: version,
  checkpointEpisodes: z.int().min(0),
  curve: z.array(pointSchema).max(100_000),
  job: jobSchema,
  environment: environmentSchema.nullable(),
});
export type ArchivedTraining = z.infer<typeof archivedTrainingSchema>;

const studyKey = { pointIndex: z.int().min(0), method: name, seed: z.int().min(0) };

export const archivedStudySchema = z.object({
  id,
  study: studyDefinitionSchema,
  firstSeed: z.int().min(0),
  seeds: z.int().min(1).max(1000),
  programVersion: version,
  cells: z
    .array(
      z.object({
        ...studyKey,
        meanDelaySec: z.number(),
        optTsDelaySec: z.number(),
        ratioToOptTs: z.number(),
        convergenceEpisode: z.int().nullable(),
        cpuSec: z.number(),
        episodeCpuSec: z.number(),
        curveSec: z.array(z.number()).max(100_000).nullable(),
        programVersion: version,
      }),
    )
    .max(1_000_000),
  failures: z.array(z.object({ ...studyKey, error: errorShapeSchema })).max(1_000_000),
  job: jobSchema,
  environment: environmentSchema.nullable(),
});
export type ArchivedStudy = z.infer<typeof archivedStudySchema>;

export type ArchivedRecord =
  | { kind: 'run'; record: ArchivedRun }
  | { kind: 'series'; record: ArchivedSeries }
  | { kind: 'training'; record: ArchivedTraining }
  | { kind: 'study'; record: ArchivedStudy };
