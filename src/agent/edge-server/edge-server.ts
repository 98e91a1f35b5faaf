// The node as an edge server: one queue, first come first served, one worker. It knows nothing of networks; whoever admits a task says who
// wants its end. Starts the next task before it tells anybody about the last.
import { create } from '@bufbuild/protobuf';

import { type QueueState, QueueStateSchema, type RunningTask, RunningTaskSchema, type Task } from '../../shared/rpc/gen/agent_pb.js';
import { describeThrown } from '../log.js';
import type { ScaledClock } from '../scaled-clock.js';
import type { GeneratedImage, Worker } from '../worker/worker.js';
import { WorkerFailure } from '../worker/worker-failure.js';
import { LeaseBook } from './lease-book.js';

/** How a task ended here; durations and instants in model ms of the agent's clock. */
export interface Execution {
  task: Task;
  baseStationId: string;
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
  baseStationId: string;
  /** The backlog the caller decided on; negative accepts any. */
  expectedBacklogMs: number;
  slackMs: number;
  onEnd: (execution: Execution) => void;
}

export type AdmissionAnswer = 'accepted' | 'refused' | 'lease-outdated' | 'queue-full';

export interface Withdrawal {
  matches: (task: Task, baseStationId: string) => boolean;
  /** True leaves the running computation alone. */
  keepRunning: boolean;
}

export type WithdrawnTask = Pick<Entry, 'task' | 'baseStationId'>;

interface Entry extends Admission {
  task: Task;
  admittedMs: number;
  expectedMs: number;
}

interface Running {
  entry: Entry;
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
  /** Told after every change of the queue. */
  onChange: () => void;
}

/** Bounds the memory a caller can take: about 0.5 kB a task. */
const MAX_QUEUE_LENGTH = 20_000;

export class EdgeServer {
  readonly #options: EdgeServerOptions;
  readonly #queue: Entry[] = [];
  readonly #leases = new LeaseBook();
  readonly #heldRuns = new Set<string>();
  readonly #executedByRun = new Map<string, number>();
  #running: Running | null = null;
  #version = 0n;

  constructor(options: EdgeServerOptions) {
    this.#options = options;
  }

  /** Expected model ms of one task here. */
  expectedMs(task: Pick<Task, 'qualitySteps'>): number {
    const { fixedSec, secPerStep } = this.#options.worker;
    return (fixedSec + task.qualitySteps * secPerStep) * 1000;
  }

  /** Expected model ms of all work accepted and not done, the running task's rest included. */
  backlogMs(): number {
    const queued = this.#queue.reduce((sum, entry) => sum + entry.expectedMs, 0);
    if (!this.#running) return queued;
    return queued + Math.max(0, this.#running.entry.expectedMs - (this.#options.clock.nowMs() - this.#running.startMs));
  }

  /**
   * Takes a task into the queue unless the caller's idea of the backlog is out of date. A lease already here is accepted again without a
   * second execution; a newer one takes over the queued or running task of the older.
   */
  admit(task: Task, admission: Admission): AdmissionAnswer {
    const known = this.#leases.epochOf(task.id);
    if (known !== undefined && task.leaseEpoch < known) return 'lease-outdated';
    if (known === task.leaseEpoch) return 'accepted';
    const entry: Entry = { ...admission, task, admittedMs: this.#options.clock.nowMs(), expectedMs: this.expectedMs(task) };
    const position = this.#queue.findIndex((queued) => queued.task.id === task.id);
    if (position >= 0) this.#queue[position] = entry;
    else if (this.#running?.entry.task.id === task.id) this.#running.entry = entry;
    else {
      if (this.#queue.length >= MAX_QUEUE_LENGTH) return 'queue-full';
      const isStale = admission.expectedBacklogMs >= 0 && this.backlogMs() > admission.expectedBacklogMs + admission.slackMs;
      if (isStale) return 'refused';
      this.#queue.push(entry);
    }
    this.#leases.record(task.id, task.leaseEpoch);
    this.#changed();
    this.#startNext();
    return 'accepted';
  }

  /** Takes tasks back; their onEnd is never called. */
  withdraw(withdrawal: Withdrawal): WithdrawnTask[] {
    const withdrawn: WithdrawnTask[] = [];
    for (let position = this.#queue.length - 1; position >= 0; position--) {
      const entry = this.#queue[position];
      if (!entry || !withdrawal.matches(entry.task, entry.baseStationId)) continue;
      this.#queue.splice(position, 1);
      withdrawn.push(entry);
    }
    const running = this.#running;
    if (
      running &&
      !withdrawal.keepRunning &&
      !running.abort.signal.aborted &&
      withdrawal.matches(running.entry.task, running.entry.baseStationId)
    ) {
      running.abort.abort(new Error('The task was cancelled.'));
      withdrawn.push(running.entry);
    }
    if (withdrawn.length > 0) this.#changed();
    return withdrawn;
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
    if (!this.#running) return undefined;
    const { entry, stepsDone } = this.#running;
    return create(RunningTaskSchema, { taskId: entry.task.id, stepsDone, stepsTotal: entry.task.qualitySteps });
  }

  queueState(): QueueState {
    const { nodeId, instanceId, linkMbps, worker } = this.#options;
    return create(QueueStateSchema, {
      nodeId,
      instanceId,
      queueLength: this.#queue.length,
      backlogMs: this.backlogMs(),
      fixedMs: worker.fixedSec * 1000,
      perStepMs: worker.secPerStep * 1000,
      linkMbps,
      version: this.#version,
      isDraining: this.#running !== null,
    });
  }

  /** Stops the running computation and forgets the queue; nobody is told. */
  close(): void {
    this.#queue.length = 0;
    this.#running?.abort.abort(new Error('The agent is stopping.'));
  }

  #changed(): void {
    this.#version += 1n;
    this.#options.onChange();
  }

  /** `freeSinceMs` is when the worker became free, if that was just now. */
  #startNext(freeSinceMs = this.#options.clock.nowMs()): void {
    if (this.#running) return;
    const position = this.#queue.findIndex((entry) => !this.#heldRuns.has(entry.task.runId));
    const [entry] = position >= 0 ? this.#queue.splice(position, 1) : [];
    if (!entry) return;
    const running: Running = { entry, startMs: Math.max(entry.admittedMs, freeSinceMs), stepsDone: 0, abort: new AbortController() };
    this.#running = running;
    this.#changed();
    void this.#execute(running);
  }

  async #execute(running: Running): Promise<void> {
    const { clock, worker } = this.#options;
    let image: GeneratedImage | null = null;
    let errorMessage = '';
    let isRetryable = true;
    try {
      image = await worker.generate(running.entry.task, {
        startMs: running.startMs,
        signal: running.abort.signal,
        onStep: (stepsDone) => {
          running.stepsDone = stepsDone;
          this.#options.onChange();
        },
      });
    } catch (thrown) {
      errorMessage = describeThrown(thrown);
      isRetryable = !(thrown instanceof WorkerFailure && thrown.kind === 'bad-input');
    }
    const endMs = image?.endMs ?? clock.nowMs();
    // A newer lease may have taken the computation over meanwhile, so the entry is read only now.
    const { entry, startMs } = running;
    const isCancelled = running.abort.signal.aborted;
    this.#running = null;
    this.#startNext(endMs);
    this.#changed();
    if (isCancelled) return;
    const { runId } = entry.task;
    if (image) this.#executedByRun.set(runId, (this.#executedByRun.get(runId) ?? 0) + 1);
    entry.onEnd({
      task: entry.task,
      baseStationId: entry.baseStationId,
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
