// Executes one run: puts together what hands tasks out, brings results home, pauses, stops and waits, and says when the run has ended. It
// survives whatever the nodes and this program do.
//
// What becomes of a task when someone says something about it: docs/task-life.md.
import { endStateOf } from '../../../scheduling/metrics/run-end.js';
import type { RunHold, RunState } from '../../../shared/run.js';
import type { NodeLoss, RunStandstill } from '../../../shared/run-progress.js';
import { LEASE_TIMEOUT_MS } from '../../../shared/task-life/patience.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import type { Log } from '../../adapters/log/log.js';
import { agreeOnClock, CLOCK_LEAD_MS, type ClockOptions } from './agree-on-clock.js';
import { HeldRun } from './held-run.js';
import { LeaseKeeper } from './lease-keeper.js';
import { NodeTalks } from './node-talks.js';
import { type ImageSink, OutcomeIntake } from './outcome-intake.js';
import { RunLife } from './run-life.js';
import { type NodeConnections, RunNodes, type RunPeer, type SaidLeases } from './run-nodes.js';
import type { PictureSource } from './picture-dispatch.js';
import { RunPause } from './run-pause.js';
import { RunStop } from './run-stop.js';
import type { ExecutionStore, StoredRun } from './run-store.js';
import { StorageHold } from './storage-hold.js';
import { type BoardTask, TaskBoard, type TasksMoved } from './task-board.js';
import { TaskDispatch, type TaskDispatchOptions } from './task-dispatch.js';
import { TaskFlow } from './task-flow.js';

export interface RunExecutorOptions {
  run: StoredRun;
  store: ExecutionStore;
  images: ImageSink;
  connections: NodeConnections;
  /** Of image-to-image runs. */
  pictures?: PictureSource;
  /** Nodes in ordinal order, with their addresses now. */
  peers: RunPeer[];
  /** Wall clock that never runs backwards within a process, epoch ms. */
  nowMs(): number;
  /** Whether base stations are to keep their decisions as they saw them. */
  keepsExperience?: boolean;
  /** Real ms after which a silent base station's tasks go to another one. */
  leaseTimeoutMs?: number;
  /** State or counts changed. */
  changed(): void;
  /** The run reached its end. */
  ended(): void;
  record(kind: string, message: string): void;
  log?: Log;
}

const WATCHDOG_INTERVAL_MS = 500;
const MAX_FAILURES = 50;

