// What the API accepts, checked at the border. Defaults stand here, so the window, the terminal and the tests share them.
import { z } from 'zod';
import { DELIMITERS } from '../dataset.js';
import { NODE_AUTHS } from '../credentials.js';
import { SCHEDULER_NAMES } from '../run.js';
import { ORIN_TIME_MODEL } from '../testbed.js';
import { schedulingShape } from './scheduling-inputs.js';
import { PUBLISHED_WEIGHTS } from '../weights.js';

const id = z.string().min(1).max(64);
const name = z.string().trim().min(1, 'Give it a name').max(80);

export const timeModelSchema = z.object({
  fixedSec: z.number().min(0).max(3600),
  secPerStep: z.number().min(0).max(600),
});

export const createVirtualTestbedInput = z.object({
  name: name.default('Virtual testbed'),
  nodeCount: z.number().int().min(1, 'A testbed needs at least one node').max(32, 'At most 32 virtual nodes fit one machine').default(5),
  /** One factor per node, repeated when shorter than the node count. */
  speedFactors: z.array(z.number().min(0.01).max(100)).min(1).default([1]),
  /** Gigabit LAN as in the paper's testbed. */
  linkMbps: z.number().min(0.1).max(100_000).default(1000),
  jitterFraction: z.number().min(0).max(0.5, 'At most 50 %').default(0),
  timeScale: z.number().min(0.1).max(1000, 'Above 1000 the control overhead would drown the measurement').default(1),
  timeModel: timeModelSchema.default(ORIN_TIME_MODEL),
});
export type CreateVirtualTestbedInput = z.infer<typeof createVirtualTestbedInput>;

export const createTestbedInput = z.object({ name });

export const hardwareInput = z.object({ nodeIds: z.array(id).max(1000) });

/** `[::1]` is `::1`, also behind `user@`: the brackets only keep a port apart. */
const withoutBrackets = (host: string): string => host.replace(/^(.*@)?\[([0-9A-Fa-f:.%\w-]*:[0-9A-Fa-f:.%\w-]*)\]$/, '$1$2');

/** An interface of this computer, which no other node has: agents could not reach the node by it. */
const ZONE_REFUSED =
  'An address with a zone ("%...") holds on this computer alone: name the node by its IPv4 address (192.168.55.1 for a Jetson on USB), a global IPv6 address or its host name';
const hasNoZone = (host: string): boolean => !/^\S*:\S*%/.test(host);

const hostSchema = z
  .string()
  .trim()
  .min(1, 'Name a host')
  .max(253)
  .transform(withoutBrackets)
  .pipe(
    z
      .string()
      .refine(hasNoZone, { error: ZONE_REFUSED, abort: true })
      .regex(/^[A-Za-z0-9._:-]+$/, 'A host name or address has only letters, digits, dots, colons, underscores and hyphens'),
  );

export const addNodeInput = z.object({
  testbedId: id,
  name: name.optional(),
  host: hostSchema,
  port: z.number().int().min(1).max(65535).default(22),
  user: z
    .string()
    .trim()
    .min(1, 'Name a user')
    .max(64)
    // DOMAIN\user is an account of a directory.
    .regex(
      /^[A-Za-z0-9._@-](?:[A-Za-z0-9._@\\-]*[A-Za-z0-9._@-])?$/,
      'A user name has only letters, digits, dots, underscores, at signs, hyphens, and a backslash after a domain',
    ),
  /** Absent: `key-file` where one is named, else the control center's key, or what ~/.ssh/config says for a host of it. */
  auth: z.enum(NODE_AUTHS).optional(),
  /** Private key file on this machine, for `key-file` alone. */
  keyFile: z.string().max(4096).nullable().default(null),
  agentPort: z.number().int().min(1024).max(65535).default(7411),
  /** What executes tasks on this node until its model is provisioned. */
  worker: z.literal('simulated').default('simulated'),
});
export type AddNodeInput = z.input<typeof addNodeInput>;

