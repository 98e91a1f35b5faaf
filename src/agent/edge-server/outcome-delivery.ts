// Brings outcomes of foreign tasks home to their base stations, again and again until they are taken or no one can want them any more. Where
// this node can't call the base station, the base station asks for them (CheckTasks) and fetches them itself.
import { setTimeout as delay } from 'node:timers/promises';

import { Code, ConnectError } from '@connectrpc/connect';

import { OutcomeStatus, type TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import { type Lease, leaseKey, leaseOfOutcome } from '../../shared/task-life/lease.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { ResultStore } from '../results/result-store.js';
import type { EdgeServer } from './edge-server.js';

/** Real milliseconds. A base station downloads the image before it answers, hence the long call. */
const CALL_TIMEOUT_MS = 30_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** Real milliseconds for which an outcome of a run that is over, or was never heard of here, is kept. */
const KEEP_MS = 10 * 60_000;

export interface OutcomeDeliveryOptions {
  nodeId: string;
  peers: PeerDirectory;
  results: ResultStore;
  edgeServer: Pick<EdgeServer, 'isFinished' | 'taken' | 'restoreFinished'>;
  /** True for the run that is in progress here; its outcomes are never given up. */
  isGoing: (runId: string) => boolean;
  log: AgentLog;
}

export class OutcomeDelivery {
  readonly #options: OutcomeDeliveryOptions;
  readonly #abort = new AbortController();
  /** First deliveries under way; each ends on disk when the agent stops before it is taken. */
  readonly #sending = new Set<Promise<void>>();
  /** What is finished here and not taken, by lease. */
  readonly #open = new Map<string, TaskOutcome>();

  constructor(options: OutcomeDeliveryOptions) {
    this.#options = options;
  }

  /** Takes up again what an earlier process of this agent could not deliver. */
  resume(): void {
    for (const outcome of this.#options.results.list()) {
      if (outcome.baseStationId === this.#options.nodeId) continue;
      this.#options.edgeServer.restoreFinished(leaseOfOutcome(outcome));
      this.#open.set(leaseKey(leaseOfOutcome(outcome)), outcome);
      void this.#deliver(outcome);
    }
  }

  /**
   * Starts to deliver an outcome from memory, and stores it only when the base station does not take it at once: most are home before a disk
   * would have answered. Ends when it is delivered or stored. If this agent dies in between, the base station notices the restart.
   */
  async send(outcome: TaskOutcome, bytes: Uint8Array | null): Promise<void> {
    this.#open.set(leaseKey(leaseOfOutcome(outcome)), outcome);
    const sending = this.#deliverOrStore(outcome, bytes);
    this.#sending.add(sending);
    try {
      await sending;
    } finally {
      this.#sending.delete(sending);
    }
  }

  /** The outcome of a lease that is finished here and not taken. */
  find(lease: Lease): TaskOutcome | undefined {
    return this.#options.edgeServer.isFinished(lease) ? this.#open.get(leaseKey(lease)) : undefined;
  }

  /** The base station has fetched it, or does not want it. */
  taken(lease: Lease): void {
    this.#options.edgeServer.taken(lease);
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.allSettled(this.#sending);
  }

  async #deliverOrStore(outcome: TaskOutcome, bytes: Uint8Array | null): Promise<void> {
    const { image } = outcome;
    if (image && bytes) this.#options.results.holdImage(image.sha256, bytes);
    try {
      await this.#deliverOnce(outcome);
      this.#settled(outcome);
    } catch {
      const stored = await this.#store(outcome, bytes);
      this.#open.set(leaseKey(leaseOfOutcome(stored)), stored);
      if (!this.#abort.signal.aborted) void this.#deliver(stored);
    } finally {
      if (image) this.#options.results.dropHeldImage(image.sha256);
    }
  }

  async #deliverOnce(outcome: TaskOutcome): Promise<void> {
    const client = this.#options.peers.clientOf(outcome.baseStationId);
    if (!client) throw new Error('the base station is not among the peers');
    try {
      await client.rpc.deliverOutcome({ outcome }, { timeoutMs: CALL_TIMEOUT_MS, signal: this.#abort.signal });
    } catch (thrown) {
      // The base station does not count on this node for the task: it would not take the outcome the next time either.
      if (ConnectError.from(thrown).code !== Code.PermissionDenied) throw thrown;
    }
  }

  /** A result that can't be stored becomes a retryable failure. */
  async #store(outcome: TaskOutcome, bytes: Uint8Array | null): Promise<TaskOutcome> {
    const { results, log, nodeId } = this.#options;
    try {
      if (outcome.image && bytes) await results.putImage(outcome.image.sha256, bytes);
      await results.add(outcome);
      return outcome;
    } catch (thrown) {
      log.warn('result not stored', { task: outcome.taskId, reason: describeThrown(thrown) });
      const errorMessage = `Edge server ${nodeId} could not store the result: ${describeThrown(thrown)}.`;
      const failed = { ...outcome, status: OutcomeStatus.FAILED, image: undefined, errorMessage, isRetryable: true, isLost: true };
      await results.add(failed);
      return failed;
    }
  }

  async #deliver(outcome: TaskOutcome): Promise<void> {
    const { results, log, edgeServer, isGoing } = this.#options;
    const { signal } = this.#abort;
    const lease = leaseOfOutcome(outcome);
    const keepUntilMs = performance.now() + KEEP_MS;
    for (let attempt = 0; !signal.aborted && edgeServer.isFinished(lease); attempt++) {
      try {
        await this.#deliverOnce(outcome);
        break;
      } catch (thrown) {
        if (signal.aborted) return;
        if (performance.now() > keepUntilMs && !isGoing(lease.runId)) {
          log.warn('outcome given up', { task: outcome.taskId, baseStation: outcome.baseStationId, reason: describeThrown(thrown) });
          break;
        }
        const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10));
        // Spread between half and the whole, so that many outcomes for one returning station do not arrive in one blow.
        await delay(backoffMs * (0.5 + 0.5 * Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
    if (signal.aborted) return;
    this.#settled(outcome);
    if (results.get(outcome.baseStationId, outcome.taskId) !== outcome) return;
    await results.remove(outcome.baseStationId, outcome.taskId).catch((thrown: unknown) => {
      log.warn('delivered outcome not removed', { task: outcome.taskId, reason: describeThrown(thrown) });
    });
  }

  #settled(outcome: TaskOutcome): void {
    const lease = leaseOfOutcome(outcome);
    this.#open.delete(leaseKey(lease));
    this.#options.edgeServer.taken(lease);
  }
}