export class RunExecutor {
  readonly board: TaskBoard;
  readonly flow: TaskFlow;
  readonly pausing: RunPause;
  readonly stopping: RunStop;
  /** The newest first. */
  readonly failures: { taskId: string; ordinal: number; message: string; atMs: number }[] = [];
  readonly #options: RunExecutorOptions;
  readonly #life: RunLife;
  readonly #leases: LeaseKeeper;
  readonly #intake: OutcomeIntake;
  readonly #talks = new NodeTalks();
  readonly #nodes: RunNodes;
  readonly #heldRun: HeldRun;
  readonly #hold: StorageHold;
  readonly #dispatch: TaskDispatch;
  readonly #clock: ClockOptions;
  readonly #closing = new AbortController();
  #detach: () => void = () => undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: RunExecutorOptions) {
    this.#options = options;
    const { run, store, connections, images, peers, leaseTimeoutMs = LEASE_TIMEOUT_MS } = options;
    const nowMs = (): number => options.nowMs();
    const changed = (): void => options.changed();
    const record = (kind: string, message: string): void => options.record(kind, message);
    const life = new RunLife({ run, store, nowMs, changed });
    this.#life = life;
    this.flow = new TaskFlow(nowMs);
    this.board = new TaskBoard({
      ...{ runId: run.id, maxAttempts: run.spec.maxAttempts, rows: store },
      elapsedMs: () => life.elapsedMs,
      moved: (move) => this.#moved(move),
      accepted: (task, edgeServerId) => this.flow.accepted(task, edgeServerId),
    });
    this.#leases = new LeaseKeeper({
      ...{ runId: run.id, board: this.board },
      isStopping: () => life.isStopping,
      isHolding: (lease) => this.#intake.isHolding(lease),
    });
    this.#intake = new OutcomeIntake({
      ...{ board: this.board, leases: this.#leases, images, nodeIds: new Set(peers.map((peer) => peer.nodeId)) },
      clientOf: (nodeId) => connections.connectedClient(nodeId),
      elapsedMs: () => life.elapsedMs,
      storageFailed: (error) => this.#hold.failed(error),
      isStorageHeld: () => this.#hold.isOn,
    });
    this.#heldRun = new HeldRun({
      ...{ life, store, images, changed, record, nowMs, ...(options.log && { log: options.log }) },
      heldResults: () => this.#intake.heldCount,
      sayHold: () => this.#nodes.sayHold(),
      waits: (message) => this.#noteFailure(null, message),
      wentOn: () => this.#wentOn(),
    });
    this.#hold = new StorageHold(this.#heldRun);
    this.#nodes = new RunNodes({
      ...{ peers, connections, talks: this.#talks, spec: run.spec, runId: run.id, leaseTimeoutMs },
      learnedPolicyOf: (nodeId) => store.learnedPolicyOf(run.id, nodeId),
      keepsExperience: options.keepsExperience ?? false,
      elapsedMs: () => life.axisMs,
      stoodStillMs: () => life.stoodStillMs,
      isHeld: () => life.isPausedByUser || this.#heldRun.isLasting,
      heldThere: (nodeId, client) => this.pausing.takeBackFrom(nodeId, client),
      leasesAt: (nodeId) => this.#leases.leasesAt(nodeId),
      configured: (nodeId, client, said) => this.#configured(nodeId, client, said),
      listed: (nodeId, client, said) => this.#reconcile(nodeId, client, said),
      ready: () => this.#dispatch.soon(),
      lost: (peer, message) => this.#lost(peer, message),
      stillLost: (peer) => this.#endLeasesOf(peer),
      cutOff: () => this.#cutOff(),
    });
    this.#clock = { life, nodes: this.#nodes, nowMs, leaseTimeoutMs, closed: this.#closing.signal };
    const { board } = this;
    this.#dispatch = new TaskDispatch({
      ...{ board, life, nodes: this.#nodes, talks: this.#talks, pictures: picturesOf(options) },
      attempt: (work) => this.#hold.attempt(work),
    });
    this.pausing = new RunPause({
      ...{ ...this.#clock, board, leases: this.#leases, nodes: this.#nodes, record },
      tryStorage: () => this.#hold.tryNow(),
      wentOn: () => this.#wentOn(),
    });
    this.stopping = new RunStop({ board, life, nodes: this.#nodes, talks: this.#talks, connections, notified: () => this.#finishIfDone() });
  }

  get state(): RunState {
    return this.#life.state;
  }

  /** Why results can't be stored now; null when they can. */
  get hold(): RunHold | null {
    return this.#hold.state;
  }

  /** Whether it is paused and nothing of it is under way anywhere. */
  get isStandingStill(): boolean {
    return this.#life.isStandingStill;
  }

  get standstills(): RunStandstill[] {
    return this.#life.standstills;
  }

  get losses(): NodeLoss[] {
    return this.#life.losses;
  }

  /** Model ms since the first submission, without those that the run stood still; 0 before it. */
  get elapsedMs(): number {
    return this.#life.elapsedMs;
  }

  /** Starts or, after a restart of the program, continues. */
  async start(): Promise<void> {
    const life = this.#life;
    // An earlier process may have asked for them, and ended before it had heard.
    if (life.isPausedByUser) for (const { nodeId } of this.#options.peers) this.#leases.askBack(nodeId);
    this.#detach = this.#options.connections.attach(life.run.spec.testbedId, {
      connected: (nodeId, client, signal) => this.#nodes.connected(nodeId, client, signal),
      outcomes: (nodeId, outcomes) => this.#intake.take(nodeId, outcomes),
    });
    const { signal } = this.#closing;
    if (!life.hasStarted) await this.#nodes.gather('at the start', () => signal.aborted);
    if (signal.aborted) return;
    if (!life.hasStarted && !(await this.#startTogether())) return;
    if (signal.aborted || life.hasEnded) return;
    this.#watchdog = setInterval(() => {
      // No one waits for the nodes of a run that stands still: they may be switched off meanwhile.
      if (!this.isStandingStill) this.#hold.attempt(() => this.#nodes.check());
      this.pausing.check();
      this.#options.changed();
    }, WATCHDOG_INTERVAL_MS);
    if (life.isStopping) this.board.cancel(this.board.pending());
    this.#finishIfDone();
    this.#dispatch.soon();
  }

  /** Lets go without changing the run: the program ends, the run continues at the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#letGo();
    await this.#talks.ended();
    this.#intake.close();
  }

  async #startTogether(): Promise<boolean> {
    for (;;) {
      const startedAtMs = await agreeOnClock(this.#clock);
      if (this.#closing.signal.aborted) return false;
      let isLate = false;
      const isWritten = await this.#hold.untilWritten(() => {
        // What could not be written when its time came is agreed upon again: a run does not start in its own past.
        isLate = this.#options.nowMs() - startedAtMs > CLOCK_LEAD_MS;
        if (!isLate) this.#life.update({ state: this.#life.isStopping ? 'stopping' : 'running', startedAtMs });
      });
      if (!isWritten || !isLate) return isWritten;
    }
  }

  // --- nodes -----------------------------------------------------------------------------------------------------------------------

  async #configured(nodeId: string, client: AgentClient, said: SaidLeases): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#hold.attempt(() => this.#life.noteReturn(nodeId));
    if (this.#life.isStopping) await this.stopping.withdrawWaiting(client);
    await this.#reconcile(nodeId, client, said);
  }

  /** What the agent lost is re-sent; what it should not have any more is canceled there, under those very leases. */
  async #reconcile(nodeId: string, client: AgentClient, said: SaidLeases): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const stale = this.#leases.reconcile(nodeId, said);
    if (stale.length > 0) await client.cancelTasks({ runId: this.#life.run.id, leases: stale });
  }

  /** A base station that stays silent loses its leases; the tasks go in at another one. */
  #lost(peer: RunPeer, message: string): void {
    this.#options.store.addInvalidReason(this.#life.run.id, message);
    this.#options.record('node-lost', message);
    // It had been silent for as long as one may be.
    const silentMs = this.#clock.leaseTimeoutMs * this.#life.run.timeScale;
    this.#life.noteLoss(peer.nodeId, Math.max(0, this.elapsedMs - silentMs));
    this.#endLeasesOf(peer);
    this.#dispatch.soon();
  }

  #endLeasesOf(peer: RunPeer): void {
    const ended = this.#leases.endAllOf(
      peer.nodeId,
      `Base station ${peer.name} did not answer for ${this.#clock.leaseTimeoutMs / 1000} s.`,
    );
    // The others need not compute what no one can bring home; one that does not hear it computes in vain.
    if (ended.length > 0) void this.#nodes.notifyAll((client) => client.cancelTasks({ runId: this.#life.run.id, leases: ended }));
  }

  /** The leases stay: there is no one to give the tasks to, and the nodes may be working on. */
  #cutOff(): void {
    const message = 'No node could be reached for a while.';
    this.#options.store.addInvalidReason(this.#life.run.id, message);
    this.#options.record('nodes-lost', message);
  }

  // --- the run ---------------------------------------------------------------------------------------------------------------------

  #moved({ tasks, failure }: TasksMoved): void {
    if (failure !== null) for (const task of tasks) this.#noteFailure(task, failure);
    const pending = tasks.filter((task) => task.state === 'pending');
    if (pending.length > 0) {
      if (this.#life.isStopping) this.board.cancel(pending);
      else this.#dispatch.soon();
    }
    this.pausing.standStillIfQuiet();
    this.#options.changed();
    this.#finishIfDone();
  }

  #noteFailure(task: BoardTask | null, message: string): void {
    if (task) {
      const { id: taskId, baseStationId: nodeId, attempts } = task;
      this.#options.log?.warn(message, { runId: this.#life.run.id, taskId, nodeId, attempts });
    }
    this.failures.unshift({ taskId: task?.id ?? '', ordinal: task?.ordinal ?? -1, message, atMs: this.elapsedMs });
    this.failures.length = Math.min(this.failures.length, MAX_FAILURES);
  }

  #wentOn(): void {
    this.#intake.retryDeferred();
    this.#dispatch.soon();
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    const life = this.#life;
    if (this.#closing.signal.aborted || this.stopping.isNotifying || !life.hasStarted || life.hasEnded || this.board.openCount > 0) return;
    const state = endStateOf(life.state, this.#options.store.listTasks(life.run.id));
    life.update({ state, finishedAtMs: Math.ceil(this.#options.nowMs()) });
    this.#letGo();
    void this.#intake.flush().then(() => this.#intake.close());
    this.#options.ended();
  }

  /** Nothing more is heard, sent or watched. */
  #letGo(): void {
    this.#detach();
    this.#dispatch.close();
    clearInterval(this.#watchdog);
    this.#hold.close();
  }
}

function picturesOf({ run, pictures }: RunExecutorOptions): TaskDispatchOptions['pictures'] {
  const { strength } = run.spec;
  if (strength === undefined || !pictures) return null;
  const simulated = new Set(run.nodesSnapshot.filter(({ linkMbps }) => linkMbps !== null).map(({ id }) => id));
  return { strength, source: pictures, isSimulated: (stationId) => simulated.has(stationId) };
}
