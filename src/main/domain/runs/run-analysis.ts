// From the rows of a run to what is shown of it: summary and live view. Reads, computes, keeps what can't change any more.
import { computeNodeDelays, computeNodeTimelines } from '../../../scheduling/metrics/run-metrics.js';
import { auditRun } from '../../../scheduling/metrics/audit-run.js';
import { medianSlowness } from '../../../scheduling/metrics/node-speeds.js';
import { warnOfMachineShare } from '../../../scheduling/metrics/machine-share.js';
import type { NodeDelays, NodeTimeline, RunLive, RunSummary } from '../../../shared/run.js';
import { nodeUseOf } from '../../../shared/node-use.js';
import type { RunAudit } from '../../../shared/run-audit.js';
import { computedSteps } from '../../../shared/service.js';
import { computeSec } from '../../../shared/testbed.js';
import type { NodeLive } from '../../../shared/testbed.js';
import type { MeasuredEnergy } from './energy/power-integral.js';
import { summarizeEnergy } from './energy/summarize-energy.js';
import { estimateRemainingSec } from './estimate-remaining.js';
import { type ForecastInput, RunForecasts } from './forecast-run.js';
import { basisOf, computeFigures, readKeptFigures, type RunFigures } from './run-figures.js';
import type { RunExecutor } from './run-executor.js';
import type { AttemptStore, LoadedRun, RunStore, StoredRun, TaskCounts } from './run-store.js';

export interface RunAnalysisOptions {
  store: RunStore & AttemptStore;
  /** Whether the figures of ended runs may be written down: not beside another program. */
  mayKeep: boolean;
  nodesLive(testbedId: string): NodeLive[];
  /** What was measured on its nodes, up to now; nothing when absent. */
  energyOf?(runId: string): MeasuredEnergy[];
}

/** Real ms for which the figures of a run that is still in progress are kept at the least: they cost a pass over all its rows. */
const LIVE_FIGURES_AGE_MS = 1000;
/** And so many times as long as they took, which bounds what a large run loses by being watched. */
const LIVE_FIGURES_AGE_PER_COST = 40;

export class RunAnalysis {
  readonly #options: RunAnalysisOptions;
  readonly #figures = new Map<
    string,
    { figures: RunFigures; slowness: ReadonlyMap<string, number>; state: string; freshUntilMs: number }
  >();
  /** Of runs that have ended, with what they were made of. */
  readonly #settled = new Map<string, { run: LoadedRun; summary: RunSummary }>();
  readonly #forecasts = new RunForecasts();

  constructor(options: RunAnalysisOptions) {
    this.#options = options;
  }

  /** Of a run that executes, its tasks and its state are as its executor has them. */
  summary(run: LoadedRun, executor?: RunExecutor, waitsBehind: RunSummary['waitsBehind'] = null): RunSummary {
    // The store gives another object when anything of the run has changed; the rows of an ended one do not.
    const isSettled = run.finishedAtMs !== null && executor === undefined;
    const settled = isSettled ? this.#settled.get(run.id) : undefined;
    if (settled?.run === run) return settled.summary;
    const summary = this.#summarize(run, executor, waitsBehind);
    if (isSettled) this.#settled.set(run.id, { run, summary: Object.freeze(summary) });
    return summary;
  }

