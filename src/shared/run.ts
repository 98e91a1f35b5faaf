// Batch runs: the frozen specification, the tasks, and what was measured. All durations and instants named `...Ms`/`...Sec` of a task
// are MODEL time (real time x the testbed's time scale), except those named `...AtMs` on runs, which are wall-clock epoch milliseconds.

import { nameSettings, type SchedulingSettings } from './scheduling-settings.js';
import type { InputPicture } from './service.js';
import { HEURISTICS, STATION_HEURISTIC_NAMES, type StationHeuristicName } from '../scheduling/heuristics/heuristics.js';

/** `learned`: the policy of a training in the copy of the run's testbed; the others need no training. */
export const SCHEDULER_NAMES = [...STATION_HEURISTIC_NAMES, 'learned'] as const;
export type SchedulerName = StationHeuristicName | 'learned';

const LEARNED = {
  title: 'Learned policy',
  sentence: 'A policy trained in the digital twin of this testbed, such as LAD-TS, decides at each node for itself.',
};

/** What a scheduler is called, and what it does, for someone who chooses. */
export function describeScheduler(name: SchedulerName): { title: string; sentence: string } {
  return name === 'learned' ? LEARNED : HEURISTICS[name];
}

/** The same with what is set otherwise than in the paper: `Random (shortest executed first)`. */
export function describeScheduling({ scheduler, ...settings }: { scheduler: SchedulerName } & SchedulingSettings): string {
  const { title } = describeScheduler(scheduler);
  const remarks = nameSettings(settings);
  return remarks.length === 0 ? title : `${title} (${remarks.join(', ')})`;
}

/** How tasks arrive at the base stations. */
export type Arrivals =
  /** All tasks at time 0, dealt to the base stations in turn. */
  | { kind: 'all-at-once' }
  /** Each slot, each base station gets uniform [1, maxPerSlot] tasks until |N| are out (paper Sec. V-A). */
  | { kind: 'slot-uniform'; slotSec: number; maxPerSlot: number }
  /** One Poisson stream, each arrival at a base station drawn uniformly. */
  | { kind: 'poisson'; ratePerSec: number };

/** What a run is; frozen and hashed when the run starts. */
export interface RunSpec extends SchedulingSettings {
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
  /** Image-to-image: the share of the steps that is computed on a noised input picture, (0, 1]. Absent in text-to-image. */
  strength?: number | undefined;
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
  /** Lost to earlier sendings of the same task: from the first to the one that succeeded. 0 where that was the first. */
  resendMs: number;
  /** Service delay less the other parts: dispatch, decision, RPC and bookkeeping. What the programs add, and no scheduler can help. */
  controlMs: number;
  /** From the task's arrival to the receipt of its result at its base station, however often it was sent (docs/validity.md). */
  serviceMs: number;
}

/** The delays as a base station measures them: of one lease, on its own clock. */
export type StationDelays = Omit<TaskDelays, 'resendMs'>;

/** `withdrawn`: taken back by a pause before a node had started it. */
export type AttemptState = 'sent' | 'succeeded' | 'failed' | 'superseded' | 'withdrawn' | 'cancelled';

/** One sending of a task. Instants are model ms after the run's start, on the control center's clock. */
export interface AttemptRecord {
  taskId: string;
  leaseEpoch: number;
  baseStationId: string;
  edgeServerId: string | null;
  state: AttemptState;
  sentMs: number;
  /** Null while it is out; also of ended attempts whose instant an earlier version did not record on this axis. */
  endedMs: number | null;
  /** The service delay that the base station measured under this lease; null unless it succeeded. */
  stationServiceMs: number | null;
  /** By how much the computation's interval was moved to lie between sending and acceptance; null where that was not done. */
  axisShiftMs: number | null;
}

