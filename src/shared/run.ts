// Batch runs: the frozen specification, the tasks, and what was measured. All durations and instants named `...Ms`/`...Sec` of a task
// are MODEL time (real time x the testbed's time scale), except those named `...AtMs` on runs, which are wall-clock epoch milliseconds.

/** Schedulers that need no training. */
export const PLAIN_SCHEDULER_NAMES = [
  'local-only',
  'random',
  'round-robin',
  'capacity-proportional',
  'shortest-expected-completion',
] as const;
export type PlainSchedulerName = (typeof PLAIN_SCHEDULER_NAMES)[number];

/** `learned`: the policy of a training in the copy of the run's testbed. */
export const SCHEDULER_NAMES = [...PLAIN_SCHEDULER_NAMES, 'learned'] as const;
export type SchedulerName = (typeof SCHEDULER_NAMES)[number];

export const SCHEDULER_TITLES: Record<SchedulerName, string> = {
  'local-only': 'Local only',
  random: 'Random',
  'round-robin': 'Round-robin',
  'capacity-proportional': 'Capacity-proportional',
  'shortest-expected-completion': 'Shortest expected completion',
  learned: 'Learned policy',
};

/** How tasks arrive at the base stations. */
export type Arrivals =
  /** All tasks at time 0, dealt to the base stations in turn. */
  | { kind: 'all-at-once' }
  /** Each slot, each base station gets uniform [1, maxPerSlot] tasks until |N| are out (paper Sec. V-A). */
  | { kind: 'slot-uniform'; slotSec: number; maxPerSlot: number }
  /** One Poisson stream, each arrival at a base station drawn uniformly. */
  | { kind: 'poisson'; ratePerSec: number };

/** What a run is; frozen and hashed when the run starts. */
export interface RunSpec {
  name: string;
  testbedId: string;
  datasetId: string;
  /** |N| of Table V. */
  taskCount: number;
  seed: number;
  /** Inclusive range of the image's denoising steps z; equal ends make it fixed. The reference draws 10-19. */
  qualitySteps: { min: number; max: number };
  arrivals: Arrivals;
  scheduler: SchedulerName;
  /** Whose policy schedules, where the scheduler is `learned`; as of its last checkpoint when the run starts. */
  trainingId?: string | undefined;
  /** Allow a prompt more than once when |N| is larger than the dataset. */
  allowRepeatedPrompts: boolean;
  /** How often a task may be sent before it counts as failed. */
  maxAttempts: number;
}

export type RunState = 'queued' | 'running' | 'paused' | 'stopping' | 'stopped' | 'succeeded' | 'failed';

/** `sent`: handed to its base station's agent under a lease; not yet accepted back. */
export type TaskState = 'pending' | 'sent' | 'succeeded' | 'failed' | 'cancelled';

export interface TaskDelays {
  uploadMs: number;
  waitingMs: number;
  computeMs: number;
  downloadMs: number;
  /** Service delay less its four parts: decision, RPC and bookkeeping. */
  controlMs: number;
  /** From the start of the transmission at the base station to the receipt of the result there, on its clock. */
  serviceMs: number;
}

export interface TaskRecord {
  id: string;
  runId: string;
  /** Position in the run, from 0. */
  ordinal: number;
  prompt: string;
  seed: number;
  qualitySteps: number;
  /** Planned arrival, model ms after the run's begin. */
  arrivalMs: number;
  baseStationId: string;
  edgeServerId: string | null;
  state: TaskState;
  attempts: number;
  leaseEpoch: number;
  delays: TaskDelays | null;
  /** Interval of the computation on the edge server, model ms after the run's begin (that node's clock, set at the begin). */
  computeStartMs: number | null;
  computeEndMs: number | null;
  /** When the result was accepted here, model ms after the run's begin. */
  acceptedMs: number | null;
  imageSha256: string | null;
  isSimulated: boolean;
  errorMessage: string | null;
}

export interface DelaySummary {
  meanMs: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
}

/** One node's busy intervals, model ms after the run's begin. */
export interface NodeTimeline {
  nodeId: string;
  nodeName: string;
  executed: number;
  busyMs: number;
  /** busyMs / total generation delay, 0..1. */
  utilisation: number;
  intervals: { startMs: number; endMs: number; taskOrdinal: number }[];
}

/** How long a task took on average, part by part, over the accepted tasks that one node executed. */
export interface NodeDelays {
  nodeId: string;
  nodeName: string;
  executed: number;
  /** Null while the node has executed none. */
  mean: TaskDelays | null;
}

export interface RunMetrics {
  /** Last result accepted minus first submission; the figure of Table V. Null until a result is there. */
  totalGenerationDelayMs: number | null;
  service: DelaySummary | null;
  waiting: DelaySummary | null;
  control: DelaySummary | null;
  /** What no scheduler can beat on these nodes. */
  lowerBoundMs: number | null;
  /** How the bound was computed, in one sentence. */
  lowerBoundRule: string | null;
  /** lowerBound / total, 0..1. */
  efficiency: number | null;
}

export interface RunSummary {
  id: string;
  spec: RunSpec;
  specSha256: string;
  state: RunState;
  testbedName: string;
  datasetName: string;
  timeScale: number;
  isSimulated: boolean;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  counts: { total: number; pending: number; sent: number; succeeded: number; failed: number; cancelled: number; resent: number };
  metrics: RunMetrics;
  /** Whether the run may stand in a comparison; the reasons if not. */
  validity: { isValid: boolean; reasons: string[] };
}

/** Why a run waits though nobody paused it, and what is done about it. */
export interface RunHold {
  error: import('./errors.js').AppErrorShape;
  /** What can't be written; null where the error does not say. */
  path: string | null;
  /** There, now; null where the file system does not say. */
  freeBytes: number | null;
  /** That must be free before it goes on; null where room is not the trouble. */
  neededBytes: number | null;
  /** Wall clock, epoch ms. */
  sinceMs: number;
  tries: number;
  /** Wall clock, epoch ms. */
  nextTryAtMs: number;
  /** Results that wait on their nodes to be stored here. */
  heldResults: number;
}

/** What the live view of a run shows; model time. */
export interface RunLive {
  run: RunSummary;
  elapsedMs: number;
  /** Model ms until the last result, honest: null until enough is known. */
  estimatedRemainingMs: number | null;
  /** Accepted results per node id, by edge server. */
  executedByNode: Record<string, number>;
  nodes: (import('./testbed.js').NodeLive & { nodeName: string })[];
  recentFailures: { taskId: string; ordinal: number; message: string; atMs: number }[];
  /** Null unless this computer can't store results now. */
  hold: RunHold | null;
}

export interface GalleryImage {
  taskId: string;
  runId: string;
  runName: string;
  ordinal: number;
  sha256: string;
  widthPx: number;
  heightPx: number;
  sizeBytes: number;
  isSimulated: boolean;
  prompt: string;
  seed: number;
  qualitySteps: number;
  nodeId: string;
  nodeName: string;
  serviceMs: number;
  createdAtMs: number;
}

export interface Page<T> {
  items: T[];
  total: number;
}