  #summarize(run: LoadedRun, executor: RunExecutor | undefined, waitsBehind: RunSummary['waitsBehind']): RunSummary {
    const counts = executor?.board.counts ?? this.#options.store.countTasks(run.id);
    const total = counts.pending + counts.sent + counts.succeeded + counts.failed + counts.cancelled;
    return {
      id: run.id,
      spec: run.spec,
      specSha256: run.specSha256,
      state: executor?.state ?? run.state,
      testbedName: run.testbedName,
      datasetName: run.datasetName,
      timeScale: run.timeScale,
      isSimulated: run.isSimulated,
      createdAtMs: run.createdAtMs,
      startedAtMs: run.startedAtMs,
      finishedAtMs: run.finishedAtMs,
      series: run.series,
      imported: run.imported,
      waitsBehind,
      nodeUse: nodeUseOf(run.nodesSnapshot, run.excludedNodes ?? []) ?? undefined,
      counts: { total, ...counts },
      ...this.#figuresOf(run, counts),
      energy: this.#energyOf(run, counts.succeeded, executor),
    };
  }

  /** What the nodes of a run say of its policy where another decided in its place, a sentence each. */
  policyProblems(run: Pick<StoredRun, 'id' | 'spec' | 'nodesSnapshot'>): string[] {
    const names = new Map(run.nodesSnapshot.map((node) => [node.id, node.name]));
    return this.#options.nodesLive(run.spec.testbedId).flatMap(({ nodeId, policy }) => {
      const isOfRun = policy?.runId === run.id && names.has(nodeId);
      return isOfRun && policy.problem ? [`${names.get(nodeId) ?? nodeId}: ${policy.problem}`] : [];
    });
  }

  live(run: LoadedRun, executor?: RunExecutor, waitsBehind: RunSummary['waitsBehind'] = null): RunLive {
    const { testbedId } = run.spec;
    const names = new Map(run.nodesSnapshot.map((node) => [node.id, node.name]));
    const nodes = this.#options.nodesLive(testbedId).filter((node) => names.has(node.nodeId));
    const summary = this.summary(run, executor, waitsBehind);
    const slowness = this.#figures.get(run.id)?.slowness;
    return {
      ...(executor && { flow: executor.flow.read(executor.board, nodes) }),
      run: summary,
      warnings: executor ? warningsOf(summary, run.nodesSnapshot.length) : [],
      elapsedMs: executor?.elapsedMs ?? elapsedOf(run),
      ...this.#forecast(run, summary, nodes, executor),
      executedByNode: Object.fromEntries(executor ? executor.board.executedByNode : this.#executedByNode(run)),
      nodes: nodes.map((node) => ({
        ...node,
        nodeName: names.get(node.nodeId) ?? node.nodeId,
        slowness: slowness?.get(node.nodeId) ?? null,
        runningOrdinal: (node.runningTaskId === null ? null : executor?.board.get(node.runningTaskId)?.ordinal) ?? null,
      })),
      losses: (executor ?? run.interruptions)?.losses ?? [],
      standstills: (executor ?? run.interruptions)?.standstills ?? [],
      recentFailures: executor?.failures.slice(0, 20) ?? [],
      hold: executor?.hold ?? null,
    };
  }

  timeline(run: StoredRun): NodeTimeline[] {
    return computeNodeTimelines(run.nodesSnapshot, this.#options.store.listMeasured(run.id));
  }

  nodeDelays(run: StoredRun): NodeDelays[] {
    return computeNodeDelays(run.nodesSnapshot, this.#options.store.listMeasured(run.id));
  }

  /** Holds the figures that are shown, of an ended run those that were kept, to its rows; afterwards they are recomputed. */
  audit(run: LoadedRun, executor?: RunExecutor): RunAudit {
    const hasEnded = run.finishedAtMs !== null;
    if (!hasEnded) this.#figures.delete(run.id);
    const { store } = this.#options;
    const summary = this.summary(run, executor);
    const audit = auditRun({ run, summary, tasks: store.listTasks(run.id), attempts: store.listAttempts(run.id) });
    if (hasEnded) {
      this.#settled.delete(run.id);
      this.#compute(run, store.countTasks(run.id));
    }
    return audit;
  }

  forget(runId: string): void {
    this.#settled.delete(runId);
    this.#figures.delete(runId);
    this.#forecasts.forget(runId);
  }

  #forecast(
    run: StoredRun,
    { metrics }: RunSummary,
    nodes: readonly NodeLive[],
    executor: RunExecutor | undefined,
  ): Pick<RunLive, 'estimatedRemainingMs' | 'remaining' | 'delayCause'> {
    const known = executor && executor.state !== 'paused' ? forecastInput(run, executor, nodes) : null;
    if (!known) return { estimatedRemainingMs: null, remaining: null, delayCause: null };
    const remainingSec = estimateRemainingSec(known);
    const slowness = this.#figures.get(run.id)?.slowness;
    const named = run.nodesSnapshot.map(({ id, name }) => {
      const live = nodes.find((node) => node.nodeId === id);
      return { name, isConnected: live?.isConnected ?? false, backlogSec: live?.backlogSec ?? 0, slowness: slowness?.get(id) ?? null };
    });
    return {
      estimatedRemainingMs: remainingSec === null ? null : remainingSec * 1000,
      ...this.#forecasts.of(run.id, { ...known, nodes: named, controlShare: metrics.machine.controlShare }),
    };
  }

  #energyOf(run: StoredRun, images: number, executor: RunExecutor | undefined): RunSummary['energy'] {
    const nodes = run.nodesSnapshot.filter(({ linkMbps }) => linkMbps === null);
    if (nodes.length === 0) return null;
    const measured = this.#options.energyOf?.(run.id) ?? [];
    return summarizeEnergy({ nodes, measured, images, durationMs: (executor?.elapsedMs ?? elapsedOf(run)) / run.timeScale });
  }

  #figuresOf(run: StoredRun, counts: TaskCounts): RunFigures {
    const known = this.#figures.get(run.id);
    const isFinal = run.finishedAtMs !== null;
    if (known && known.state === run.state && (isFinal || performance.now() < known.freshUntilMs)) return known.figures;
    const kept = isFinal ? readKeptFigures(this.#options.store.keptFigures(run.id), basisOf(run, counts)) : null;
    if (!kept) return this.#compute(run, counts);
    this.#figures.set(run.id, { figures: kept, slowness: new Map(), state: run.state, freshUntilMs: Infinity });
    return kept;
  }

  #compute(run: StoredRun, counts: TaskCounts): RunFigures {
    const startedMs = performance.now();
    const tasks = this.#options.store.listMeasured(run.id);
    const figures = computeFigures(run, tasks, counts);
    const slowness = medianSlowness(run.nodesSnapshot, tasks);
    const endedMs = performance.now();
    const freshUntilMs = endedMs + Math.max(LIVE_FIGURES_AGE_MS, LIVE_FIGURES_AGE_PER_COST * (endedMs - startedMs));
    this.#figures.set(run.id, { figures, slowness, state: run.state, freshUntilMs });
    if (run.finishedAtMs !== null && this.#options.mayKeep) this.#keep(run, counts, figures);
    return figures;
  }

  #keep(run: StoredRun, counts: TaskCounts, figures: RunFigures): void {
    try {
      this.#options.store.keepFigures(run.id, { basis: basisOf(run, counts), figuresJson: JSON.stringify(figures) });
    } catch {
      // They are only kept to save time: on a full disk they are computed the next time, too.
    }
  }

  #executedByNode(run: StoredRun): Map<string, number> {
    return new Map(this.timeline(run).map((node) => [node.nodeId, node.executed]));
  }
}