export interface TaskRecord {
  id: string;
  runId: string;
  /** Position in the run, from 0. */
  ordinal: number;
  prompt: string;
  seed: number;
  qualitySteps: number;
  /** Denoising steps that are its work (paper: z_n): those asked for, or with an input picture a part of them; as the worker counted them once it is made. */
  computedSteps: number;
  /** What an image-to-image task starts from; its size counts in d_n. */
  picture: InputPicture | null;
  /** Planned arrival, model ms after the run's start. */
  arrivalMs: number;
  baseStationId: string;
  edgeServerId: string | null;
  state: TaskState;
  attempts: number;
  leaseEpoch: number;
  delays: TaskDelays | null;
  /** Interval of the computation on the edge server, model ms after the run's start. */
  computeStartMs: number | null;
  computeEndMs: number | null;
  /** When the result was accepted here, model ms after the run's start. */
  acceptedMs: number | null;
  imageSha256: string | null;
  isSimulated: boolean;
  errorMessage: string | null;
}

/** What the figures of a run are computed from: the task without its words and its picture. */
export type MeasuredTask = Pick<
  TaskRecord,
  'ordinal' | 'computedSteps' | 'arrivalMs' | 'edgeServerId' | 'state' | 'delays' | 'computeStartMs' | 'computeEndMs' | 'acceptedMs'
>;

/** A virtual node's setting, what was measured on the node, or the paper's device for want of a measurement. */
export type TimingSource = 'setting' | 'calibration' | 'assumed';

/** How long images take on a node of a run, and where that is known from. */
export interface NodeTiming {
  id: string;
  name: string;
  fixedSec: number;
  secPerStep: number;
  speedFactor: number;
  /** Relative spread of the compute time; 0 where none is simulated. */
  jitterFraction: number;
  timingSource: TimingSource;
}

export interface DelaySummary {
  meanMs: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
}

