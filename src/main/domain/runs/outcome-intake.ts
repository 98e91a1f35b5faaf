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
import { parseSuccess } from './parse-outcome.js';
import { ResultCommits } from './result-commits.js';

/** Stores image bytes durably by content hash and says what they are. Throws AppError. */
export interface ImageSink {
  storeImage(bytes: Buffer): Promise<{ sha256: string; sizeBytes: number; widthPx: number; heightPx: number; mediaType: string }>;
  /** Throws what storing an image of this size would throw; leaves nothing behind. */
  probe?(sizeBytes: number): Promise<void>;
}

export interface OutcomeIntakeOptions {
  leases: LeaseKeeper;
  images: ImageSink;
  nodeIds: ReadonlySet<string>;
  clientOf(nodeId: string): AgentClient | null;
  /** Model ms since the run's begin. */
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
  readonly #waiting = new Map<string, TaskOutcome[]>();
  readonly #active = new Map<string, number>();
  #deferred: { nodeId: string; outcome: TaskOutcome }[] = [];
  #isClosed = false;

  constructor(options: OutcomeIntakeOptions) {
    this.#options = options;
    this.#commits = new ResultCommits((acceptances) => options.leases.accept(acceptances));
    this.#acknowledgements = new Acknowledgements((nodeId) => options.clientOf(nodeId));
  }

  /** True while this lease's outcome is on its way in: the task is not lost. */
  isHolding(lease: Lease): boolean {
    return this.#held.has(leaseKey(lease));
  }

  take(nodeId: string, outcomes: readonly TaskOutcome[]): void {
    const waiting = this.#waiting.get(nodeId) ?? [];
    this.#waiting.set(nodeId, waiting);
    for (const outcome of outcomes) {
      const lease = leaseOfOutcome(outcome);
      const key = leaseKey(lease);
      if (this.#held.has(key)) continue;
      // At once, so that nobody but the base station of a lease keeps it busy here.
      if (this.#options.leases.judge(nodeId, { lease, status: outcome.status }) === 'ignore') {
        this.#acknowledgements.add(nodeId, lease);
        continue;
      }
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
      this.#held.delete(leaseKey(leaseOfOutcome(outcome)));
      this.take(nodeId, [outcome]);
    }
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
      const lease = leaseOfOutcome(outcome);
      this.#held.delete(leaseKey(lease));
      if (isSettled) this.#acknowledgements.add(nodeId, lease);
    } catch (thrown) {
      if (this.#isClosed) return;
      this.#deferred.push({ nodeId, outcome });
      const shape = toErrorShape(thrown);
      this.#options.storageFailed(thrown instanceof AppError ? thrown : new AppError('io', shape.message, shape.hint, { cause: thrown }));
    }
  }

  /** False when the outcome must stay on the agent. Throws only for failures of this computer. */
  async #settle(nodeId: string, outcome: TaskOutcome): Promise<boolean> {
    const { leases } = this.#options;
    const lease = leaseOfOutcome(outcome);
    const countsAsFailure = !outcome.isLost;
    // Once more: the lease may have ended while its outcome waited for its turn.
    switch (leases.judge(nodeId, { lease, status: outcome.status })) {
      case 'ignore':
        return true;
      case 'fetch':
        return this.#accept(nodeId, outcome, lease);
      case 'cancelled':
        leases.cancelLeases([lease]);
        return true;
      case 'given-back':
        leases.givenBack(lease);
        return true;
      case 'failed': {
        const message = outcome.errorMessage.slice(0, 500) || 'The agent gave no reason.';
        leases.end(lease, { message, countsAsFailure, isRetryable: outcome.isRetryable });
        return true;
      }
    }
  }

  async #accept(nodeId: string, outcome: TaskOutcome, lease: Lease): Promise<boolean> {
    const { leases, images, nodeIds } = this.#options;
    const report = parseSuccess(outcome, nodeIds);
    if ('problem' in report) {
      leases.end(lease, { message: report.problem, countsAsFailure: true });
      return true;
    }
    const fetched = await this.#fetchImage(nodeId, report.imageSha256);
    if (fetched === 'line-broken') return false;
    if ('problem' in fetched) {
      leases.end(lease, { message: fetched.problem, countsAsFailure: false });
      return true;
    }
    const image = await this.#store(images, fetched.bytes);
    if ('problem' in image) {
      leases.end(lease, { message: image.problem, countsAsFailure: true });
      return true;
    }
    // The task may have been cancelled or re-sent while its image travelled; the row decides, once.
    const result = {
      taskId: lease.taskId,
      leaseEpoch: lease.epoch,
      edgeServerId: report.edgeServerId,
      delays: report.delays,
      computeStartMs: report.computeStartMs,
      computeEndMs: report.computeEndMs,
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
