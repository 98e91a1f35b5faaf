// The accepted tasks of a run as they come in, by node: what its timeline and its distribution are drawn of. Pure; only what is new costs.
import type { GanttFailure, GanttLane, GanttSpan, GanttTask } from '../../charts/gantt/gantt-data.js';
import type { BarCursor, FailedSending, RunBars, TaskBar } from '../../../shared/run-board.js';
import type { RunLive, TaskDelays } from '../../../shared/run.js';

export type NamedNode = Pick<RunLive['nodes'][number], 'nodeId' | 'nodeName'>;

const PARTS = ['uploadMs', 'waitingMs', 'computeMs', 'downloadMs', 'resendMs', 'controlMs', 'serviceMs'] as const;

export class RunBarStore {
  readonly #byNode = new Map<string, GanttTask[]>();
  readonly #ordinals = new Set<number>();
  readonly #sums: TaskDelays = { uploadMs: 0, waitingMs: 0, computeMs: 0, downloadMs: 0, resendMs: 0, controlMs: 0, serviceMs: 0 };
  readonly #serviceMs: number[] = [];
  #failedSendings: readonly FailedSending[] = [];
  #newestMs = -Infinity;

  get count(): number {
    return this.#ordinals.size;
  }

  get failedSendings(): readonly FailedSending[] {
    return this.#failedSendings;
  }

  /** Service delays of all tasks in the order of acceptance, ms. */
  get serviceMs(): readonly number[] {
    return this.#serviceMs;
  }

  /** Share of each part in the service delays of all tasks, 0..1; null before the first result. */
  get shares(): Omit<TaskDelays, 'serviceMs'> | null {
    const { serviceMs, ...parts } = this.#sums;
    if (serviceMs <= 0) return null;
    return Object.fromEntries(Object.entries(parts).map(([part, ms]) => [part, ms / serviceMs])) as Omit<TaskDelays, 'serviceMs'>;
  }

  /** Computed on a node, by their starts. */
  tasksOf(nodeId: string): readonly GanttTask[] {
    return this.#byNode.get(nodeId) ?? [];
  }

  /** Where to continue: `overlapMs` before the newest, since results that come together are not stored in the order of their instants. */
  cursor(overlapMs: number): BarCursor | null {
    return this.count === 0 ? null : { acceptedMs: this.#newestMs - overlapMs, ordinal: -1 };
  }

  /** Of bars that are there already nothing is added. */
  add({ bars, failedSendings }: Pick<RunBars, 'bars' | 'failedSendings'>): void {
    this.#failedSendings = failedSendings;
    for (const bar of bars) {
      if (this.#ordinals.has(bar.ordinal)) continue;
      this.#ordinals.add(bar.ordinal);
      this.#newestMs = Math.max(this.#newestMs, bar.acceptedMs);
      for (const part of PARTS) this.#sums[part] += bar.delays[part];
      this.#serviceMs.push(bar.delays.serviceMs);
      insertByStart(this.#byNode, bar.edgeServerId, toTask(bar));
    }
  }
}

function insertByStart(byNode: Map<string, GanttTask[]>, nodeId: string, task: GanttTask): void {
  const tasks = byNode.get(nodeId);
  if (!tasks) return void byNode.set(nodeId, [task]);
  let index = tasks.length;
  while (index > 0 && (tasks[index - 1]?.startMs ?? 0) > task.startMs) index -= 1;
  tasks.splice(index, 0, task);
}

function toTask({ qualitySteps, computeStartMs, computeEndMs, ...bar }: TaskBar): GanttTask {
  const { ordinal, baseStationId, arrivalMs, attempts, delays } = bar;
  return { ordinal, baseStationId, arrivalMs, attempts, delays, steps: qualitySteps, startMs: computeStartMs, endMs: computeEndMs };
}

/** When a node was first seen with the task that it computes now, model ms. */
export type RunningSince = ReadonlyMap<string, { ordinal: number; sinceMs: number }>;

export interface LaneInput {
  store: RunBarStore;
  nodes: readonly NamedNode[];
  /** Of a run in progress: what its nodes do now. */
  live: Pick<RunLive, 'nodes' | 'losses' | 'elapsedMs' | 'run'> | null;
  runningSince: RunningSince;
}

/** One lane a node, in the order of the nodes. */
export function toLanes({ store, nodes, live, runningSince }: LaneInput): GanttLane[] {
  const failures = Map.groupBy(store.failedSendings, ({ edgeServerId, baseStationId }) => edgeServerId ?? baseStationId);
  return nodes.map(({ nodeId, nodeName }) => {
    const now = live?.nodes.find((node) => node.nodeId === nodeId);
    const tasks = store.tasksOf(nodeId);
    const running = runningTask(nodeId, runningSince, live, tasks.at(-1)?.endMs ?? 0);
    return {
      id: nodeId,
      name: nodeName,
      tasks: running ? [...tasks, running] : tasks,
      failures: (failures.get(nodeId) ?? []).map(toFailure),
      losses: lossesOf(nodeId, live),
      isLost: now !== undefined && !now.isConnected,
    };
  });
}

function toFailure({ ordinal, sentMs, endedMs, message }: FailedSending): GanttFailure {
  return { ordinal, fromMs: sentMs, atMs: endedMs, message };
}

function runningTask(nodeId: string, runningSince: RunningSince, live: LaneInput['live'], lastEndMs: number): GanttTask | null {
  const running = runningSince.get(nodeId);
  const node = live?.nodes.find((each) => each.nodeId === nodeId);
  if (!live || !running || !node?.isConnected || node.runningOrdinal !== running.ordinal) return null;
  const startMs = Math.min(Math.max(running.sinceMs, lastEndMs), live.elapsedMs);
  return {
    ordinal: running.ordinal,
    baseStationId: null,
    steps: node.runningSteps ?? 0,
    ...{ arrivalMs: startMs, startMs, endMs: live.elapsedMs, attempts: 1, delays: null },
  };
}

/** Those that were noticed, and the silence of a node that does not answer now, from its last message on. */
function lossesOf(nodeId: string, live: LaneInput['live']): GanttSpan[] {
  if (!live) return [];
  const spans = live.losses.filter((loss) => loss.nodeId === nodeId).map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? live.elapsedMs }));
  const node = live.nodes.find((each) => each.nodeId === nodeId);
  const isNoticed = live.losses.some((loss) => loss.nodeId === nodeId && loss.toMs === null);
  if (!node || node.isConnected || isNoticed) return spans;
  const silentMs = (node.lastCheckInAgeSec ?? 0) * 1000 * live.run.timeScale;
  return [...spans, { fromMs: Math.max(0, live.elapsedMs - silentMs), toMs: live.elapsedMs }];
}

/** What is known after a look at the nodes: a task keeps the instant at which it was first seen. */
export function noteRunning(known: RunningSince, { nodes, elapsedMs }: Pick<RunLive, 'nodes' | 'elapsedMs'>): RunningSince {
  return new Map(
    nodes.flatMap(({ nodeId, runningOrdinal }) => {
      if (runningOrdinal === null) return [];
      const before = known.get(nodeId);
      return [[nodeId, before?.ordinal === runningOrdinal ? before : { ordinal: runningOrdinal, sinceMs: elapsedMs }]];
    }),
  );
}
