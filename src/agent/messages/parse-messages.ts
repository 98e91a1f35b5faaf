// What comes over the wire is checked here before anything acts on it. Failures are InvalidArgument with the field's name.
import { Code, ConnectError } from '@connectrpc/connect';
import { z } from 'zod';

import type {
  ConfigureRequest,
  ProbeRequest,
  SetRosterRequest,
  ShareBlocksRequest,
  Task,
  TaskOutcome,
} from '../../shared/rpc/gen/agent_pb.js';
import { MAX_HELD_LIMIT } from '../../shared/node-use.js';
import { BLOCK_BYTES, blockCount, isModelFilePath } from '../../shared/model-layout.js';
import { PROTOCOL_VERSION } from '../../shared/rpc/protocol-version.js';
import { SCHEDULER_NAMES } from '../../shared/run.js';
import { PLACING_ORDER_NAMES, QUEUE_ORDER_NAMES, type SchedulingSettings } from '../../shared/scheduling-settings.js';
import { MAX_PICTURE_BYTES, PICTURE_MEDIA_TYPES } from '../../shared/service.js';
import { type Lease, MAX_LEASE_EPOCH } from '../../shared/task-life/lease.js';

const id = z.string().min(1).max(200);
/** Longest accepted prompt, characters; the longest of Flickr8k has 199. */
const prompt = z.string().max(10_000);
const qualitySteps = z.number().int().min(1).max(1_000);
const sidePx = z.number().int().min(64).max(2_048);

/** A network of 20 neurons for 20 edge servers takes 40,000. */
const MAX_POLICY_CHARACTERS = 4_000_000;

const epoch = z.number().int().min(1).max(MAX_LEASE_EPOCH);
const leasesSchema = z.array(z.looseObject({ runId: id, taskId: id, baseStationId: id, epoch })).max(50_000);
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const pictureSchema = z.looseObject({
  sha256: sha256Hex,
  sizeBytes: z.bigint().min(1n).max(BigInt(MAX_PICTURE_BYTES)),
  mediaType: z.enum(PICTURE_MEDIA_TYPES),
});
const taskSchema = z
  .looseObject({
    id,
    runId: id,
    leaseEpoch: epoch,
    baseStationId: id,
    prompt,
    qualitySteps,
    widthPx: sidePx,
    heightPx: sidePx,
    picture: pictureSchema.optional(),
    strength: z.number().min(0).max(1),
  })
  .refine(({ picture, strength }) => !picture || strength > 0, 'a picture without a strength');
const probeSchema = z.looseObject({ prompt, qualitySteps });
const peers = z
  .array(
    z.looseObject({
      ...{ nodeId: id, host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535) },
      heldLimit: z.number().int().min(0).max(MAX_HELD_LIMIT),
    }),
  )
  .max(1_000);
/** A run starts in so many model milliseconds at the most: a real minute at ×1,000. */
const MAX_START_IN_MS = 60_000_000;
const configureSchema = z.looseObject({
  runId: id,
  scheduler: z.enum(SCHEDULER_NAMES),
  learnedPolicy: z.string().max(MAX_POLICY_CHARACTERS),
  peers,
  elapsedMs: z.number().min(-MAX_START_IN_MS),
  stoodStillMs: z.number().min(0),
  slotMs: z.number().min(0),
  fixedSec: z.number().min(0).max(86_400),
  secPerStep: z.number().min(0).max(86_400),
  placingOrder: z.enum(['', ...PLACING_ORDER_NAMES]),
  queueOrder: z.enum(['', ...QUEUE_ORDER_NAMES]),
  speedWeight: z.number().min(0).max(1),
  consideration: z.number().min(0).max(1),
  keepsExperience: z.boolean(),
});
type SentSettings = Pick<z.infer<typeof configureSchema>, 'placingOrder' | 'queueOrder' | 'speedWeight' | 'consideration'>;
/** Largest file of a model, bytes; SD3 medium with everything in one file has 16 GB. */
const MAX_FILE_BYTES = 256n * 1024n ** 3n;
const shareBlocksSchema = z
  .looseObject({
    modelSha256: sha256Hex,
    path: z.string().refine(isModelFilePath, 'not a path inside a model'),
    fileSha256: sha256Hex,
    sizeBytes: z.bigint().min(1n).max(MAX_FILE_BYTES),
    blockBytes: z.literal(BLOCK_BYTES),
    blocks: z.array(
      z.looseObject({
        index: z.number().int().min(0),
        sha256: z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32, 'not a SHA-256'),
        holders: z.array(z.number().int().min(0)).max(1_000),
      }),
    ),
    peers,
  })
  .refine(({ blocks, sizeBytes }) => blocks.every(({ index }) => index < blockCount(Number(sizeBytes))), 'a block lies beyond the file')
  .refine((request) => request.blocks.every(({ holders }) => holders.every((place) => place < request.peers.length)), 'an unknown holder');
