// What runs need of durable storage. Every method commits before it returns: `durable` is what it means here.
import type { InputPicture } from '../../../shared/service.js';
import type { NodeWorker } from '../../../shared/node-worker-schema.js';
import type {
  AttemptRecord,
  HostDelay,
  MeasuredTask,
  NodeTiming,
  RunSpec,
  RunState,
  StationDelays,
  TaskRecord,
  TaskState,
} from '../../../shared/run.js';
import type { ImportedFrom } from '../../../shared/record.js';
import type { RunInterruptions } from '../../../shared/run-progress.js';
import type { RunSeriesCell } from '../../../shared/series-cell.js';

export interface StoredRun {
  id: string;
  spec: RunSpec;
  specSha256: string;
  state: RunState;
  timeScale: number;
  isSimulated: boolean;
  programVersion: string;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** Since when nothing of the paused run is under way, so that its clock stands still; null while its clock goes. */
  clockStoppedAtMs: number | null;
  /** Wall-clock ms that its clock has stood still before. */
  clockStoppedMs: number;
  /** Nodes as they were at the start: id, name, time model, speed, facts; JSON kept as it was. */
  nodesSnapshot: NodeSnapshot[];
  /** Names of the nodes of its testbed that it leaves out; absent where there are none. */
  excludedNodes?: string[] | undefined;
  lowerBoundMs: number | null;
  lowerBoundRule: string | null;
  /** Reasons found while it ran (interrupted, node lost, ...). */
  invalidReasons: string[];
  /** How late this machine was; null until it was measured. */
  hostDelay: HostDelay | null;
  /** Those that have ended, and losses that last; absent where nothing held it up, and in runs of earlier versions. */
  interruptions?: RunInterruptions | undefined;
  /** `nodes`: instants of computations are on each node's own axis, as versions before `run` recorded them; by how much is not known. */
  axis: 'run' | 'nodes';
  /** The cell that it was started for; null of a run of its own. */
  series: RunSeriesCell | null;
}

/** A run as it is read back: with the names its testbed and dataset had at the start (both may be gone by now). */
export interface LoadedRun extends StoredRun {
  testbedName: string;
  datasetName: string;
  /** Where its record came from; null of a run that was made here. */
  imported: ImportedFrom | null;
}

export interface NodeSnapshot extends NodeTiming {
  ordinal: number;
  linkMbps: number | null;
  agentVersion: string | null;
  facts: unknown;
  /** Its image worker with its settings; null for a simulated one, and in runs of earlier versions. */
  worker: NodeWorker | null;
  /** Most tasks that it holds at a time; absent: as many as come. */
  heldLimit?: number | null | undefined;
}

export interface NewTask {
  id: string;
  ordinal: number;
  promptId: number;
  prompt: string;
  seed: number;
  qualitySteps: number;
  computedSteps: number;
  picture: InputPicture | null;
  arrivalMs: number;
  baseStationId: string;
}

/** What a task was planned to be: two runs with the same list of these had the same work. */
export type PlannedTask = [prompt: string, seed: number, qualitySteps: number, pictureSha256: string | null, arrivalMs: number];

export interface AcceptedResult {
  taskId: string;
  leaseEpoch: number;
  edgeServerId: string;
  /** As the base station measured them; the task's own, from its arrival, are made of them and its sendings. */
  delays: StationDelays;
  /** On the node's axis. */
  computeStartMs: number;
  computeEndMs: number;
  acceptedMs: number;
  /** As the worker counted them; 0 where the agent does not say. */
  computedSteps: number;
  image: { sha256: string; sizeBytes: number; widthPx: number; heightPx: number; mediaType: string; isSimulated: boolean };
}

export interface TaskFailure {
  taskId: string;
  leaseEpoch: number;
  /** Where it went wrong, where that is known. */
  edgeServerId?: string | null;
  message: string;
  atMs: number;
  /** The task is not sent again. */
  isFinal: boolean;
}