/** One node's busy intervals, model ms after the run's start. */
export interface NodeTimeline {
  nodeId: string;
  nodeName: string;
  executed: number;
  busyMs: number;
  /** busyMs / total generation delay, 0..1. */
  utilization: number;
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

/** How late this machine was while a run was in progress, REAL milliseconds. */
export interface HostDelay {
  /** Of an event that comes at any moment; see host-delay-meter.ts. */
  meanMs: number;
  maxMs: number;
  sampleCount: number;
}

/** What this machine added to the delays of a run, as shares of the mean service delay (0..1). Null where it was not measured. */
export interface MachineShare {
  controlShare: number | null;
  /** Mean host delay, REAL milliseconds. */
  hostDelayMs: number | null;
  /** Mean host delay times the time scale, against the mean service delay. */
  hostDelayShare: number | null;
}

export interface RunMetrics {
  /** Last result accepted minus first submission; the figure of Table V. Null until a result is there. */
  totalGenerationDelayMs: number | null;
  service: DelaySummary | null;
  waiting: DelaySummary | null;
  control: DelaySummary | null;
  /** What no scheduler can beat on these nodes; null where that is not known. */
  lowerBoundMs: number | null;
  /** How the bound was computed, in one sentence. */
  lowerBoundRule: string | null;
  /** lowerBound / total, 0..1. */
  efficiency: number | null;
  /** Why bound or efficiency can't be told (`Not calibrated: ...`); null where they can, or while tasks are open. */
  efficiencyProblem: string | null;
  machine: MachineShare;
}

export interface RunValidity {
  /** Whether the run may stand in a comparison. */
  isValid: boolean;
  /** Why not. */
  reasons: string[];
  /** What a reader of its figures has to know, though they hold. */
  limitations: string[];
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
  /** The cell of a series that it was started for; null of a run of its own. */
  series: import('./series-cell.js').RunSeriesCell | null;
  /** Where its record came from; null of a run that was made here. */
  imported: import('./record.js').ImportedFrom | null;
  /** The run that has the testbed, or the one that waits before it, while it is queued; null otherwise. */
  waitsBehind: { id: string; name: string } | null;
  /** Absent unless it waits for a time. */
  plannedStart?: import('./planned-start.js').PlannedStart;
  /** Where it does not use its testbed as it is: without some nodes, or limiting some. Absent otherwise. */
  nodeUse?: import('./node-use.js').NodeUse | undefined;
  counts: { total: number; pending: number; sent: number; succeeded: number; failed: number; cancelled: number; resent: number };
  metrics: RunMetrics;
  validity: RunValidity;
  /** Null where no node has hardware of its own. */
  energy: import('./energy.js').RunEnergy | null;
}

/** What a specification would take, before it is started. */
export interface RunEstimate {
  lowerBoundMs: number | null;
  /** Why there is no bound (`Not calibrated: ...`). */
  boundProblem: string | null;
  /** What keeps it from being started. */
  problems: string[];
  /** What this machine can't keep, with the remedy. It is refused unless the overload is allowed. */
  overload: string | null;
  /** Highest time scale that this machine keeps for it, where it can't keep the testbed's; else null. */
  keptTimeScale: number | null;
  /** What will probably make it invalid. */
  warnings: string[];
}

/** Why a run waits though no one paused it, and what is done about it. */
export interface RunHold {
  error: import('./errors.js').AppErrorShape;
  /** What can't be written; null where the error does not say. */
  path: string | null;
  /** There, now; null where the file system does not say. */
  freeBytes: number | null;
  /** That must be free before it continues; null where room is not the trouble. */
  neededBytes: number | null;
  /** Wall clock, epoch ms. */
  sinceMs: number;
  tries: number;
  /** Wall clock, epoch ms. */
  nextTryAtMs: number;
  /** Results that wait on their nodes to be stored here. */
  heldResults: number;
}

/** A result that came home: made by the edge server for the base station. */
export interface FlowResult {
  taskId: string;
  ordinal: number;
  baseStationId: string;
  edgeServerId: string;
  /** When it was accepted, epoch ms. */
  atMs: number;
}

/** What moves between base stations and edge servers while a run executes, as far as the program knows it. REAL time. */
export interface RunFlow {
  /** Results of the last minute; pairs without any are left out. */
  links: { baseStationId: string; edgeServerId: string; lastMinute: number }[];
  /** The last of them, oldest first; at most 40. */
  results: FlowResult[];
  /** Whose task each edge server computes now. */
  running: { edgeServerId: string; baseStationId: string; taskId: string; ordinal: number }[];
  /** Tasks of each base station that have been handed to it and are not back. */
  out: { baseStationId: string; count: number }[];
  /** Results in each of the last minutes, oldest first; the last entry is the minute up to now. Since the program started, at most 60. */
  perMinute: number[];
  /** What of the last of these minutes was seen, real ms: all of it unless the program has only just started to look. */
  coveredMs: number;
}

/** What the live view of a run shows; model time. */
export interface RunLive {
  /** Absent of a run that does not execute. */
  flow?: RunFlow;
  run: RunSummary;
  elapsedMs: number;
  /** Model ms until the last result, honest: null until enough is known. */
  estimatedRemainingMs: number | null;
  /** The same as a range, for people: null until 20 tasks or 30 s of real time are done, and while it is paused. */
  remaining: import('./run-progress.js').RemainingRange | null;
  /** Why the end comes much later than was expected when it was first known, as the end of a sentence; null where it does not. */
  delayCause: string | null;
  /** Accepted results per node id, by edge server. */
  executedByNode: Record<string, number>;
  nodes: (import('./testbed.js').NodeLive & {
    nodeName: string;
    runningOrdinal: number | null;
    /** Median of what its images of this run took over what its record says; null or left out where too few were made. */
    slowness?: number | null;
  })[];
  /** Nodes that could not be reached, and when the run stood still: also of one that has ended. */
  losses: import('./run-progress.js').NodeLoss[];
  standstills: import('./run-progress.js').RunStandstill[];
  /** What will make the run invalid if it continues like this; told while it can still be stopped. */
  warnings: string[];
  recentFailures: { taskId: string; ordinal: number; message: string; atMs: number }[];
  /** Null unless this computer can't store results now. */
  hold: RunHold | null;
}

export interface Page<T> {
  items: T[];
  total: number;
}