/** A node as the user's SSH configuration describes it. */
export const addNodeByAliasInput = addNodeInput
  .pick({ testbedId: true, name: true, auth: true, keyFile: true, agentPort: true, worker: true })
  .extend({
    /** A host of ~/.ssh/config, or any name that `ssh` takes. */
    alias: z.string().trim().min(1, 'Name a host').max(253).transform(withoutBrackets).refine(hasNoZone, ZONE_REFUSED),
    /** Instead of what the configuration says. */
    user: addNodeInput.shape.user.optional(),
    port: z.number().int().min(1).max(65535).optional(),
  });
export type AddNodeByAliasInput = z.input<typeof addNodeByAliasInput>;

export const setNodeLoginInput = z.object({ id, auth: z.enum(NODE_AUTHS), keyFile: z.string().max(4096).nullable().default(null) });
export type SetNodeLoginInput = z.input<typeof setNodeLoginInput>;

const MAX_LIST_LENGTH = 200_000;

/** Text with hosts in it, as people have them at hand: see parse-node-list.ts for the forms. */
export const nodeListInput = z.object({
  testbedId: id,
  text: z.string().max(MAX_LIST_LENGTH, `At most ${MAX_LIST_LENGTH} characters`),
  /** For lines that name no user. */
  defaultUser: addNodeInput.shape.user.nullable().default(null),
});
export type NodeListInput = z.input<typeof nodeListInput>;

export const addNodeListInput = nodeListInput.extend({
  /** The lines to add, by the numbers of the preview; every line that can be added when absent. */
  lines: z.array(z.number().int().min(1)).optional(),
  /** For lines that name no key file of their own. */
  auth: z.enum(['program-key', 'agent', 'password']).default('program-key'),
});
export type AddNodeListInput = z.input<typeof addNodeListInput>;

export const byId = z.object({ id });

export const answerHostKeyInput = z.object({
  nodeId: id,
  /** The fingerprint that the user saw and accepted; must equal the one the node shows on the next connect. */
  fingerprint: z.string().startsWith('SHA256:').max(128),
  /** True replaces a recorded key. */
  replace: z.boolean().default(false),
});

export const importOptionsSchema = z.object({
  keepOneLetter: z.boolean().default(false),
  keepRepeated: z.boolean().default(true),
  delimiter: z.enum(DELIMITERS).optional(),
  columns: z.array(z.string().min(1).max(200)).max(50).optional(),
});

/** Where the bytes come from: a file on this machine (terminal, desktop), an upload (any shell), or the shipped sample. */
export const datasetSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().min(1).max(4096) }),
  /** A folder of pairs on this machine: pictures with metadata.jsonl or metadata.csv. */
  z.object({ kind: z.literal('folder'), path: z.string().min(1).max(4096) }),
  z.object({ kind: z.literal('upload'), uploadId: id }),
  z.object({ kind: z.literal('sample') }),
]);
export type DatasetSource = z.infer<typeof datasetSource>;

export const previewDatasetInput = z.object({ source: datasetSource, options: importOptionsSchema.prefault({}) });
export const importDatasetInput = z.object({
  name: name.optional(),
  source: datasetSource,
  options: importOptionsSchema.prefault({}),
  /** Of the bytes that a preview was of: a file that has changed since is refused. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type ImportDatasetInput = z.input<typeof importDatasetInput>;

export const promptsPageInput = z.object({
  datasetId: id,
  search: z.string().max(200).default(''),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});

export const arrivalsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all-at-once') }),
  z.object({
    kind: z.literal('slot-uniform'),
    slotSec: z.number().positive().max(3600).default(1),
    maxPerSlot: z.number().int().min(1).max(10_000).default(50),
  }),
  z.object({ kind: z.literal('poisson'), ratePerSec: z.number().positive().max(10_000) }),
]);

export const runSpecSchema = z.object({
  name: name.default('Batch run'),
  testbedId: id,
  datasetId: id,
  taskCount: z.number().int().min(1, '|N| is at least 1').max(100_000, '|N| is at most 100,000'),
  seed: z.number().int().min(0).max(0xffffffff).default(1),
  qualitySteps: z
    .object({ min: z.number().int().min(1).max(200), max: z.number().int().min(1).max(200) })
    .refine((range) => range.min <= range.max, 'The lower end of the steps lies above the upper end')
    .default({ min: 10, max: 19 }),
  arrivals: arrivalsSchema.default({ kind: 'all-at-once' }),
  scheduler: z.enum(SCHEDULER_NAMES).default('shortest-expected-completion'),
  /** With the scheduler `learned`. */
  trainingId: id.optional(),
  ...schedulingShape,
  /** Set by a series that measures it; of a run alone it is refused. */
  learning: z.literal('measured').optional(),
  /** Image-to-image: the share of the steps that is computed on a noised input picture. Absent in text-to-image. */
  strength: z.number().gt(0, 'The strength is above 0').max(1, 'The strength is at most 1').optional(),
  allowRepeatedPrompts: z.boolean().default(false),
  maxAttempts: z.number().int().min(1).max(10).default(3),
});
export type RunSpecInput = z.input<typeof runSpecSchema>;

