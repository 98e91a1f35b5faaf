// The node as an edge server: one queue, in the order that the run asks for, one worker. It knows nothing of networks; anyone who admits a task says who
// wants its end. Starts the next task before it tells anyone about the last. Which lease may do what: shared/task-life/edge-tasks.ts.
import { create } from '@bufbuild/protobuf';

import { type QueueState, QueueStateSchema, type RunningTask, RunningTaskSchema, type Task } from '../../shared/rpc/gen/agent_pb.js';
import { describeThrown } from '../log.js';
import { SpeedEstimate } from '../../scheduling/speeds/speed-estimate.js';
import { nextInQueue, type QueueOrder, type SchedulingSettings } from '../../shared/scheduling-settings.js';
import { EdgeTasks } from '../../shared/task-life/edge-tasks.js';
import { isAtLimit } from '../../shared/task-life/held-limit.js';
import { type Lease, leaseOfTask } from '../../shared/task-life/lease.js';
import { stepsOf } from '../messages/task-load.js';
import type { ScaledClock } from '../scaled-clock.js';
import type { GeneratedImage, Worker } from '../worker/worker.js';
import { WorkerFailure } from '../worker/worker-failure.js';

/** How a task ended here; durations and instants in model ms of the agent's clock. */
export interface Execution {
  task: Task;
  /** Null when the worker failed; then the message says why. */
  image: GeneratedImage | null;
  errorMessage: string;
  /** False when the task can never work, here or elsewhere. */
  isRetryable: boolean;
  waitingMs: number;
  computeMs: number;
  startMs: number;
  endMs: number;
}

/** What admission needs besides the task. */
export interface Admission {
  /** The backlog the caller decided on; negative accepts any. */
  expectedBacklogMs: number;
  slackMs: number;
  onEnd: (execution: Execution) => void;
}

export type AdmissionAnswer = 'accepted' | 'refused' | 'lease-outdated' | 'queue-full';

interface Entry extends Admission {
  readonly lease: Lease;
  task: Task;
  admittedMs: number;
  expectedMs: number;
}

interface Computation {
  startMs: number;
  stepsDone: number;
  abort: AbortController;
}

export interface EdgeServerOptions {
  nodeId: string;
  instanceId: string;
  /** Rate of this node's link, Mbit/s; 0 when unknown. */
  linkMbps: number;
  clock: ScaledClock;
  worker: Worker;
  /** What runs ask for; one that is not known asks for nothing. */
  runs: { settingsOf(runId: string): SchedulingSettings; latestId(): string | undefined };
  /** Most tasks of a run that it may hold at a time; undefined, or absent: what comes. */
  heldLimitOf?: (runId: string) => number | undefined;
  /** Told after every change of the queue. */
  onChange: () => void;
  /** Told when it has room again in a run that limits it. */
  onRoom?: () => void;
}

export class EdgeServer {
  readonly #options: EdgeServerOptions;
  readonly #tasks = new EdgeTasks<Entry>();
  readonly #heldRuns = new Set<string>();
  readonly #executedByRun = new Map<string, number>();
  /** Of runs that go by speeds as they are seen; each starts from the record, so that it can be made again. */
  readonly #estimates = new Map<string, SpeedEstimate>();
  #computation: Computation | null = null;
  #version = 0n;

  constructor(options: EdgeServerOptions) {
    this.#options = options;
  }

  /** Expected model ms of one task here, at the speed on record. */
  expectedMs(task: Pick<Task, 'qualitySteps' | 'picture' | 'strength'>): number {
    const { fixedSec, secPerStep } = this.#options.worker;
    return (fixedSec + stepsOf(task) * secPerStep) * 1000;
  }

