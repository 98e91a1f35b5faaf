// The node as a base station: its tasks from their arrival until the control center has acknowledged their outcome. It places them by way of
// the decision loop, brings results home, and stamps the service delay on its own clock. Which lease may do what, and whom to believe:
// shared/task-life/home-tasks.ts.
import { setTimeout as delay } from 'node:timers/promises';

import { create } from '@bufbuild/protobuf';

import { OutcomeStatus, type Task, type TaskOutcome, TaskOutcomeSchema } from '../../shared/rpc/gen/agent_pb.js';
import { type DeliveryVerdict, HomeTasks } from '../../shared/task-life/home-tasks.js';
import { type Lease, leaseOfOutcome } from '../../shared/task-life/lease.js';
import type { ExperienceKeeper } from '../experience/experience-keeper.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { ResultStore } from '../results/result-store.js';
import type { Runs } from '../runs.js';
import { DecisionLoop, type OfferResult } from './decision-loop.js';
import { EdgeServerConnection, type EdgeServerConnectionOptions, type OfferAnswer, type OfferTerms } from './edge-server-connection.js';
import { createHomeTask, type HomeTask } from './home-task.js';
import { PeerWatch } from './peer-watch.js';
import { stepsOf } from '../messages/task-load.js';

export interface BaseStationOptions extends EdgeServerConnectionOptions {
  log: AgentLog;
  isLocalWorkerReady: () => boolean;
  runs: Runs;
  results: ResultStore;
  experience: ExperienceKeeper;
  /** Told of each outcome once it is stored. */
  onOutcome: (outcome: TaskOutcome) => void;
  onChange: () => void;
}

export interface Cancellation {
  runId: string;
  /** Null cancels every task of the run. */
  leases: readonly Lease[] | null;
  keepRunning: boolean;
}

type Ending = Partial<Pick<TaskOutcome, 'status' | 'errorMessage' | 'isRetryable' | 'isLost' | 'edgeServerId'>>;

/** Real milliseconds; only where nothing says when a task's place changes. */
const WAIT_MS = 10;

/** Failed, and not by the fault of the task: it is worth another try somewhere else. */
const LOST = { status: OutcomeStatus.FAILED, isRetryable: true, isLost: true } as const;

export class BaseStation {
  readonly decisions: DecisionLoop;
  readonly #options: BaseStationOptions;
  readonly #connection: EdgeServerConnection;
  readonly #tasks = new HomeTasks<HomeTask>();
  readonly #peerWatch: PeerWatch;

