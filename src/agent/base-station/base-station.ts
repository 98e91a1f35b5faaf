// The node as a base station: its tasks from their arrival until the control center has acknowledged their outcome. It places them by way of
// the decision loop, brings results home, and stamps the service delay on its own clock.
import { create } from '@bufbuild/protobuf';

import { OutcomeStatus, type Task, type TaskOutcome, TaskOutcomeSchema } from '../../shared/rpc/gen/agent_pb.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { ResultStore } from '../results/result-store.js';
import type { Runs } from '../runs.js';
import { DecisionLoop, type OfferResult } from './decision-loop.js';
import { EdgeServerLine, type EdgeServerLineOptions, type OfferAnswer, type OfferTerms } from './edge-server-line.js';
import { createHomeTask, type HomeTask } from './home-task.js';

/** Real milliseconds of silence after which a peer's tasks count as lost. */
const PEER_LOST_MS = 5_000;
const PEER_CHECK_INTERVAL_MS = 500;

export interface BaseStationOptions extends EdgeServerLineOptions {
  log: AgentLog;
  isOwnWorkerFine: () => boolean;
  runs: Runs;
  results: ResultStore;
  /** Told of each outcome once it is stored. */
  onOutcome: (outcome: TaskOutcome) => void;
  onChange: () => void;
}

export interface Cancellation {
  runId: string;
  /** Null cancels every task of the run. */
  taskIds: ReadonlySet<string> | null;
  keepRunning: boolean;
}

type Ending = Partial<Pick<TaskOutcome, 'status' | 'errorMessage' | 'isRetryable' | 'edgeServerId'>>;

export class BaseStation {
  readonly decisions: DecisionLoop;
  readonly #options: BaseStationOptions;
  readonly #line: EdgeServerLine;
  readonly #tasks = new Map<string, HomeTask>();
  readonly #undecided = new Map<string, HomeTask>();
  readonly #peerCheck: NodeJS.Timeout;
  #lastPeerCheckMs = performance.now();
  #peerGraceUntilMs = 0;

  constructor(options: BaseStationOptions) {
    this.#options = options;
    this.#line = new EdgeServerLine(options);
    this.decisions = new DecisionLoop({
      selfId: options.nodeId,
      clock: options.clock,
      log: options.log,
      undecided: this.#undecided,
      runOf: (runId) => options.runs.get(runId),
      ownState: () => options.edgeServer.queueState(),
      isOwnWorkerFine: options.isOwnWorkerFine,
      peerView: (nodeId) => options.peers.view(nodeId),
      refreshPeers: () => options.peers.refresh(),
      offer: (home, edgeServerId, expectedBacklogMs, slackMs) => this.#offer(home, edgeServerId, { expectedBacklogMs, slackMs }),
    });
    this.#peerCheck = setInterval(() => this.#failTasksOfLostPeers(), PEER_CHECK_INTERVAL_MS);
  }

  /** Takes in tasks; one already known under this or a newer lease is ignored. Returns how many were new. */
  submit(tasks: Task[]): number {
    const enteredMs = this.#options.clock.nowMs();
    let acceptedCount = 0;
    for (const task of tasks) {
      const stored = this.#options.results.get(this.#options.nodeId, task.id);
      const knownEpoch = this.#tasks.get(task.id)?.task.leaseEpoch ?? stored?.leaseEpoch ?? -1;
      if (knownEpoch >= task.leaseEpoch) continue;
      // An older lease that is out somewhere ends by itself: its outcome is dropped, or its edge server takes the new lease over.
      const home = createHomeTask(task, enteredMs);
      this.#tasks.set(task.id, home);
      this.#undecided.set(task.id, home);
      acceptedCount += 1;
    }
    if (acceptedCount > 0) {
      this.#options.onChange();
      this.decisions.notify();
    }
    return acceptedCount;
  }

