// Executes one run: hands tasks to their base stations as they arrive, brings results home once each, and survives whatever the nodes
// and this program do. All decisions about which edge server executes a task are the agents'.
//
// What becomes of a task when somebody says something about it: docs/task-life.md.
import { setTimeout as delay } from 'node:timers/promises';
import { CANCELLED_ON_REQUEST, endStateOf } from '../../../scheduling/metrics/run-end.js';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { RunHold, RunState } from '../../../shared/run.js';
import { type Lease } from '../../../shared/task-life/lease.js';
import { LEASE_TIMEOUT_MS } from '../../../shared/task-life/patience.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import type { Log } from '../../adapters/log/log.js';
import { describeFailure } from '../../adapters/log/report-fault.js';
import { LeaseKeeper } from './lease-keeper.js';
import { NodeTalks } from './node-talks.js';
import { OutcomeIntake } from './outcome-intake.js';
import type { ImageSink } from './outcome-intake.js';
import { RunNodes } from './run-nodes.js';
import type { NodeLines, RunPeer, SaidLeases } from './run-nodes.js';
import type { RunChange, RunStore, StoredRun } from './run-store.js';
import { StorageHold } from './storage-hold.js';
import { TaskBoard } from './task-board.js';
import type { BoardTask } from './task-board.js';

export interface RunExecutorOptions {
  run: StoredRun;
  store: RunStore;
  images: ImageSink;
  lines: NodeLines;
  /** Nodes in ordinal order, with their addresses now. */
  peers: RunPeer[];
  /** Wall clock that never runs backwards within a process, epoch ms. */
  nowMs(): number;
  /** Real ms after which a silent base station's tasks go to another one. */
  leaseTimeoutMs?: number;
  /** State or counts changed. */
  changed(): void;
  /** The run reached its end. */
  ended(): void;
  record(kind: string, message: string): void;
  log?: Log;
}

const SUBMIT_BATCH = 250;
const WATCHDOG_INTERVAL_MS = 500;
const IMAGE_SIZE_PX = 512;
/** Real ms in which all nodes are told when the run's clock goes, before it does: one call. Nodes that take longer still hear of it. */
const CLOCK_LEAD_MS = 250;
/** An image of that size must be storable before a held run goes on. */
const PROBE_BYTES = 2 * 1024 * 1024;
/** Real ms that a hold may take before the run's figures are of that too. */
const HOLD_MATTERS_MS = 1000;

export class RunExecutor {
  readonly board: TaskBoard;
  readonly failures: { taskId: string; ordinal: number; message: string; atMs: number }[] = [];
  readonly #options: RunExecutorOptions;
  readonly #leases: LeaseKeeper;
  readonly #intake: OutcomeIntake;
  readonly #talks = new NodeTalks();
  readonly #nodes: RunNodes;
  readonly #hold: StorageHold;
  /** The run is paused by a hold, not by a person. */
  #isPausedByHold = false;
  /** Real ms held that its row does not tell of yet. */
  #untoldHoldMs = 0;
  #run: StoredRun;
  #detach: () => void = () => undefined;
  #isDispatchQueued = false;
  #arrivalTimer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Between the end of standing still and the first task that is sent again. */
  #isGoingOn = false;
  /** When the clock of a run that has not begun, or stands still, will go; null while its nodes gather. */
  #clockGoesAtMs: number | null = null;
  #isTakingBack = false;
  /** Nothing can be stored for so long that nodes need not go on making what can't be kept. */
  #isHoldLasting = false;