/** What changes of a run after it was started. */
export type RunChange = Partial<
  Pick<StoredRun, 'state' | 'startedAtMs' | 'finishedAtMs' | 'clockStoppedAtMs' | 'clockStoppedMs' | 'hostDelay' | 'interruptions'>
>;

/**
 * Counts by state, and how many tasks were re-sent so far: sent once more after a sending that came to nothing. A sending that a pause took back
 * is no attempt: the next one makes no task re-sent. One that is re-sent stays so, also when a pause takes its later sending back.
 */
export type TaskCounts = Record<TaskState, number> & { resent: number };

/**
 * The rows of a run's tasks. While the run executes they are written by its board alone (task-board.ts); what each method refuses is what no
 * program may do to a row, whatever it believes. `atMs`: model ms since the run's start.
 */
export interface TaskRows {
  /** All tasks of a run in ordinal order (100,000 at most). */
  listTasks(runId: string): TaskRecord[];
  getTask(runId: string, taskId: string): TaskRecord | null;
  /** The ids of those that were re-sent, as `TaskCounts` has it: the number of a task's attempts alone does not tell. */
  listResent(runId: string): string[];
  /** pending -> sent (or sent -> re-sent) under a new lease epoch, with an attempt row each; one transaction. Returns the new epochs. */
  markSent(runId: string, sends: readonly { taskId: string; baseStationId: string; atMs: number }[]): Map<string, number>;
  /**
   * sent -> succeeded, once: false for each whose task is already finished or whose lease is older than the current one. Writes attempt and
   * image rows; one transaction, so that results that come together wait for the disk together.
   */
  acceptResults(results: readonly AcceptedResult[]): boolean[];
  /** Ends the attempt; the task goes back to pending or, when `isFinal`, to failed. False when it is stale. */
  recordFailure(failure: TaskFailure): boolean;
  /**
   * sent -> pending for tasks that no node has started: the attempt does not count, and what they wait until they are re-sent is waiting.
   * Returns how many changed.
   */
  takeBack(runId: string, taskIds: readonly string[], atMs: number): number;
  /** pending or sent -> cancelled; returns how many changed. `message` says on whose account. */
  cancelTasks(runId: string, taskIds: readonly string[] | 'all', message?: string): number;
}

/** What a run that executes needs of its rows. */
export interface ExecutionStore extends TaskRows {
  /** The learned policy of a base station as JSON; null where the run has none. */
  learnedPolicyOf(runId: string, nodeId: string): string | null;
  updateRun(id: string, change: RunChange): void;
  addInvalidReason(id: string, reason: string): void;
}

export interface RunStore extends ExecutionStore {
  /** Run, all its tasks (state pending) and its base stations' learned policies by node id in one transaction. */
  insertRun(run: StoredRun, tasks: readonly NewTask[], learnedPolicies?: ReadonlyMap<string, string>): void;
  /** Of an ended run the same object each time while nothing of it has changed, to be left as it is; so are those of the lists. */
  getRun(id: string): LoadedRun | null;
  /** Newest first. */
  listRuns(): LoadedRun[];
  /** Those that are not finished, newest first. */
  listOpenRuns(): LoadedRun[];
  /** Oldest first, the warm-ups too. */
  listIdsOfSeries(seriesId: string): string[];
  deleteRun(id: string): { orphanedImages: string[] };
  /** Of a run that does not execute; one that does counts for itself (task-board.ts). */
  countTasks(runId: string): TaskCounts;
  /** As `listTasks`, but without words and pictures: a tenth of the time. */
  listMeasured(runId: string): MeasuredTask[];
  /** The figures that `keepFigures` kept last; null where there are none. */
  keptFigures(runId: string): { basis: string; figuresJson: string } | null;
  /** Keeps figures that can be computed again, with what they rest on. */
  keepFigures(runId: string, kept: { basis: string; figuresJson: string }): void;
}

/** What an audit and the twin read besides. */
export interface AttemptStore {
  /** All sendings of a run's tasks, in order of task and lease. */
  listAttempts(runId: string): AttemptRecord[];
}
