// Brings outcomes home, once each: fetch the image, store it, write the row, only then acknowledge. What can't be stored now (disk full)
// is kept and tried again on request; the agent still holds it.
import { AppError, toErrorShape } from '../../shared/errors.js';
import type { AppErrorCode } from '../../shared/errors.js';
import { OutcomeStatus } from '../../shared/rpc/gen/agent_pb.js';
import type { TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import type { AgentClient } from '../agents/agent-client.js';
import { findExhaustion } from '../storage-failure.js';
import { Acknowledgements } from './acknowledgements.js';
import { parseSuccess } from './parse-outcome.js';
import type { RunStore } from './run-store.js';
import type { BoardTask, TaskBoard } from './task-board.js';

/** Stores image bytes durably by content hash and says what they are. Throws AppError. */
export interface ImageSink {
  storeImage(bytes: Buffer): Promise<{ sha256: string; sizeBytes: number; widthPx: number; heightPx: number; mediaType: string }>;
  /** Throws what storing an image of this size would throw; leaves nothing behind. */
  probe?(sizeBytes: number): Promise<void>;
}

export interface OutcomeIntakeOptions {
  board: TaskBoard;
  store: RunStore;
  images: ImageSink;
  nodeIds: ReadonlySet<string>;
  maxAttempts: number;
  clientOf(nodeId: string): AgentClient | null;
  /** Model ms since the run's begin. */
  elapsedMs(): number;
  /** A task left `sent`. */
  settled(task: BoardTask, failure: string | null): void;
  /** The agent gave a task up that is `sent` here. */
  cancelled(task: BoardTask): void;
  /** This computer can't store results; the run should hold. */
  storageFailed(error: AppError): void;
  /** Nothing can be stored now: images are left on their nodes, and outcomes wait. */
  isStorageHeld(): boolean;
}

/** Parallel fetches from one node: enough to hide the round trip, too few to disturb its work. */
const FETCHES_PER_NODE = 4;
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
const FETCH_ATTEMPTS = 3;
const STORAGE_CODES: readonly AppErrorCode[] = ['no-space', 'io', 'database-damaged'];

export class OutcomeIntake {
  readonly #options: OutcomeIntakeOptions;
  readonly #acknowledgements: Acknowledgements;
  /** Outcomes being worked on or kept for later, by task and lease: an outcome announced twice is taken once. */
  readonly #held = new Set<string>();
  readonly #waiting = new Map<string, TaskOutcome[]>();
  readonly #active = new Map<string, number>();
  #deferred: { nodeId: string; outcome: TaskOutcome }[] = [];
  #isClosed = false;

  constructor(options: OutcomeIntakeOptions) {
    this.#options = options;
    this.#acknowledgements = new Acknowledgements((nodeId) => options.clientOf(nodeId));
  }

  /** True while this lease's outcome is on its way in: the task is not lost. */
  isHolding(task: BoardTask): boolean {
    return this.#held.has(keyOf(task.id, task.leaseEpoch));
  }

  take(nodeId: string, outcomes: readonly TaskOutcome[]): void {
    const waiting = this.#waiting.get(nodeId) ?? [];
    this.#waiting.set(nodeId, waiting);
    for (const outcome of outcomes) {
      const key = keyOf(outcome.taskId, outcome.leaseEpoch);
      if (this.#held.has(key)) continue;
      this.#held.add(key);
      waiting.push(outcome);
    }
    this.#pump(nodeId);
  }

  /** Outcomes on their way in or waiting. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Tries again what could not be stored, and what waited. */
  retryDeferred(): void {
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const { nodeId, outcome } of deferred) {
      this.#held.delete(keyOf(outcome.taskId, outcome.leaseEpoch));
      this.take(nodeId, [outcome]);
    }
    for (const nodeId of this.#waiting.keys()) this.#pump(nodeId);
  }

  async flush(): Promise<void> {
    await this.#acknowledgements.flushAll();
  }

  close(): void {
    this.#isClosed = true;
    this.#acknowledgements.close();
  }

  #pump(nodeId: string): void {
    const waiting = this.#waiting.get(nodeId) ?? [];
    while (!this.#isClosed && !this.#options.isStorageHeld() && waiting.length > 0 && (this.#active.get(nodeId) ?? 0) < FETCHES_PER_NODE) {
      const outcome = waiting.shift();
      if (!outcome) return;
      this.#active.set(nodeId, (this.#active.get(nodeId) ?? 0) + 1);
      void this.#process(nodeId, outcome).finally(() => {
        this.#active.set(nodeId, (this.#active.get(nodeId) ?? 1) - 1);
        this.#pump(nodeId);
      });
    }
  }

  async #process(nodeId: string, outcome: TaskOutcome): Promise<void> {
    try {
      const isSettled = await this.#settle(nodeId, outcome);
      this.#held.delete(keyOf(outcome.taskId, outcome.leaseEpoch));
      if (isSettled) this.#acknowledgements.add(nodeId, outcome.taskId);
    } catch (thrown) {
      if (this.#isClosed) return;
      this.#deferred.push({ nodeId, outcome });
      const shape = toErrorShape(thrown);
      this.#options.storageFailed(thrown instanceof AppError ? thrown : new AppError('io', shape.message, shape.hint, { cause: thrown }));
    }
  }

  /** False when the outcome must stay on the agent. Throws only for failures of this computer. */
  async #settle(nodeId: string, outcome: TaskOutcome): Promise<boolean> {
    const task = this.#options.board.get(outcome.taskId);
    if (!task || task.state !== 'sent' || outcome.leaseEpoch !== task.leaseEpoch) return true;
    switch (outcome.status) {
      case OutcomeStatus.SUCCEEDED:
        return this.#accept(nodeId, outcome, task);
      case OutcomeStatus.CANCELLED:
        this.#options.cancelled(task);
        return true;
      default:
        this.#fail(task, outcome.errorMessage.slice(0, 500) || 'The agent gave no reason.', outcome.isRetryable);
        return true;
    }
  }

  async #accept(nodeId: string, outcome: TaskOutcome, task: BoardTask): Promise<boolean> {
    const { board, store, images, nodeIds } = this.#options;
    const report = parseSuccess(outcome, nodeIds);
    if ('problem' in report) {
      this.#fail(task, report.problem, true);
      return true;
    }
    const fetched = await this.#fetchImage(nodeId, report.imageSha256);
    if (fetched === 'line-broken') return false;
    if ('problem' in fetched) {
      this.#fail(task, fetched.problem, true);
      return true;
    }
    const image = await this.#store(images, fetched.bytes);
    if ('problem' in image) {
      this.#fail(task, image.problem, true);
      return true;
    }
    // The task may have been cancelled or re-sent while its image travelled; acceptResult decides in the database, once.
    const isAccepted = store.acceptResult({
      taskId: task.id,
      leaseEpoch: outcome.leaseEpoch,
      edgeServerId: report.edgeServerId,
      delays: report.delays,
      computeStartMs: report.computeStartMs,
      computeEndMs: report.computeEndMs,
      acceptedMs: this.#options.elapsedMs(),
      image: { ...image, isSimulated: report.isSimulated },
    });
    if (isAccepted) {
      board.markSucceeded(task, report.edgeServerId);
      this.#options.settled(task, null);
    }
    return true;
  }

  async #store(images: ImageSink, bytes: Buffer): Promise<Awaited<ReturnType<ImageSink['storeImage']>> | { problem: string }> {
    try {
      return await images.storeImage(bytes);
    } catch (thrown) {
      if (thrown instanceof AppError && !STORAGE_CODES.includes(thrown.code)) return { problem: thrown.message };
      throw thrown;
    }
  }

  async #fetchImage(nodeId: string, sha256: string): Promise<{ bytes: Buffer } | { problem: string } | 'line-broken'> {
    let problem = '';
    for (let attempt = 0; attempt < FETCH_ATTEMPTS; attempt++) {
      const client = this.#options.clientOf(nodeId);
      if (!client || this.#isClosed) return 'line-broken';
      try {
        return { bytes: await client.fetchImage(sha256, { maxBytes: MAX_IMAGE_BYTES }) };
      } catch (thrown) {
        const exhausted = findExhaustion(thrown);
        if (exhausted) throw exhausted;
        problem = toErrorShape(thrown).message;
      }
    }
    return this.#options.clientOf(nodeId) ? { problem } : 'line-broken';
  }

  #fail(task: BoardTask, message: string, isRetryable: boolean): void {
    const isFinal = !isRetryable || task.attempts >= this.#options.maxAttempts;
    const { board, store } = this.#options;
    store.recordFailure({ taskId: task.id, leaseEpoch: task.leaseEpoch, message, atMs: this.#options.elapsedMs(), isFinal });
    board.move(task, isFinal ? 'failed' : 'pending');
    this.#options.settled(task, message);
  }
}

function keyOf(taskId: string, leaseEpoch: number): string {
  return `${taskId}#${leaseEpoch}`;
}