  constructor(options: RunExecutorOptions) {
    this.#options = options;
    this.#run = options.run;
    this.board = new TaskBoard(options.store.listTasks(options.run.id));
    this.#leases = new LeaseKeeper({
      runId: options.run.id,
      maxAttempts: options.run.spec.maxAttempts,
      board: this.board,
      store: options.store,
      elapsedMs: () => this.elapsedMs,
      isStopping: () => this.#run.state === 'stopping',
      isHolding: (lease) => this.#intake.isHolding(lease),
      settled: (task, failure) => this.#settled(task, failure),
    });
    this.#intake = new OutcomeIntake({
      leases: this.#leases,
      images: options.images,
      nodeIds: new Set(options.peers.map((peer) => peer.nodeId)),
      clientOf: (nodeId) => options.lines.connectedClient(nodeId),
      elapsedMs: () => this.elapsedMs,
      storageFailed: (error) => this.#hold.failed(error),
      isStorageHeld: () => this.#hold.isOn,
    });
    this.#hold = new StorageHold({
      probe: () => this.#probeStorage(),
      began: (error) => this.#holdBegan(error),
      lasting: () => void this.#holdLasts(),
      ended: (hold, heldMs) => this.#attempt(() => this.#holdEnded(hold, heldMs)),
      heldResults: () => this.#intake.heldCount,
      changed: () => options.changed(),
      nowMs: () => options.nowMs(),
    });
    this.#nodes = new RunNodes({
      peers: options.peers,
      lines: options.lines,
      talks: this.#talks,
      spec: options.run.spec,
      runId: options.run.id,
      leaseTimeoutMs: this.#leaseTimeoutMs,
      learnedPolicyOf: (nodeId) => options.store.learnedPolicyOf(options.run.id, nodeId),
      elapsedMs: () => this.#axisMs(),
      stoodStillMs: () => this.#stoodStillMs(),
      isHeld: () => this.#isHeld || this.#isHoldLasting,
      heldThere: (nodeId, client) => this.#takeBackWaiting(nodeId, client),
      leasesAt: (nodeId) => this.#leases.leasesAt(nodeId),
      configured: (nodeId, client, said) => this.#nodeConfigured(nodeId, client, said),
      listed: (nodeId, client, said) => this.#reconcile(nodeId, client, said),
      ready: () => this.#dispatchSoon(),
      lost: (peer, message) => this.#nodeLost(peer, message),
      stillLost: (peer) => this.#endLeasesOf(peer),
      cutOff: () => this.#cutOff(),
    });
  }

  get #leaseTimeoutMs(): number {
    return this.#options.leaseTimeoutMs ?? LEASE_TIMEOUT_MS;
  }

  get state(): RunState {
    return this.#run.state;
  }

  /** Why results can't be stored now; null when they can. */
  get hold(): RunHold | null {
    return this.#hold.state;
  }

  /** Whether it is paused and nothing of it is under way anywhere. */
  get isStandingStill(): boolean {
    return this.#run.state === 'paused' && this.#run.clockStoppedAtMs !== null;
  }

  /** Whether a person wants the nodes to begin nothing of it. */
  get #isHeld(): boolean {
    return this.#run.state === 'paused' && !this.#isGoingOn && !this.#isPausedByHold;
  }

  /** Model ms since the first submission, without those that the run stood still; 0 before it. */
  get elapsedMs(): number {
    const { startedAtMs, finishedAtMs, clockStoppedAtMs, clockStoppedMs, timeScale } = this.#run;
    if (startedAtMs === null) return 0;
    return ((finishedAtMs ?? clockStoppedAtMs ?? this.#options.nowMs()) - startedAtMs - clockStoppedMs) * timeScale;
  }

  /** The run's axis as nodes are told it: also before its clock goes, first or again, and 0 while it is not known when that will be. */
  #axisMs(): number {
    const { startedAtMs, clockStoppedAtMs, clockStoppedMs, timeScale } = this.#run;
    if (startedAtMs !== null && !(this.#isGoingOn && clockStoppedAtMs !== null)) return this.elapsedMs;
    if (this.#clockGoesAtMs === null) return 0;
    const beforeMs = startedAtMs === null || clockStoppedAtMs === null ? 0 : clockStoppedAtMs - startedAtMs - clockStoppedMs;
    return (beforeMs + this.#options.nowMs() - this.#clockGoesAtMs) * timeScale;
  }

  /** Real ms, as it will be when the run goes on where that is known: it tells the axis after a pause from the one before. */
  #stoodStillMs(): number {
    return this.#clockGoingOn(this.#clockGoesAtMs ?? this.#options.nowMs()).clockStoppedMs ?? this.#run.clockStoppedMs;
  }

  /** Begins or, after a restart of the program, goes on. */
  async begin(): Promise<void> {
    this.#detach = this.#options.lines.attach(this.#run.spec.testbedId, {
      connected: (nodeId, client, signal) => this.#nodes.connected(nodeId, client, signal),
      outcomes: (nodeId, outcomes) => this.#intake.take(nodeId, outcomes),
    });
    if (this.#run.startedAtMs === null) await this.#nodes.gather('at the begin', () => this.#isClosed);
    if (this.#isClosed) return;
    if (this.#run.startedAtMs === null && !(await this.#beginTogether())) return;
    if (this.#run.state === 'stopping') this.#cancelHere(this.board.pending());
    this.#watchdog = setInterval(() => {
      // Nobody waits for the nodes of a run that stands still: they may be switched off meanwhile.
      if (!this.isStandingStill) this.#attempt(() => this.#nodes.check());
      if (this.#isHeld && this.board.sentCount > 0 && !this.#isTakingBack) void this.#takeBackAll();
      this.#options.changed();
    }, WATCHDOG_INTERVAL_MS);
    this.#finishIfDone();
    this.#dispatchSoon();
  }

  async #beginTogether(): Promise<boolean> {
    for (;;) {
      const startedAtMs = await this.#agreeOnClock();
      if (this.#isClosed) return false;
      let isLate = false;
      const isWritten = await this.#hold.untilWritten(() => {
        // What could not be written when its time came is agreed upon anew: a run does not begin in its own past.
        isLate = this.#options.nowMs() - startedAtMs > CLOCK_LEAD_MS;
        if (!isLate) this.#update({ state: this.#run.state === 'stopping' ? 'stopping' : 'running', startedAtMs });
      });
      if (!isWritten || !isLate) return isWritten;
    }
  }

  /**
   * Tells all nodes beforehand when the run's clock goes, so that the instants they report are on its axis, and waits until it does. The
   * instant is a whole millisecond, as it is stored.
   */
  async #agreeOnClock(): Promise<number> {
    const goesAtMs = Math.ceil(this.#options.nowMs()) + CLOCK_LEAD_MS;
    this.#clockGoesAtMs = goesAtMs;
    void this.#nodes.tellClock(AbortSignal.timeout(this.#leaseTimeoutMs));
    while (this.#options.nowMs() < goesAtMs && !this.#isClosed) await delay(Math.max(1, goesAtMs - this.#options.nowMs()));
    this.#clockGoesAtMs = null;
    return goesAtMs;
  }

  /**
   * Sends nothing more, takes back what waits on the nodes, and lets end what computes there. When the last of it is home the run stands
   * still, and its clock with it: its figures hold as if there had been no pause, but for the moments in which nodes had run dry.
   */
  async pause(): Promise<void> {
    if (this.#run.state !== 'running') return;
    this.#update({ state: 'paused' });
    await this.#takeBackAll();
  }

  async resume(): Promise<void> {
    if (this.#run.state !== 'paused' || this.#isGoingOn) return;
    if (this.#isPausedByHold) return void (await this.#hold.tryNow());
    if (this.isStandingStill) {
      this.#isGoingOn = true;
      this.#nodes.startOver();
      // Its clock goes on when the nodes know it again, as at the begin.
      await this.#nodes.gather('when the run went on', () => this.#isClosed || this.#run.state !== 'paused');
      const goesAtMs = await this.#agreeOnClock();
      this.#isGoingOn = false;
      if (this.#isClosed || this.state !== 'paused') return;
      this.#update({ state: 'running', ...this.#clockGoingOn(goesAtMs) });
    } else {
      this.#update({ state: 'running' });
    }
    await this.#nodes.sayHold();
    this.#intake.retryDeferred();
    this.#dispatchSoon();
  }

  /** Cancels all that does not compute now; ends when the computing tasks are home. */
  async cancelRest(): Promise<void> {
    this.#update({ state: 'stopping' });
    await this.#talks.ended();
    this.#cancelHere(this.board.pending());
    await this.#nodes.sayHold();
    await this.#nodes.tellAll((client) => this.#withdrawWaiting(client));
    this.#finishIfDone();
  }

  /** Cancels everything, running computations too. */
  async stopNow(): Promise<void> {
    this.#update({ state: 'stopping' });
    await this.#talks.ended();
    this.#cancelHere([...this.board.pending(), ...this.board.sent()]);
    await this.#nodes.tellAll((client) => client.cancelTasks({ runId: this.#run.id, all: true, keepRunning: false }));
    this.#finishIfDone();
  }

  /** False when the task had already ended. */
  async cancelTask(taskId: string): Promise<boolean> {
    const task = this.board.get(taskId);
    if (!task || (task.state !== 'pending' && task.state !== 'sent')) return false;
    const lease = task.state === 'sent' ? this.#leases.leaseOf(task) : null;
    this.#cancelHere([task], CANCELLED_ON_REQUEST);
    if (lease) await this.#options.lines.connectedClient(lease.baseStationId)?.cancelTasks({ runId: this.#run.id, leases: [lease] });
    this.#finishIfDone();
    return true;
  }

  /** Lets go without changing the run: the program ends, the run goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#detach();
    clearTimeout(this.#arrivalTimer);
    clearInterval(this.#watchdog);
    this.#hold.close();
    await this.#talks.ended();
    this.#intake.close();
  }

  // --- nodes -----------------------------------------------------------------------------------------------------------------------

  async #nodeConfigured(nodeId: string, client: AgentClient, said: SaidLeases): Promise<void> {
    if (this.#isClosed) return;
    if (this.#run.state === 'stopping') await this.#withdrawWaiting(client);
    await this.#reconcile(nodeId, client, said);
  }

  /** What the agent lost is sent again; what it should not have any more is cancelled there, under those very leases. */
  async #reconcile(nodeId: string, client: AgentClient, said: SaidLeases): Promise<void> {
    if (this.#isClosed) return;
    const stale = this.#leases.reconcile(nodeId, said);
    if (stale.length > 0) await client.cancelTasks({ runId: this.#run.id, leases: stale });
    this.#finishIfDone();
  }

  /** A base station that stays silent loses its leases; the tasks go in at another one. */
  #nodeLost(peer: RunPeer, message: string): void {
    this.#options.store.addInvalidReason(this.#run.id, message);
    this.#options.record('node-lost', message);
    this.#endLeasesOf(peer);
    this.#dispatchSoon();
  }

  #endLeasesOf(peer: RunPeer): void {
    const ended = this.#leases.endAllOf(peer.nodeId, `Base station ${peer.name} did not answer for ${this.#leaseTimeoutMs / 1000} s.`);
    // The others need not compute what nobody can bring home; one that does not hear it computes in vain.
    if (ended.length > 0) void this.#nodes.tellAll((client) => client.cancelTasks({ runId: this.#run.id, leases: ended }));
  }

  /** The leases stay: there is nobody to give the tasks to, and the nodes may be working on. */
  #cutOff(): void {
    const message = 'No node could be reached for a while.';
    this.#options.store.addInvalidReason(this.#run.id, message);
    this.#options.record('nodes-lost', message);
  }

  // --- tasks -----------------------------------------------------------------------------------------------------------------------

  #dispatchSoon(): void {
    if (this.#isDispatchQueued) return;
    this.#isDispatchQueued = true;
    setImmediate(() => {
      this.#isDispatchQueued = false;
      this.#attempt(() => this.#dispatchDue());
    });
  }

  #dispatchDue(): void {
    clearTimeout(this.#arrivalTimer);
    if (this.#isClosed || this.#run.state !== 'running') return;
    const elapsedMs = this.elapsedMs;
    const byStation = new Map<string, BoardTask[]>();
    let nextArrivalMs = Infinity;
    for (const task of this.board.pending()) {
      if (task.arrivalMs > elapsedMs) {
        nextArrivalMs = Math.min(nextArrivalMs, task.arrivalMs);
        continue;
      }
      const station = this.#stationFor(task);
      if (station === null) continue;
      const batch = byStation.get(station) ?? [];
      byStation.set(station, batch);
      batch.push(task);
    }
    if (Number.isFinite(nextArrivalMs)) {
      this.#arrivalTimer = setTimeout(() => this.#dispatchSoon(), (nextArrivalMs - elapsedMs) / this.#run.timeScale);
    }
    for (const [station, tasks] of byStation) {
      for (let from = 0; from < tasks.length; from += SUBMIT_BATCH) this.#send(station, tasks.slice(from, from + SUBMIT_BATCH));
    }
    if (byStation.size > 0) this.#options.changed();
  }

  /** The task's own base station; another one when that is lost; null while it may come back or none is there. */
  #stationFor(task: BoardTask): string | null {
    if (this.#nodes.readyClient(task.baseStationId)) return task.baseStationId;
    if (!this.#nodes.isLost(task.baseStationId)) return null;
    const standing = this.#nodes.standing();
    return standing[task.ordinal % standing.length] ?? null;
  }

  #send(stationId: string, batch: BoardTask[]): void {
    const client = this.#nodes.readyClient(stationId);
    if (!client) return;
    const leased = this.#leases.send(stationId, batch);
    void this.#talks
      .say(stationId, () => client.submitTasks(leased.map(({ task, lease }) => this.#toMessage(task, lease))))
      // Whether it arrived is not known, and one that refused may have forgotten the run: the node is asked what it has before anything else.
      .catch(() => this.#nodes.unsettle(stationId));
  }

  #toMessage({ prompt, seed, qualitySteps }: BoardTask, lease: Lease): Parameters<AgentClient['submitTasks']>[0][number] {
    const { taskId, runId, baseStationId, epoch } = lease;
    const size = { widthPx: IMAGE_SIZE_PX, heightPx: IMAGE_SIZE_PX };
    return { id: taskId, runId, baseStationId, leaseEpoch: epoch, prompt, seed, qualitySteps, ...size };
  }

  #cancelHere(tasks: readonly BoardTask[], message?: string): void {
    if (tasks.length === 0) return;
    this.#leases.cancel(tasks, message);
    this.#standStillIfQuiet();
    this.#options.changed();
  }

  /** Again and again until the run stands still: a task that an agent offered anew while it was asked lands in a held queue after all. */
  async #takeBackAll(): Promise<void> {
    this.#isTakingBack = true;
    await this.#nodes.sayHold();
    this.#isTakingBack = false;
    this.#standStillIfQuiet();
  }

  /** A paused run takes back what no node has begun: pending again, as if it had never been sent, with the time that it has waited. */
  async #takeBackWaiting(nodeId: string, client: AgentClient): Promise<void> {
    if (!this.#isHeld) return;
    this.#leases.askBack(nodeId);
    this.#leases.takeBack(await client.cancelTasks({ runId: this.#run.id, all: true, keepRunning: true }));
    this.#standStillIfQuiet();
    this.#dispatchSoon();
    this.#options.changed();
  }

  async #withdrawWaiting(client: AgentClient): Promise<void> {
    this.#leases.cancelLeases(await client.cancelTasks({ runId: this.#run.id, all: true, keepRunning: true }));
    this.#options.changed();
    this.#finishIfDone();
  }

  #settled(task: BoardTask, failure: string | null): void {
    if (failure !== null) {
      this.#options.log?.warn(failure, { runId: this.#run.id, taskId: task.id, nodeId: task.baseStationId, attempts: task.attempts });
      this.failures.unshift({ taskId: task.id, ordinal: task.ordinal, message: failure, atMs: this.elapsedMs });
      this.failures.length = Math.min(this.failures.length, 50);
    }
    if (task.state === 'pending') {
      if (this.#run.state === 'stopping') this.#cancelHere([task]);
      else this.#dispatchSoon();
    }
    this.#standStillIfQuiet();
    this.#options.changed();
    this.#finishIfDone();
  }

  // --- the run ---------------------------------------------------------------------------------------------------------------------

  /** As a result would be written: an image, then a row. */
  async #probeStorage(): Promise<void> {
    await this.#options.images.probe?.(PROBE_BYTES);
    // The state on disk stays what it was: after a restart the run goes on, or holds for the same cause.
    this.#options.store.updateRun(this.#run.id, { state: this.#isPausedByHold ? 'running' : this.#run.state });
  }

  #holdBegan(error: AppError): void {
    const thrown = error.code === 'internal' ? (error.cause ?? error) : error;
    describeFailure(this.#options.log, thrown, { doing: 'storing results', runId: this.#run.id });
    if (this.#run.state === 'running') {
      this.#isPausedByHold = true;
      this.#run = { ...this.#run, state: 'paused' };
    }
    this.failures.unshift({ taskId: '', ordinal: -1, message: `Paused: ${error.message}`, atMs: this.elapsedMs });
    this.#options.record('run-held', `Run “${this.#run.spec.name}” waits: ${error.message}`);
    this.#options.changed();
  }

  /** By way of the nodes' own book, which says again what one of them did not hear: it would stay held for ever. */
  async #holdLasts(): Promise<void> {
    this.#isHoldLasting = this.#run.state === 'paused';
    await this.#nodes.sayHold();
  }

  #holdEnded(hold: RunHold, heldMs: number): void {
    // Before the begin nothing was measured.
    if (this.#run.startedAtMs !== null) this.#untoldHoldMs += heldMs;
    if (this.#untoldHoldMs >= HOLD_MATTERS_MS) {
      const reason = `For ${Math.ceil(this.#untoldHoldMs / 1000)} s nothing could be stored on this computer: ${hold.error.message}`;
      this.#options.store.addInvalidReason(this.#run.id, reason);
      this.#untoldHoldMs = 0;
    }
    if (this.#isPausedByHold && this.#run.state === 'paused') this.#run = { ...this.#run, state: 'running' };
    this.#isPausedByHold = false;
    this.#isHoldLasting = false;
    void this.#nodes.sayHold();
    this.#intake.retryDeferred();
    this.#dispatchSoon();
    this.#options.record('run-went-on', `Run “${this.#run.spec.name}” goes on after ${(heldMs / 1000).toFixed(1)} s.`);
    this.#finishIfDone();
  }

  /** For work that a timer starts and nobody awaits: what it can't write holds the run instead of ending the program. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      const { message, hint } = toErrorShape(thrown);
      this.#hold.failed(thrown instanceof AppError ? thrown : new AppError('internal', message, hint, { cause: thrown }));
    }
  }

  #standStillIfQuiet(): void {
    const { state, startedAtMs, clockStoppedAtMs } = this.#run;
    const isQuiet = this.board.sentCount === 0 && this.board.openCount > 0;
    // A run that waits for the disk has not been asked to stand still, and could not write that it does.
    if (this.#isClosed || this.#isPausedByHold || state !== 'paused' || startedAtMs === null || clockStoppedAtMs !== null || !isQuiet)
      return;
    this.#update({ clockStoppedAtMs: Math.ceil(this.#options.nowMs()) });
    const { openCount } = this.board;
    this.#options.record('run-stands-still', `Run “${this.#run.spec.name}” stands still with ${openCount} tasks to go.`);
  }

  #finishIfDone(): void {
    const { state, startedAtMs } = this.#run;
    if (this.#isClosed || startedAtMs === null || this.board.openCount > 0) return;
    if (state === 'succeeded' || state === 'failed' || state === 'stopped') return;
    const endState = endStateOf(state, this.#options.store.listTasks(this.#run.id));
    this.#update({ state: endState, finishedAtMs: Math.ceil(this.#options.nowMs()) });
    this.#detach();
    clearTimeout(this.#arrivalTimer);
    clearInterval(this.#watchdog);
    this.#hold.close();
    void this.#intake.flush().then(() => this.#intake.close());
    this.#options.ended();
  }

  #update(asked: RunChange): void {
    const goesOn = asked.state !== undefined && asked.state !== 'paused';
    const change = { ...(goesOn ? this.#clockGoingOn(this.#options.nowMs()) : {}), ...asked };
    this.#options.store.updateRun(this.#run.id, change);
    this.#run = { ...this.#run, ...change };
    this.#options.changed();
  }

  /** What makes the clock of a run that stands still go on from where it was; whole ms, so that the axis stays what is stored. */
  #clockGoingOn(atMs: number): RunChange {
    const { clockStoppedAtMs, clockStoppedMs } = this.#run;
    if (clockStoppedAtMs === null) return {};
    return { clockStoppedAtMs: null, clockStoppedMs: clockStoppedMs + Math.max(0, Math.floor(atMs - clockStoppedAtMs)) };
  }
}