function warningsOf({ metrics, counts, timeScale }: RunSummary, nodeCount: number): string[] {
  return warnOfMachineShare(metrics.machine, { timeScale, resultCount: counts.succeeded, nodeCount });
}

function elapsedOf(run: StoredRun): number {
  if (run.startedAtMs === null || run.finishedAtMs === null) return 0;
  return (run.finishedAtMs - run.startedAtMs - run.clockStoppedMs) * run.timeScale;
}

/** What is left of a run that executes; null where nothing is known of its nodes. */
function forecastInput(
  run: StoredRun,
  executor: RunExecutor,
  nodes: readonly NodeLive[],
): Omit<ForecastInput, 'nodes' | 'controlShare'> | null {
  const model = run.nodesSnapshot[0];
  if (!model) return null;
  const standing = new Set(nodes.filter((node) => node.isConnected).map((node) => node.nodeId));
  const speeds = run.nodesSnapshot.filter((node) => standing.has(node.id)).map((node) => speedAgainst(node, model, run));
  let openWorkSec = 0;
  let doneWorkSec = 0;
  let doneCount = 0;
  let lastArrivalMs = 0;
  for (const task of executor.board.all()) {
    const workSec = computeSec(model, task.computedSteps, model.speedFactor);
    if (task.state === 'pending' || task.state === 'sent') openWorkSec += workSec;
    if (task.state === 'succeeded') {
      doneWorkSec += workSec;
      doneCount += 1;
    }
    if (task.arrivalMs > lastArrivalMs) lastArrivalMs = task.arrivalMs;
  }
  const { pending, resent } = executor.board.counts;
  return {
    ...{ openWorkSec, doneWorkSec, doneCount },
    speedSum: speeds.reduce((sum, speed) => sum + speed, 0),
    nodeCount: speeds.length,
    elapsedSec: executor.elapsedMs / 1000,
    lastArrivalSec: lastArrivalMs / 1000,
    pendingCount: pending,
    resentCount: resent,
    timeScale: run.timeScale,
  };
}

/** A node's speed relative to the first node, at the run's mean number of steps. */
function speedAgainst(node: StoredRun['nodesSnapshot'][number], model: StoredRun['nodesSnapshot'][number], run: StoredRun): number {
  const { qualitySteps, strength = null } = run.spec;
  const meanSteps = (computedSteps(qualitySteps.min, strength) + computedSteps(qualitySteps.max, strength)) / 2;
  const own = computeSec(node, meanSteps, node.speedFactor);
  return own > 0 ? computeSec(model, meanSteps, model.speedFactor) / own : 1;
}