/** Of a run or series that waits for a time, epoch ms. */
export const startAtMs = z.int().min(0);

export const startRunInput = runSpecSchema.extend({
  /** When it is to start; at once where absent. No part of the frozen specification. */
  startAtMs: startAtMs.optional(),
  /** Start it although this machine can't keep the time scale; it will be invalid. No part of the frozen specification. */
  allowOverload: z.boolean().default(false),
});
/** As it is when it has passed the border. */
export type StartRunRequest = z.output<typeof startRunInput>;

export const taskPageInput = z.object({
  runId: id,
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(200),
  state: z.enum(['pending', 'sent', 'succeeded', 'failed', 'cancelled']).nullable().default(null),
  nodeId: id.nullable().default(null),
  search: z.string().max(200).default(''),
  sortBy: z.enum(['ordinal', 'service', 'waiting', 'compute', 'steps', 'state']).default('ordinal'),
  descending: z.boolean().default(false),
});
export type TaskPageInput = z.infer<typeof taskPageInput>;

export const runBarsInput = z.object({
  id,
  /** The newest bar that the caller has; null for all from the start. */
  after: z
    .object({ acceptedMs: z.number(), ordinal: z.number().int().min(-1) })
    .nullable()
    .default(null),
});
export type RunBarsInput = z.infer<typeof runBarsInput>;

export const cancelTaskInput = z.object({ runId: id, taskId: id });

export const comparisonInput = z.object({
  /** Measured runs to show; all valid finished ones when absent. */
  runIds: z.array(id).nullable().default(null),
  /** Its schedulers are the measured rows instead. */
  seriesId: id.optional(),
  includeInvalid: z.boolean().default(false),
  cloudConcurrency: z
    .number()
    .int()
    .min(1, 'A platform serves at least one request at once')
    .max(100, 'At most 100 requests at once')
    .default(1),
});
export type ComparisonInput = z.infer<typeof comparisonInput>;

export const exportFormat = z.enum(['csv', 'json', 'html']);
export type ExportFormat = z.infer<typeof exportFormat>;

const modelPath = z.string().min(1, 'Name a file or a folder').max(4096);

export const addModelInput = z.object({
  name: name.optional(),
  /** Absolute path of a safetensors file or a folder on this machine. */
  path: modelPath,
  /** That the license of SD3 medium's weights is accepted; needed once, when they are added. */
  acceptLicense: z.boolean().default(false),
});
export type AddModelInput = z.input<typeof addModelInput>;

export const weightsInput = z.object({
  /** Absolute path of the folder that they would get into; null takes the program's own. */
  folder: modelPath.nullable().default(null),
});

export const fetchWeightsInput = z.object({
  file: z.enum(PUBLISHED_WEIGHTS.map(({ file }) => file)),
  /** Absolute path of the folder that it gets into; made where it is not there. */
  folder: modelPath,
  acceptLicense: z.boolean().default(false),
});
export type FetchWeightsInput = z.input<typeof fetchWeightsInput>;

export const refineModelInput = z.object({
  path: modelPath,
  /** Absolute; a file for a file, a folder for a folder. */
  outputPath: modelPath,
  overwrite: z.boolean().default(false),
});
export type RefineModelInput = z.input<typeof refineModelInput>;

export const logQueryInput = z.object({
  lines: z.number().int().min(1).max(2000).default(200),
  runId: z.string().nullable().default(null),
});

export const eventsPageInput = z.object({
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
