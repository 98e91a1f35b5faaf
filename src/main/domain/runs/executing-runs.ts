// The runs that execute: each with its executor and the meter of this machine's lateness, from its turn on its testbed to its last figures.
import { describeChangedConditions } from '../../../scheduling/metrics/node-conditions.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import type { Log } from '../../adapters/log/log.js';
import { describeFailure } from '../../adapters/log/report-internal-error.js';
import type { RunPowerMeters } from './energy/run-power-meters.js';
import { HostDelayMeter } from './host-delay-meter.js';
import type { ImageSink } from './outcome-intake.js';
import type { RunAnalysis } from './run-analysis.js';
import type { PictureSource } from './picture-dispatch.js';
import { RunExecutor } from './run-executor.js';
import type { NodeConnections } from './run-nodes.js';
import type { RunQueueOptions } from './run-queue.js';
import type { LoadedRun, RunStore, StoredRun } from './run-store.js';

export interface ExecutingRunsOptions {
  store: RunStore;
  analysis: RunAnalysis;
  images: ImageSink;
  connections: NodeConnections;
  getTestbed(id: string): Testbed;
  /** Measures what the nodes draw; without one no energy is on record. */
  power?: Pick<RunPowerMeters, 'start' | 'setRunning' | 'end' | 'close'>;
  /** Of image-to-image runs. */
  pictures?: PictureSource;
  /** Whether base stations keep their decisions of the run, for their testbed to learn from. */
  keepsExperience?(run: StoredRun): boolean;
  record(kind: string, subjectId: string, message: string): void;
  /** A run changed. */
  changed(runId: string): void;
  log?: Log;
  nowMs(): number;
  leaseTimeoutMs?: number;
}

export class ExecutingRuns implements RunQueueOptions {
  readonly #options: ExecutingRunsOptions;
  readonly #meters = new Map<string, HostDelayMeter>();

  constructor(options: ExecutingRunsOptions) {
    this.#options = options;
  }

  makeExecutor(run: StoredRun, events: { changed(): void; ended(): void }): RunExecutor {
    const { store, images, connections, pictures, log, nowMs, leaseTimeoutMs, record } = this.#options;
    const planned = new Map(run.nodesSnapshot.map((node) => [node.id, node]));
    const nodes = this.#options.getTestbed(run.spec.testbedId).nodes.filter((node) => planned.has(node.id));
    const meter = new HostDelayMeter(run.hostDelay);
    this.#meters.set(run.id, meter);
    // A virtual node has no power of its own: what it reports is that of its host.
    const { power } = this.#options;
    power?.start(
      run.id,
      nodes.filter(({ kind }) => kind !== 'virtual').map(({ id }) => id),
    );
    const executor: RunExecutor = new RunExecutor({
      ...{ run, store, images, connections, nowMs },
      peers: nodes.map((node) => ({
        nodeId: node.id,
        name: node.name,
        host: node.host,
        port: node.agentPort ?? 0,
        calibrated: calibratedTiming(node),
        heldLimit: planned.get(node.id)?.heldLimit,
      })),
      keepsExperience: this.#options.keepsExperience?.(run) ?? false,
      ...(pictures && { pictures }),
      ...(log && { log }),
      ...(leaseTimeoutMs === undefined ? {} : { leaseTimeoutMs }),
      changed: () => {
        // Not before the start nor in a pause: a machine that waits is idle, which would make it look quick.
        if (executor.state === 'running') meter.start();
        else meter.stop();
        power?.setRunning(run.id, executor.state === 'running' || (executor.state === 'stopping' && executor.elapsedMs > 0));
        events.changed();
      },
      ended: () => {
        power?.end(run.id);
        try {
          this.#ended(run, meter);
        } finally {
          events.ended();
        }
      },
      record: (kind, message) => record(kind, run.id, message),
    });
    return executor;
  }

  changed(runId: string): void {
    this.#options.changed(runId);
  }

  failed(runId: string, thrown: unknown): void {
    const { store, log, record, nowMs } = this.#options;
    this.#options.power?.end(runId);
    const { message } = describeFailure(log, thrown, { doing: 'starting a run', runId });
    store.addInvalidReason(runId, `The program failed: ${message}`);
    store.updateRun(runId, { state: 'failed', finishedAtMs: nowMs() });
    record('run-failed', runId, message);
  }

  /** Of a run that is in progress, the stored delay is of an earlier start of the program. */
  withLiveDelay(run: LoadedRun): LoadedRun {
    const reading = this.#meters.get(run.id)?.reading();
    return reading ? { ...run, hostDelay: reading } : run;
  }

  /** When no run executes any more: keeps what was measured for the next start. */
  close(): void {
    this.#options.power?.close();
    for (const [runId, meter] of this.#meters) this.#keepHostDelay(runId, meter);
    this.#meters.clear();
  }

  #ended(run: StoredRun, meter: HostDelayMeter): void {
    this.#keepHostDelay(run.id, meter);
    this.#meters.delete(run.id);
    this.#noteChangedNodes(run);
    this.#noteAudit(run.id);
    this.#options.record('run-ended', run.id, `Run “${run.spec.name}” has ended.`);
  }

  #keepHostDelay(runId: string, meter: HostDelayMeter): void {
    meter.stop();
    try {
      this.#options.store.updateRun(runId, { hostDelay: meter.reading() });
    } catch (thrown) {
      // A run must be able to end, and the program to close, on a full disk; the validity then says that it was not recorded.
      this.#options.record('host-delay-lost', runId, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** The facts on record now against those at the start: someone may have provisioned the nodes or read them again in between. */
  #noteChangedNodes(run: StoredRun): void {
    const { store, analysis, getTestbed } = this.#options;
    const nodesNow = getTestbed(run.spec.testbedId).nodes;
    for (const reason of describeChangedConditions(run.nodesSnapshot, nodesNow)) store.addInvalidReason(run.id, reason);
    for (const reason of analysis.policyProblems(run)) store.addInvalidReason(run.id, reason);
    analysis.forget(run.id);
  }

  #noteAudit(runId: string): void {
    const { store, analysis } = this.#options;
    const run = store.getRun(runId);
    if (!run) return;
    const { findingCount, findings } = analysis.audit(run);
    const [first] = findings;
    if (!first) return;
    const many = findingCount === 1 ? 'one contradiction' : `${findingCount} contradictions`;
    store.addInvalidReason(runId, `The audit found ${many}, the first: ${first.subject}: ${first.problem}`);
    analysis.forget(runId);
  }
}

/** The speed of a virtual node is a setting, whatever was measured of it. */
function calibratedTiming({ virtual, calibration }: TestbedNode): { fixedSec: number; secPerStep: number } | null {
  if (virtual || !calibration) return null;
  const { fixedSec, secPerStep } = calibration;
  return { fixedSec, secPerStep };
}
