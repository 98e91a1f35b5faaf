// The accepted tasks of a run as they come in, by node: what its timeline and its distribution are drawn of. Pure; only what is new costs.
import type { GanttFailure, GanttLane, GanttSpan, GanttTask } from '../../charts/gantt/gantt-data.js';
import type { BarCursor, FailedSending, RunBars, TaskBar } from '../../../shared/run-board.js';
import type { RunLive, TaskDelays } from '../../../shared/run.js';
import { hasEnded } from './describe-run.js';

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

  has(ordinal: number): boolean {
    return this.#ordinals.has(ordinal);
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

/** A computation as looks at the nodes have shown it, model ms; `untilMs` null while it runs. */
export interface SeenComputation {
  ordinal: number;
  steps: number;
  sinceMs: number;
  untilMs: number | null;
}
/** Those of each node whose results have not come yet, the oldest first. */
export type SeenComputations = ReadonlyMap<string, readonly SeenComputation[]>;

export interface LaneInput {
  store: RunBarStore;
  nodes: readonly NamedNode[];
  live: Pick<RunLive, 'nodes' | 'losses' | 'elapsedMs' | 'run'>;
  seen: SeenComputations;
}

/** One lane a node, in the order of the nodes. */
export function toLanes({ store, nodes, live, seen }: LaneInput): GanttLane[] {
  const failures = Map.groupBy(store.failedSendings, ({ edgeServerId, baseStationId }) => edgeServerId ?? baseStationId);
  const isLive = !hasEnded(live.run);
  return nodes.map(({ nodeId, nodeName }) => {
    const now = isLive ? live.nodes.find((node) => node.nodeId === nodeId) : undefined;
    return {
      id: nodeId,
      name: nodeName,
      tasks: isLive ? withoutResults(nodeId, { store, live, seen }) : store.tasksOf(nodeId),
      failures: (failures.get(nodeId) ?? []).map(toFailure),
      losses: lossesOf(nodeId, live, now),
      isLost: now !== undefined && !now.isConnected,
    };
  });
}

function toFailure({ ordinal, sentMs, endedMs, message }: FailedSending): GanttFailure {
  return { ordinal, fromMs: sentMs, atMs: endedMs, message };
}

/** What is on record, and after it what a node was seen with since then. */
function withoutResults(nodeId: string, { store, live, seen }: Pick<LaneInput, 'store' | 'live' | 'seen'>): readonly GanttTask[] {
  const tasks = store.tasksOf(nodeId);
  const lastEndMs = tasks.at(-1)?.endMs ?? 0;
  const later = (seen.get(nodeId) ?? []).filter(({ ordinal }) => !store.has(ordinal));
  if (later.length === 0) return tasks;
  return [
    ...tasks,
    ...later.map(({ ordinal, steps, sinceMs, untilMs }): GanttTask => {
      const endMs = untilMs ?? live.elapsedMs;
      const startMs = Math.min(Math.max(sinceMs, lastEndMs), endMs);
      return {
        ordinal,
        steps,
        startMs,
        endMs,
        baseStationId: null,
        arrivalMs: startMs,
        attempts: 1,
        delays: null,
        isOnItsWay: untilMs !== null,
      };
    }),
  ];
}

/** Those on record, and the silence of a node that does not answer now, from its last message on. One that did not come back lasts to the end. */
function lossesOf(nodeId: string, live: LaneInput['live'], now: RunLive['nodes'][number] | undefined): GanttSpan[] {
  const own = live.losses.filter((loss) => loss.nodeId === nodeId);
  const spans = own.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? live.elapsedMs }));
  if (!now || now.isConnected || own.some(({ toMs }) => toMs === null)) return spans;
  const silentMs = (now.lastCheckInAgeSec ?? 0) * 1000 * live.run.timeScale;
  return [...spans, { fromMs: Math.max(0, live.elapsedMs - silentMs), toMs: live.elapsedMs }];
}

/**
 * What is known after a look at the nodes: a computation keeps the instant at which it was first seen, and stays when it has ended until its
 * result comes, so that the lane has no gap meanwhile. What a node had when it was lost is forgotten: it goes in elsewhere.
 */
export function noteSeen(
  known: SeenComputations,
  { nodes, elapsedMs }: Pick<RunLive, 'nodes' | 'elapsedMs'>,
  store: RunBarStore,
): SeenComputations {
  const failed = new Set(store.failedSendings.map(({ ordinal }) => ordinal));
  return new Map(
    nodes.map(({ nodeId, isConnected, runningOrdinal, runningSteps }) => {
      if (!isConnected) return [nodeId, []];
      const before = (known.get(nodeId) ?? []).filter(({ ordinal }) => !store.has(ordinal));
      const ended = before
        .filter(({ ordinal }) => ordinal !== runningOrdinal && !failed.has(ordinal))
        .map((each) => ({ ...each, untilMs: each.untilMs ?? elapsedMs }));
      if (runningOrdinal === null) return [nodeId, ended];
      const running = before.find(({ ordinal, untilMs }) => ordinal === runningOrdinal && untilMs === null);
      return [nodeId, [...ended, running ?? { ordinal: runningOrdinal, steps: runningSteps ?? 0, sinceMs: elapsedMs, untilMs: null }]];
    }),
  );
}
