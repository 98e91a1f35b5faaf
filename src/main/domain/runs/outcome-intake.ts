// Brings outcomes home, once each: fetch the image, store it, write the row, only then acknowledge. What can't be stored now (disk full)
// is kept and tried again on request; the agent still holds it.
import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { AppErrorCode } from '../../../shared/errors.js';
import type { TaskOutcome } from '../../../shared/rpc/gen/agent_pb.js';
import { type Lease, leaseKey, leaseOfOutcome } from '../../../shared/task-life/lease.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import { findExhaustion } from '../../foundation/storage-failure.js';
import { Acknowledgements } from './acknowledgements.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { type LeaseNews, parseOutcome, type SuccessReport } from './parse-outcome.js';
import { ResultCommits } from './result-commits.js';
import type { TaskBoard } from './task-board.js';

/** Stores image bytes durably by content hash and says what they are. Throws AppError. */
export interface ImageSink {
  storeImage(bytes: Buffer): Promise<{ sha256: string; sizeBytes: number; widthPx: number; heightPx: number; mediaType: string }>;
  /** Throws what storing an image of this size would throw; leaves nothing behind. */
  probe?(sizeBytes: number): Promise<void>;
}

export interface OutcomeIntakeOptions {
  board: TaskBoard;
  leases: LeaseKeeper;
  images: ImageSink;
  nodeIds: ReadonlySet<string>;
  clientOf(nodeId: string): AgentClient | null;
  /** Model ms since the run's start. */
  elapsedMs(): number;
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
  readonly #commits: ResultCommits;
  /** Outcomes being worked on or kept for later, by task and lease: an outcome announced twice is taken once. */
  readonly #held = new Set<string>();
  readonly #waiting = new Map<string, LeaseNews[]>();
  readonly #active = new Map<string, number>();
  #deferred: { nodeId: string; news: LeaseNews }[] = [];
  #isClosed = false;

  constructor(options: OutcomeIntakeOptions) {
    this.#options = options;
    this.#commits = new ResultCommits((acceptances) => options.board.accept(acceptances));
    this.#acknowledgements = new Acknowledgements((nodeId) => options.clientOf(nodeId));
  }

  /** True while this lease's outcome is on its way in: the task is not lost. */
  isHolding(lease: Lease): boolean {
    return this.#held.has(leaseKey(lease));
  }

  take(nodeId: string, outcomes: readonly TaskOutcome[]): void {
    const waiting = this.#waitingOf(nodeId);
    for (const outcome of outcomes) {
      const lease = leaseOfOutcome(outcome);
      const key = leaseKey(lease);
      if (this.#held.has(key)) continue;
      // At once, so that no one but the base station of a lease keeps it busy here.
      if (!this.#options.leases.hears(nodeId, lease)) {
        this.#acknowledgements.add(nodeId, lease);
        continue;
      }
      this.#held.add(key);
      waiting.push(parseOutcome(outcome, lease, this.#options.nodeIds));
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
    for (const { nodeId, news } of deferred) this.#waitingOf(nodeId).push(news);
    for (const nodeId of this.#waiting.keys()) this.#pump(nodeId);
  }

  async flush(): Promise<void> {
    await this.#acknowledgements.flushAll();
  }

  close(): void {
    this.#isClosed = true;
    this.#commits.close();
    this.#acknowledgements.close();
  }

  #waitingOf(nodeId: string): LeaseNews[] {
    const waiting = this.#waiting.get(nodeId) ?? [];
    this.#waiting.set(nodeId, waiting);
    return waiting;
  }

  #pump(nodeId: string): void {
    const waiting = this.#waitingOf(nodeId);
    while (!this.#isClosed && !this.#options.isStorageHeld() && waiting.length > 0 && (this.#active.get(nodeId) ?? 0) < FETCHES_PER_NODE) {
      const news = waiting.shift();
      if (!news) return;
      this.#active.set(nodeId, (this.#active.get(nodeId) ?? 0) + 1);
      void this.#process(nodeId, news).finally(() => {
        this.#active.set(nodeId, (this.#active.get(nodeId) ?? 1) - 1);
        this.#pump(nodeId);
      });
    }
  }

  async #process(nodeId: string, news: LeaseNews): Promise<void> {
    try {
      const isSettled = await this.#settle(nodeId, news);
      this.#held.delete(leaseKey(news.lease));
      if (isSettled) this.#acknowledgements.add(nodeId, news.lease);
    } catch (thrown) {
      if (this.#isClosed) return;
      this.#deferred.push({ nodeId, news });
      const shape = toErrorShape(thrown);
      this.#options.storageFailed(thrown instanceof AppError ? thrown : new AppError('io', shape.message, shape.hint, { cause: thrown }));
    }
  }

  /** False when the outcome must stay on the agent. Throws only for failures of this computer. */
  async #settle(nodeId: string, news: LeaseNews): Promise<boolean> {
    const { board, leases } = this.#options;
    const { lease } = news;
    // Once more: the lease may have ended while its outcome waited for its turn.
    if (!leases.hears(nodeId, lease)) return true;
    switch (news.kind) {
      case 'succeeded':
        return this.#accept(nodeId, lease, news.report);
      case 'cancelled':
        leases.givenBack(lease);
        return true;
      case 'failed':
        board.end(lease, news.end);
        return true;
    }
  }

  async #accept(nodeId: string, lease: Lease, report: SuccessReport): Promise<boolean> {
    const { board, images } = this.#options;
    const fetched = await this.#fetchImage(nodeId, report.imageSha256);
    if (fetched === 'line-broken') return false;
    if ('problem' in fetched) {
      board.end(lease, { message: fetched.problem, countsAsFailure: false });
      return true;
    }
    const image = await this.#store(images, fetched.bytes);
    if ('problem' in image) {
      board.end(lease, { message: image.problem, countsAsFailure: true });
      return true;
    }
    // The task may have been canceled or re-sent while its image traveled; the board decides, once.
    const result = {
      taskId: lease.taskId,
      leaseEpoch: lease.epoch,
      edgeServerId: report.edgeServerId,
      delays: report.delays,
      computeStartMs: report.computeStartMs,
      computeEndMs: report.computeEndMs,
      computedSteps: report.computedSteps,
      acceptedMs: this.#options.elapsedMs(),
      image: { ...image, isSimulated: report.isSimulated },
    };
    await this.#commits.add({ result, lease });
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
}