  /** Expected model ms of all work accepted and not done, the running task's rest included. */
  backlogMs(): number {
    const seenMs = ({ lease, expectedMs }: Entry): number => expectedMs * this.#slownessOf(lease.runId);
    const queued = this.#tasks.queued.reduce((sum, entry) => sum + seenMs(entry), 0);
    const { running } = this.#tasks;
    if (!running || !this.#computation) return queued;
    return queued + Math.max(0, seenMs(running) - (this.#options.clock.nowMs() - this.#computation.startMs));
  }

  /**
   * Takes a task into the queue unless the caller's idea of the backlog is out of date, or the node holds as many as it may. A lease already here is accepted again without a
   * second execution; a newer one of the same base station takes over the place of the older.
   */
  admit(task: Task, admission: Admission): AdmissionAnswer {
    const lease = leaseOfTask(task);
    const verdict = this.#tasks.checkOffer(lease);
    if (verdict === 'repeated') return 'accepted';
    if (verdict === 'outdated' || verdict === 'withdrawn') return 'lease-outdated';
    if (verdict === 'full') return 'queue-full';
    const isStale = admission.expectedBacklogMs >= 0 && this.backlogMs() > admission.expectedBacklogMs + admission.slackMs;
    if (verdict === 'new' && (isStale || this.#isAtLimit(task.runId))) return 'refused';
    this.#tasks.admit({ ...admission, lease, task, admittedMs: this.#options.clock.nowMs(), expectedMs: this.expectedMs(task) });
    this.#changed();
    this.#startNext();
    return 'accepted';
  }

  /** Takes exactly these leases back; their onEnd is never called. Returns those that are still here. */
  withdraw(leases: readonly Lease[], terms: { keepRunning: boolean }): Lease[] {
    const { kept, stopsRunning, hasChanged } = this.#tasks.withdraw(leases, terms);
    if (stopsRunning) this.#computation?.abort.abort(new Error('The task was canceled.'));
    if (hasChanged) this.#changed();
    return kept;
  }

  /** What waits or computes here, by what fits. */
  held(fits: (lease: Lease) => boolean): Lease[] {
    return this.#tasks.held(fits);
  }

  /** Hashes of the input pictures of what waits or computes here. */
  picturesInUse(): string[] {
    const { queued, running } = this.#tasks;
    return [...queued, ...(running ? [running] : [])].flatMap(({ task: { picture } }) => picture?.sha256 ?? []);
  }

  isHolding(lease: Lease): boolean {
    return this.#tasks.isHeld(lease);
  }

  /** True while the lease is finished here and no one has taken its outcome. */
  isFinished(lease: Lease): boolean {
    return this.#tasks.isFinished(lease);
  }

  /** The outcome of a finished lease is home, or no one wants it. */
  taken(lease: Lease): void {
    this.#tasks.taken(lease);
  }

  /** An earlier process of this agent has left the outcome of this lease. */
  restoreFinished(lease: Lease): void {
    this.#tasks.restoreFinished(lease);
  }

  /** Held runs finish what computes and start nothing. */
  setHold(runId: string, isHeld: boolean): void {
    if (isHeld) this.#heldRuns.add(runId);
    else this.#heldRuns.delete(runId);
    this.#changed();
    this.#startNext();
  }

  isHeld(runId: string): boolean {
    return this.#heldRuns.has(runId);
  }

  /** Tasks executed of one run, or of all runs for the empty id. */
  executedCount(runId: string): number {
    if (runId !== '') return this.#executedByRun.get(runId) ?? 0;
    return [...this.#executedByRun.values()].reduce((sum, count) => sum + count, 0);
  }

  runningTask(): RunningTask | undefined {
    const { running } = this.#tasks;
    if (!running) return undefined;
    const stepsDone = this.#computation?.stepsDone ?? 0;
    return create(RunningTaskSchema, { taskId: running.task.id, stepsDone, stepsTotal: stepsOf(running.task) });
  }

  queueState(): QueueState {
    const { nodeId, instanceId, linkMbps, worker, runs } = this.#options;
    const slowness = this.#slownessOf(runs.latestId() ?? '');
    return create(QueueStateSchema, {
      nodeId,
      instanceId,
      queueLength: this.#tasks.queued.length,
      backlogMs: this.backlogMs(),
      fixedMs: worker.fixedSec * 1000 * slowness,
      perStepMs: worker.secPerStep * 1000 * slowness,
      linkMbps,
      version: this.#version,
      isDraining: this.#tasks.running !== null,
    });
  }

  /** Stops the running computation and forgets the queue; no one is told. */
  close(): void {
    this.#tasks.clear();
    this.#computation?.abort.abort(new Error('The agent is stopping.'));
  }

  #changed(): void {
    this.#version += 1n;
    this.#options.onChange();
  }

  /** `freeSinceMs` is when the worker became free, if that was just now. */
  #startNext(freeSinceMs = this.#options.clock.nowMs()): void {
    const entry = this.#tasks.start(
      (lease) => !this.#heldRuns.has(lease.runId),
      (waiting) => nextInQueue(waiting, this.#queueOrderOf(waiting)),
    );
    if (!entry) return;
    const computation = { startMs: Math.max(entry.admittedMs, freeSinceMs), stepsDone: 0, abort: new AbortController() };
    this.#computation = computation;
    this.#changed();
    void this.#execute(entry.task, computation);
  }

  #isAtLimit(runId: string): boolean {
    const { queued, running } = this.#tasks;
    return isAtLimit({ queueLength: queued.length, isDraining: running !== null }, this.#options.heldLimitOf?.(runId));
  }

  #queueOrderOf([first]: readonly Entry[]): QueueOrder {
    return (first && this.#options.runs.settingsOf(first.lease.runId).queueOrder) ?? 'first-come-first-served';
  }

  #slownessOf(runId: string): number {
    return this.#estimates.get(runId)?.slowness ?? 1;
  }

  #noteSpeed({ lease: { runId }, expectedMs }: Entry, computeMs: number): void {
    const { speedWeight } = this.#options.runs.settingsOf(runId);
    if (speedWeight === undefined) return;
    let estimate = this.#estimates.get(runId);
    if (!estimate) {
      // One run at a time goes by estimates; those of earlier ones are of no use to it.
      this.#estimates.clear();
      this.#estimates.set(runId, (estimate = new SpeedEstimate(speedWeight)));
    }
    estimate.observe(computeMs, expectedMs);
  }

  async #execute(started: Task, computation: Computation): Promise<void> {
    const { clock, worker } = this.#options;
    const { startMs, abort } = computation;
    let image: GeneratedImage | null = null;
    let errorMessage = '';
    let isRetryable = true;
    try {
      image = await worker.generate(started, {
        startMs,
        signal: abort.signal,
        onStep: (stepsDone) => {
          computation.stepsDone = stepsDone;
          this.#options.onChange();
        },
      });
    } catch (thrown) {
      errorMessage = describeThrown(thrown);
      isRetryable = !(thrown instanceof WorkerFailure && thrown.kind === 'bad-input');
    }
    const endMs = image?.endMs ?? clock.nowMs();
    // A newer lease may have taken the computation over meanwhile, so whose it is turns out only now.
    const entry = this.#tasks.end();
    this.#computation = null;
    if (entry && image) this.#noteSpeed(entry, endMs - startMs);
    this.#startNext(endMs);
    this.#changed();
    if (this.#options.heldLimitOf?.(started.runId) !== undefined) this.#options.onRoom?.();
    if (!entry || abort.signal.aborted) return;
    const { runId } = entry.task;
    if (image) this.#executedByRun.set(runId, (this.#executedByRun.get(runId) ?? 0) + 1);
    entry.onEnd({
      task: entry.task,
      image,
      errorMessage,
      isRetryable,
      waitingMs: Math.max(0, startMs - entry.admittedMs),
      computeMs: endMs - startMs,
      startMs,
      endMs,
    });
  }
}