  constructor(options: BaseStationOptions) {
    this.#options = options;
    this.#connection = new EdgeServerConnection(options);
    this.decisions = new DecisionLoop({
      selfId: options.nodeId,
      clock: options.clock,
      log: options.log,
      undecided: this.#tasks.undecided,
      runOf: (runId) => options.runs.get(runId),
      localState: () => options.edgeServer.queueState(),
      isLocalWorkerReady: options.isLocalWorkerReady,
      peerView: (nodeId) => options.peers.view(nodeId),
      refreshPeers: (nodeIds) => options.peers.refresh(nodeIds),
      offer: (home, edgeServerId, expectedBacklogMs, slackMs) => this.#offer(home, edgeServerId, { expectedBacklogMs, slackMs }),
      placed: ({ task, lease: { runId, taskId, epoch } }, chosen, servers) =>
        options.experience.note(runId, { taskId, leaseEpoch: epoch, qualitySteps: stepsOf(task), chosen, servers }),
    });
    this.#peerWatch = new PeerWatch({
      nodeId: options.nodeId,
      tasks: this.#tasks,
      connection: this.#connection,
      peers: options.peers,
      lost: (home, errorMessage) => this.#endSoon(home, errorMessage),
      found: (outcome) => this.#pull(outcome),
    });
  }

  /** Takes in tasks; one already known under this or a newer lease is ignored. Returns how many were new. */
  submit(tasks: Task[]): number {
    const enteredMs = this.#options.clock.nowMs();
    let acceptedCount = 0;
    for (const task of tasks) {
      const home = createHomeTask(task, enteredMs);
      const stored = this.#options.results.get(this.#options.nodeId, task.id);
      const storedEpoch = stored?.runId === task.runId ? stored.leaseEpoch : null;
      const { isNew, replaced } = this.#tasks.submit(home, storedEpoch);
      if (isNew) acceptedCount += 1;
      if (replaced) this.#abandon(replaced);
    }
    if (acceptedCount > 0) {
      this.#options.onChange();
      this.decisions.notify();
    }
    return acceptedCount;
  }

  /** The run's leases that are here in any form, unacknowledged outcomes included. */
  knownLeases(runId: string): Lease[] {
    const open = this.#tasks.find(runId, null).map((home) => home.lease);
    return [...this.outcomes(runId).map(leaseOfOutcome), ...open];
  }

  /** Unacknowledged outcomes of a run, or of all runs for the empty id. */
  outcomes(runId: string): TaskOutcome[] {
    return this.#options.results
      .list()
      .filter((outcome) => outcome.baseStationId === this.#options.nodeId && (runId === '' || outcome.runId === runId));
  }

  /** Hashes of the input pictures that open tasks need. */
  picturesInUse(): string[] {
    return this.#tasks.all().flatMap(({ task: { picture } }) => picture?.sha256 ?? []);
  }

  counts(): { undecided: number; outstanding: number } {
    const undecided = this.#tasks.undecided.size;
    return { undecided, outstanding: this.#tasks.size - undecided };
  }

  /** Drops the outcomes of exactly these leases: that of a newer one, stored meanwhile, stays. */
  async acknowledge(leases: readonly Lease[]): Promise<void> {
    for (const { taskId, runId, epoch } of leases) {
      const stored = this.#options.results.get(this.#options.nodeId, taskId);
      if (stored?.runId === runId && stored.leaseEpoch === epoch) await this.#options.results.remove(this.#options.nodeId, taskId);
    }
    this.#options.onChange();
  }

  /**
   * Takes in an outcome of an edge server; `fetchImage` is called for a success only. Says `unwanted` for one of another lease, or of a task
   * that is no longer open, and `not-offered` for one of a task that was never offered there. Throws when the image can't be fetched; the
   * edge server then tries again.
   */
  async receive(
    fromId: string,
    outcome: TaskOutcome,
    fetchImage: () => Promise<Uint8Array>,
  ): Promise<'received' | 'unwanted' | 'not-offered'> {
    for (;;) {
      const verdict: DeliveryVerdict<HomeTask> = this.#tasks.checkDelivery(fromId, {
        lease: leaseOfOutcome(outcome),
        status: outcome.status,
      });
      if (verdict.kind === 'unwanted' || verdict.kind === 'not-offered') return verdict.kind;
      const { home } = verdict;
      if (verdict.kind === 'wait') {
        await (home.offering ?? home.receiving ?? delay(WAIT_MS)).catch(() => undefined);
        continue;
      }
      const receiving = this.#receive(home, fromId, outcome, fetchImage).finally(() => (home.receiving = null));
      home.receiving = receiving;
      await receiving;
      return 'received';
    }
  }

  /** Cancels open tasks; each gets a canceled outcome. Returns their leases; a task whose result is already under way is not among them. */
  async cancel(cancellation: Cancellation): Promise<Lease[]> {
    const { runId, leases, keepRunning } = cancellation;
    const requested = this.#tasks.find(runId, leases);
    const cancelled = requested.filter((home) => this.#tasks.claimUndecided(home));
    const others = requested.filter((home) => !cancelled.includes(home));
    await Promise.all(others.flatMap((home) => home.offering ?? []));
    const out = others.filter((home) => home.phase === 'out');
    this.#tasks.startWithdraw(out);
    try {
      const outByServer = Map.groupBy(out, (home) => home.holderId ?? '');
      const withdrawn = await Promise.all(
        [...outByServer].map(([edgeServerId, homes]) => this.#withdraw(edgeServerId, homes, keepRunning)),
      );
      cancelled.push(...withdrawn.flat().filter((home) => home.phase === 'out'));
      // An offer that was refused while this waited has put its task back among the undecided.
      cancelled.push(...others.filter((home) => this.#tasks.claimUndecided(home)));
      for (const home of cancelled) await this.#end(home, { status: OutcomeStatus.CANCELLED, edgeServerId: home.holderId ?? '' });
    } finally {
      this.#tasks.endWithdraw(out);
    }
    return cancelled.map((home) => home.lease);
  }

  close(): void {
    this.#peerWatch.close();
    this.decisions.close();
  }

  async #offer(home: HomeTask, edgeServerId: string, terms: OfferTerms): Promise<OfferResult> {
    if (!this.#isPictureHere(home.task)) {
      const errorMessage = `The input picture of the task is not on base station ${this.#options.nodeId}.`;
      await this.#end(home, { status: OutcomeStatus.FAILED, isRetryable: true, errorMessage });
      return { kind: 'ended' };
    }
    if (edgeServerId === this.#options.nodeId) {
      const answer = this.#connection.offerToLocal(home.task, terms);
      this.#tasks.startOffer(home, edgeServerId);
      return this.#settleOffer(home, answer);
    }
    this.#tasks.startOffer(home, edgeServerId);
    const settled = this.#connection.offerToPeer(edgeServerId, home.task, terms).then((answer) => this.#settleOffer(home, answer));
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
    if (answer.kind === 'accepted') this.#markOut(home, answer.queue.instanceId, answer.uploadMs);
    if (!this.#tasks.answerOffer(home, answer.kind)) {
      const errorMessage = `Edge server ${home.holderId ?? ''} no longer takes this lease of the task.`;
      await this.#end(home, { ...LOST, errorMessage });
      return { kind: 'ended' };
    }
    if (answer.kind === 'accepted' || answer.kind === 'refused') return answer;
    return { kind: 'failed' };
  }

  /** It comes before its task; a simulated link carries none. */
  #isPictureHere({ picture }: Task): boolean {
    const { link, pictures } = this.#options;
    return !picture || link.isSimulated || pictures.has(picture.sha256);
  }

  #markOut(home: HomeTask, edgeInstanceId: string, uploadMs: number): void {
    home.edgeInstanceId = edgeInstanceId;
    home.uploadMs = uploadMs;
    home.checkedAtMs = performance.now();
    this.#options.onChange();
  }

  async #receive(home: HomeTask, fromId: string, delivered: TaskOutcome, fetchImage: () => Promise<Uint8Array>): Promise<void> {
    const { clock, link, nodeId, results } = this.#options;
    this.#tasks.startReceive(home, fromId);
    const outcome = { ...delivered, baseStationId: nodeId, uploadMs: home.uploadMs, downloadMs: 0, offersRefused: home.offersRefused };
    if (outcome.status !== OutcomeStatus.SUCCEEDED || !outcome.image) {
      await this.#complete(home, { ...outcome, image: undefined }, clock.nowMs());
      return;
    }
    let bytes: Uint8Array;
    let receivedMs: number;
    try {
      const startMs = clock.nowMs();
      const isLocal = fromId === nodeId;
      const transfer = isLocal ? null : link.transfer(Number(outcome.image.sizeBytes) * 8, home.task, 'download');
      [bytes] = await Promise.all([fetchImage(), transfer]);
      receivedMs = clock.nowMs();
      outcome.downloadMs = isLocal ? 0 : receivedMs - startMs;
    } catch (thrown) {
      if (!this.#tasks.fetchFailed(home, fromId, performance.now())) {
        const errorMessage = `The image could not be fetched from edge server ${fromId}: ${describeThrown(thrown)}.`;
        await this.#end(home, { ...LOST, errorMessage, edgeServerId: fromId });
      }
      this.decisions.notify();
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
    if (this.#forget(home)) this.#options.onOutcome(stamped);
    // A newer lease came while this one was stored: no one waits for its outcome.
    else if (results.get(nodeId, stamped.taskId) === stamped) await results.remove(nodeId, stamped.taskId);
  }

  /** Ends a task without a result. */
  async #end(home: HomeTask, ending: Ending): Promise<void> {
    if (!this.#forget(home)) return;
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
    await results.add(outcome);
    this.#options.onOutcome(outcome);
  }

  #endSoon(home: HomeTask, errorMessage: string): void {
    this.#end(home, { ...LOST, errorMessage, edgeServerId: home.holderId ?? '' }).catch((thrown: unknown) =>
      this.#options.log.warn('failure not recorded', { reason: describeThrown(thrown) }),
    );
  }

  #forget(home: HomeTask): boolean {
    const isKnown = this.#tasks.end(home);
    if (isKnown) this.#options.onChange();
    return isKnown;
  }

  /** Takes tasks back. An edge server that does not answer counts as having given all back: what it still delivers is dropped. */
  async #withdraw(edgeServerId: string, homes: HomeTask[], keepRunning: boolean): Promise<HomeTask[]> {
    const leases = homes.map((home) => home.lease);
    const kept = await this.#connection.withdraw(edgeServerId, leases, { keepRunning });
    const keptIds = new Set(kept?.map((lease) => lease.taskId));
    return homes.filter((home) => !keptIds.has(home.task.id));
  }

  /** A newer lease has come: what still waits or computes under the older is in vain. */
  #abandon(home: HomeTask): void {
    for (const edgeServerId of home.offeredTo) void this.#connection.withdraw(edgeServerId, [home.lease], { keepRunning: false });
  }

  /** Fetches a result whose edge server can't call this station. */
  #pull(outcome: TaskOutcome): void {
    const { edgeServerId } = outcome;
    const fetchImage = async (): Promise<Uint8Array> => {
      const client = this.#options.peers.clientOf(edgeServerId);
      if (!client) throw new Error(`Node ${edgeServerId} is not among the peers.`);
      return client.fetchImage(outcome.image?.sha256 ?? '');
    };
    this.receive(edgeServerId, outcome, fetchImage)
      .then(() => this.#connection.confirmTaken(edgeServerId, leaseOfOutcome(outcome)))
      .catch((thrown: unknown) => this.#options.log.info('result not fetched', { task: outcome.taskId, reason: describeThrown(thrown) }));
  }
}

function storageFailed(nodeId: string, thrown: unknown): Ending {
  const errorMessage = `Base station ${nodeId} could not store the result: ${describeThrown(thrown)}.`;
  return { ...LOST, errorMessage };
}