  /** Ids of the run's tasks that are here in any form, unacknowledged outcomes included. */
  knownTaskIds(runId: string): string[] {
    const stored = this.outcomes(runId).map((outcome) => outcome.taskId);
    const open = [...this.#tasks.values()].filter((home) => home.task.runId === runId).map((home) => home.task.id);
    return [...new Set([...stored, ...open])];
  }

  /** Unacknowledged outcomes of a run, or of all runs for the empty id. */
  outcomes(runId: string): TaskOutcome[] {
    return this.#options.results
      .list()
      .filter((outcome) => outcome.baseStationId === this.#options.nodeId && (runId === '' || outcome.runId === runId));
  }

  counts(): { undecided: number; outstanding: number } {
    return { undecided: this.#undecided.size, outstanding: this.#tasks.size - this.#undecided.size };
  }

  async acknowledge(taskIds: string[]): Promise<void> {
    for (const taskId of taskIds) await this.#options.results.remove(this.#options.nodeId, taskId);
    this.#options.onChange();
  }

  /**
   * Takes in an outcome of an edge server; `fetchImage` is called for a success only. An outcome of another lease, or of a task that is no
   * longer open, is dropped. Throws when the image can't be fetched; the edge server then tries again.
   */
  async receive(outcome: TaskOutcome, fetchImage: () => Promise<Uint8Array>): Promise<void> {
    const home = this.#tasks.get(outcome.taskId);
    if (!home || home.task.runId !== outcome.runId || home.task.leaseEpoch !== outcome.leaseEpoch) return;
    home.receiving ??= this.#receive(home, outcome, fetchImage).finally(() => (home.receiving = null));
    await home.receiving;
  }

  /** Cancels open tasks; each gets a cancelled outcome. Returns their ids; a task whose result is already under way is not among them. */
  async cancel(cancellation: Cancellation): Promise<string[]> {
    const { runId, taskIds, keepRunning } = cancellation;
    const wanted = [...this.#tasks.values()].filter((home) => home.task.runId === runId && (!taskIds || taskIds.has(home.task.id)));
    const cancelled = wanted.filter((home) => home.place === 'undecided');
    for (const home of cancelled) this.#undecided.delete(home.task.id);
    await Promise.all(wanted.flatMap((home) => home.offering ?? []));
    const outByServer = Map.groupBy(
      wanted.filter((home) => home.place === 'out'),
      (home) => home.edgeServerId ?? '',
    );
    const withdrawn = await Promise.all(
      [...outByServer].map(([edgeServerId, homes]) => this.#withdraw(edgeServerId, homes, { runId, keepRunning })),
    );
    cancelled.push(...withdrawn.flat().filter((home) => home.place === 'out'));
    // An offer that was refused while this waited has put its task back among the undecided.
    cancelled.push(...wanted.filter((home) => home.place === 'undecided' && this.#undecided.delete(home.task.id)));
    for (const home of cancelled) await this.#end(home, { status: OutcomeStatus.CANCELLED, edgeServerId: home.edgeServerId ?? '' });
    return cancelled.map((home) => home.task.id);
  }

  close(): void {
    clearInterval(this.#peerCheck);
    this.decisions.close();
  }

  async #offer(home: HomeTask, edgeServerId: string, terms: OfferTerms): Promise<OfferResult> {
    home.edgeServerId = edgeServerId;
    if (edgeServerId === this.#options.nodeId) return this.#settleOffer(home, this.#line.offerToOwn(home.task, terms));
    home.place = 'offering';
    this.#undecided.delete(home.task.id);
    const settled = this.#line.offerToPeer(edgeServerId, home.task, terms).then((answer) => this.#settleOffer(home, answer));
    home.offering = settled.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await settled;
    } finally {
      home.offering = null;
    }
  }

  async #settleOffer(home: HomeTask, answer: OfferAnswer): Promise<OfferResult> {
    switch (answer.kind) {
      case 'accepted':
        this.#markOut(home, answer.queue.instanceId, answer.uploadMs);
        return answer;
      case 'refused':
        this.#putBack(home);
        return answer;
      case 'failed':
        this.#putBack(home);
        return { kind: 'failed' };
      case 'outdated': {
        const errorMessage = 'The task was sent anew under a newer lease.';
        await this.#end(home, { status: OutcomeStatus.FAILED, errorMessage, isRetryable: false });
        return { kind: 'ended' };
      }
    }
  }

  #markOut(home: HomeTask, edgeInstanceId: string, uploadMs: number): void {
    home.place = 'out';
    home.edgeInstanceId = edgeInstanceId;
    home.uploadMs = uploadMs;
    this.#undecided.delete(home.task.id);
    this.#options.onChange();
  }

  #putBack(home: HomeTask): void {
    home.place = 'undecided';
    if (this.#tasks.get(home.task.id) === home) this.#undecided.set(home.task.id, home);
  }

  async #receive(home: HomeTask, delivered: TaskOutcome, fetchImage: () => Promise<Uint8Array>): Promise<void> {
    await home.offering;
    const { clock, link, nodeId, results } = this.#options;
    const placeBefore = home.place;
    // A result may come from an edge server whose answer to the offer was lost; the task is then undecided or out elsewhere.
    this.#undecided.delete(home.task.id);
    home.place = 'receiving';
    const outcome = { ...delivered, baseStationId: nodeId, uploadMs: home.uploadMs, downloadMs: 0, offersRefused: home.offersRefused };
    if (outcome.status !== OutcomeStatus.SUCCEEDED || !outcome.image) {
      await this.#complete(home, { ...outcome, image: undefined }, clock.nowMs());
      return;
    }
    let bytes: Uint8Array;
    let receivedMs: number;
    try {
      const startMs = clock.nowMs();
      const isOwn = outcome.edgeServerId === nodeId;
      const transfer = isOwn ? null : link.transfer(Number(outcome.image.sizeBytes) * 8, home.task, 'download');
      [bytes] = await Promise.all([fetchImage(), transfer]);
      receivedMs = clock.nowMs();
      outcome.downloadMs = isOwn ? 0 : receivedMs - startMs;
    } catch (thrown) {
      home.place = placeBefore;
      if (placeBefore === 'undecided') this.#putBack(home);
      throw thrown;
    }
    try {
      await results.putImage(outcome.image.sha256, bytes);
    } catch (thrown) {
      await this.#end(home, { ...storageFailed(nodeId, thrown), edgeServerId: outcome.edgeServerId });
      return;
    }
    await this.#complete(home, outcome, receivedMs);
  }

  /** Stamps with the instant of receipt, stores and announces. */
  async #complete(home: HomeTask, outcome: TaskOutcome, receivedMs: number): Promise<void> {
    const { nodeId, results } = this.#options;
    const serviceMs = receivedMs - home.enteredMs;
    // The answer to an offer travels while the task already waits or computes; what of the call does not fit into the rest is that overlap.
    const restMs = serviceMs - outcome.waitingMs - outcome.computeMs - outcome.downloadMs;
    const stamped: TaskOutcome = { ...outcome, serviceMs, uploadMs: Math.max(0, Math.min(outcome.uploadMs, restMs)) };
    try {
      await results.add(stamped);
    } catch (thrown) {
      if (stamped.image) await results.releaseImage(stamped.image.sha256);
      await this.#end(home, { ...storageFailed(nodeId, thrown), edgeServerId: outcome.edgeServerId });
      return;
    }
    this.#forget(home);
    this.#options.onOutcome(stamped);
  }

  /** Ends a task without a result. */
  async #end(home: HomeTask, ending: Ending): Promise<void> {
    if (this.#tasks.get(home.task.id) !== home) return;
    const { clock, nodeId, results } = this.#options;
    const outcome = create(TaskOutcomeSchema, {
      taskId: home.task.id,
      runId: home.task.runId,
      leaseEpoch: home.task.leaseEpoch,
      baseStationId: nodeId,
      serviceMs: clock.nowMs() - home.enteredMs,
      offersRefused: home.offersRefused,
      ...ending,
    });
    this.#forget(home);
    await results.add(outcome);
    this.#options.onOutcome(outcome);
  }

  #forget(home: HomeTask): void {
    if (this.#tasks.get(home.task.id) !== home) return;
    this.#tasks.delete(home.task.id);
    this.#undecided.delete(home.task.id);
    this.#options.onChange();
  }

  /** Takes tasks back. An edge server that does not answer counts as having given all back: what it still delivers is dropped. */
  async #withdraw(edgeServerId: string, homes: HomeTask[], terms: { runId: string; keepRunning: boolean }): Promise<HomeTask[]> {
    const byId = new Map(homes.map((home) => [home.task.id, home]));
    const ids = await this.#line.withdraw(edgeServerId, [...byId.keys()], terms);
    return ids ? ids.flatMap((id) => byId.get(id) ?? []) : homes;
  }

  #failTasksOfLostPeers(): void {
    const { nodeId, peers } = this.#options;
    const now = performance.now();
    // This process itself was suspended: the silence was its own, so the peers get the whole time anew.
    if (now - this.#lastPeerCheckMs > 4 * PEER_CHECK_INTERVAL_MS) this.#peerGraceUntilMs = now + PEER_LOST_MS;
    this.#lastPeerCheckMs = now;
    for (const home of this.#tasks.values()) {
      if (home.place !== 'out' || !home.edgeServerId || home.edgeServerId === nodeId) continue;
      const { ageMs, state } = peers.view(home.edgeServerId);
      const isLost = ageMs > PEER_LOST_MS && now > this.#peerGraceUntilMs;
      const hasRestarted = state !== null && state.instanceId !== home.edgeInstanceId;
      if (!isLost && !hasRestarted) continue;
      const what = isLost ? `has not answered for ${PEER_LOST_MS / 1000} s` : 'restarted';
      const errorMessage = `Edge server ${home.edgeServerId} ${what} while it held the task.`;
      const ending = { status: OutcomeStatus.FAILED, errorMessage, isRetryable: true, edgeServerId: home.edgeServerId };
      this.#end(home, ending).catch((thrown: unknown) =>
        this.#options.log.warn('failure not recorded', { reason: describeThrown(thrown) }),
      );
    }
  }
}

function storageFailed(nodeId: string, thrown: unknown): Ending {
  const errorMessage = `Base station ${nodeId} could not store the result: ${describeThrown(thrown)}.`;
  return { status: OutcomeStatus.FAILED, errorMessage, isRetryable: true };
}