const rosterSchema = z.looseObject({ replacesVersion: z.number().int().min(0), nodeIds: z.array(id).max(1_000) });
const outcomeSchema = z.looseObject({
  taskId: id,
  runId: id,
  baseStationId: id,
  edgeServerId: id,
  leaseEpoch: epoch,
  status: z.number().int().min(1).max(3),
  waitingMs: z.number().min(0),
  computeMs: z.number().min(0),
  computeStartMs: z.number(),
  computeEndMs: z.number(),
  image: z.looseObject({ sha256: sha256Hex, mediaType: z.literal('image/png') }).optional(),
  errorMessage: z.string().max(2_000),
  computedSteps: z.number().int().min(0).max(1_000),
});

export function checkTask(task: Task | undefined): Task {
  check(taskSchema, task, 'task');
  return task;
}

export function checkProbe(request: ProbeRequest): ProbeRequest {
  check(probeSchema, request, 'probe');
  return request;
}

export function checkShareBlocks(request: ShareBlocksRequest): ShareBlocksRequest {
  check(shareBlocksSchema, request, 'blocks');
  return request;
}

export function checkRoster(request: SetRosterRequest): SetRosterRequest {
  check(rosterSchema, request, 'roster');
  return request;
}

export function checkOutcome(outcome: TaskOutcome | undefined): TaskOutcome {
  check(outcomeSchema, outcome, 'outcome');
  return outcome;
}

export function isSoundOutcome(outcome: TaskOutcome): boolean {
  return outcomeSchema.safeParse(outcome).success;
}

export function checkLeases(leases: readonly Lease[]): readonly Lease[] {
  check(leasesSchema, leases, 'leases');
  return leases;
}

/** Checks a run's settings; this node must be among its peers, each of them once. */
export function checkConfigure(request: ConfigureRequest, selfId: string): ConfigureRequest & z.infer<typeof configureSchema> {
  if (request.protocolVersion !== PROTOCOL_VERSION) {
    const versions = `it speaks version ${request.protocolVersion} of the protocol, this agent ${PROTOCOL_VERSION}`;
    throw new ConnectError(`the control center is of another age: ${versions}; provision the node again`, Code.FailedPrecondition);
  }
  check(configureSchema, request, 'run');
  const nodeIds = new Set(request.peers.map((peer) => peer.nodeId));
  if (!nodeIds.has(selfId)) throw new ConnectError(`run: node ${selfId} is not among its peers`, Code.InvalidArgument);
  if (nodeIds.size !== request.peers.length) throw new ConnectError('run: a node is listed twice among its peers', Code.InvalidArgument);
  return request;
}

/** What a run asks for; empty words and 0 are those of a control center that asks for nothing. */
export function readSettings({ placingOrder, queueOrder, speedWeight, consideration }: SentSettings): SchedulingSettings {
  return {
    ...(placingOrder !== '' && { placingOrder }),
    ...(queueOrder !== '' && { queueOrder }),
    ...(speedWeight > 0 && { speedWeight }),
    consideration,
  };
}

/** Looks at the very message instead of copying it, so that it stays a protobuf message. */
function check<Schema extends z.ZodType>(schema: Schema, message: unknown, what: string): asserts message is z.infer<Schema> {
  const parsed = schema.safeParse(message);
  if (parsed.success) return;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`);
  throw new ConnectError(`${what}: ${problems.join('; ')}`, Code.InvalidArgument);
}
