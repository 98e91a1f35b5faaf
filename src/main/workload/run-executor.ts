// Executes one run: hands tasks to their base stations as they arrive, brings results home once each, and survives whatever the nodes
// and this program do. All decisions about which edge server executes a task are the agents'.
//
//   pending --markSent--> sent --acceptResult--> succeeded
//      ^                   |----recordFailure--> failed (attempts used up)
//      +---recordFailure---+                     cancelled (by the user)
import { AppError, toErrorShape } from '../../shared/errors.js';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import type { RunState } from '../../shared/run.js';
import { deriveSeed } from '../../scheduling/random.js';
import type { AgentClient } from '../agents/agent-client.js';
import type { RunLine } from '../agents/agent-monitor.js';
import { OutcomeIntake } from './outcome-intake.js';
import type { ImageSink } from './outcome-intake.js';
import type { RunStore, StoredRun } from './run-store.js';
import { TaskBoard } from './task-board.js';
import type { BoardTask } from './task-board.js';

/** What the executor needs of the agent monitor. */
export interface NodeLines {
  attach(testbedId: string, line: RunLine): () => void;
  connectedClient(nodeId: string): AgentClient | null;
  lostForMs(nodeId: string): number;
}

export interface RunExecutorOptions {
  run: StoredRun;
  store: RunStore;
  images: ImageSink;
  lines: NodeLines;
  /** Nodes in ordinal order, with their addresses now. */
  peers: { nodeId: string; name: string; host: string; port: number }[];
  /** Wall clock that never runs backwards within a process, epoch ms. */
  nowMs(): number;
  /** Real ms after which a silent base station's tasks go to another one. */
  leaseTimeoutMs?: number;
  /** State or counts changed. */
  changed(): void;
  /** The run reached its end. */
  ended(): void;
  record(kind: string, message: string): void;
}

const DEFAULT_LEASE_TIMEOUT_MS = 10_000;
/** Real ms a run waits at its begin for nodes that do not answer yet. */
const GATHER_TIMEOUT_MS = 15_000;
const GATHER_POLL_MS = 25;
const SUBMIT_BATCH = 250;
const WATCHDOG_INTERVAL_MS = 500;
const IMAGE_SIZE_PX = 512;
/** Length of a scheduler's slot, Delta of the paper: 1 s (Table III). */
const DEFAULT_SLOT_MS = 1000;

export class RunExecutor {
  readonly board: TaskBoard;
  readonly failures: { taskId: string; ordinal: number; message: string; atMs: number }[] = [];
  readonly #options: RunExecutorOptions;
  readonly #intake: OutcomeIntake;
  readonly #lostNodes = new Set<string>();
  readonly #configured = new Set<string>();
  #run: StoredRun;
  #detach: () => void = () => undefined;
  /** What is said to each node, one call after another: a submission never overtakes the configuration it needs. */
  readonly #talks = new Map<string, Promise<unknown>>();
  #isDispatchQueued = false;
  #arrivalTimer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RunExecutorOptions) {
    this.#options = options;
    this.#run = options.run;
    this.board = new TaskBoard(options.store.listTasks(options.run.id));
    this.#intake = new OutcomeIntake({
      board: this.board,
      store: options.store,
      images: options.images,
      nodeIds: new Set(options.peers.map((peer) => peer.nodeId)),
      maxAttempts: options.run.spec.maxAttempts,
      clientOf: (nodeId) => options.lines.connectedClient(nodeId),
      elapsedMs: () => this.elapsedMs,
      settled: (task, failure) => this.#settled(task, failure),
      storageFailed: (error) => void this.#holdForStorage(error),
    });
  }

  get state(): RunState {
    return this.#run.state;
  }

  /** Model ms since the first submission; 0 before it. */
  get elapsedMs(): number {
    const { startedAtMs, finishedAtMs, timeScale } = this.#run;
    if (startedAtMs === null) return 0;
    return ((finishedAtMs ?? this.#options.nowMs()) - startedAtMs) * timeScale;
  }

  /** Begins or, after a restart of the program, goes on. */
  async begin(): Promise<void> {
    this.#detach = this.#options.lines.attach(this.#run.spec.testbedId, {
      connected: (nodeId, client, signal) => this.#nodeConnected(nodeId, client, signal),
      outcomes: (nodeId, outcomes) => this.#takeOutcomes(nodeId, outcomes),
    });
    if (this.#run.startedAtMs === null) await this.#gatherNodes();
    if (this.#isClosed) return;
    if (this.#run.startedAtMs === null) this.#update({ state: 'running', startedAtMs: this.#options.nowMs() });
    if (this.#run.state === 'stopping') this.#cancelHere(this.board.pending());
    this.#watchdog = setInterval(() => this.#watchNodes(), WATCHDOG_INTERVAL_MS);
    this.#finishIfDone();
    this.#dispatchSoon();
  }

  async pause(): Promise<void> {
    if (this.#run.state !== 'running') return;
    this.#update({ state: 'paused' });
    this.#options.store.addInvalidReason(this.#run.id, 'It was paused.');
    await this.#onEveryNode((client) => client.setHold(this.#run.id, true));
  }

  async resume(): Promise<void> {
    if (this.#run.state !== 'paused') return;
    this.#update({ state: 'running' });
    await this.#onEveryNode((client) => client.setHold(this.#run.id, false));
    this.#intake.retryDeferred();
    this.#dispatchSoon();
  }

  /** Cancels all that does not compute now; ends when the computing tasks are home. */
  async cancelRest(): Promise<void> {
    this.#update({ state: 'stopping' });
    await this.#talksEnded();
    this.#cancelHere(this.board.pending());
    await this.#onEveryNode(async (client) => {
      await client.setHold(this.#run.id, false);
      await this.#withdrawWaiting(client);
    });
    this.#finishIfDone();
  }

  /** Cancels everything, running computations too. */
  async stopNow(): Promise<void> {
    this.#update({ state: 'stopping' });
    await this.#talksEnded();
    this.#cancelHere([...this.board.pending(), ...this.board.sent()]);
    await this.#onEveryNode((client) => client.cancelTasks({ runId: this.#run.id, all: true, keepRunning: false }));
    this.#finishIfDone();
  }

  /** False when the task had already ended. */
  async cancelTask(taskId: string): Promise<boolean> {
    const task = this.board.get(taskId);
    if (!task || (task.state !== 'pending' && task.state !== 'sent')) return false;
    const { baseStationId, state } = task;
    this.#cancelHere([task]);
    if (state === 'sent') {
      await this.#options.lines.connectedClient(baseStationId)?.cancelTasks({ runId: this.#run.id, taskIds: [taskId] });
    }
    this.#finishIfDone();
    return true;
  }

  /** Lets go without changing the run: the program ends, the run goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#detach();
    clearTimeout(this.#arrivalTimer);
    clearInterval(this.#watchdog);
    await this.#talksEnded();
    this.#intake.close();
  }

  // --- nodes -----------------------------------------------------------------------------------------------------------------------

  async #gatherNodes(): Promise<void> {
    const deadline = performance.now() + GATHER_TIMEOUT_MS;
    await this.#configureStanding();
    while (this.#unconfigured().length > 0 && performance.now() < deadline && !this.#isClosed) {
      await delay(GATHER_POLL_MS);
      await this.#configureStanding();
    }
    for (const peer of this.#unconfigured()) this.#noteLost(peer.nodeId, `${peer.name} did not answer at the begin.`);
  }

  #unconfigured(): RunExecutorOptions['peers'] {
    return this.#options.peers.filter((peer) => !this.#configured.has(peer.nodeId));
  }

  /** Nodes whose line stood before this run took it over, and so were never announced to it. */
  async #configureStanding(): Promise<void> {
    await Promise.all(
      this.#unconfigured().map(async ({ nodeId }) => {
        const client = this.#options.lines.connectedClient(nodeId);
        if (!client || this.#talks.has(nodeId)) return;
        // A failure shows as a broken line; the reconnect configures.
        await this.#nodeConnected(nodeId, client, new AbortController().signal).catch(() => undefined);
      }),
    );
  }

  /** From here on nothing is sent to the node until it knows the run; what is under way is waited for, so that `known` is the truth. */
  #nodeConnected(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void> {
    this.#configured.delete(nodeId);
    return this.#talk(nodeId, () => this.#configureNode(nodeId, client, signal));
  }

  async #configureNode(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void> {
    const { spec, id } = this.#run;
    const response = await client.configure(
      {
        runId: id,
        scheduler: spec.scheduler,
        peers: this.#options.peers.map((peer) => ({ nodeId: peer.nodeId, host: peer.host, port: peer.port })),
        elapsedMs: this.elapsedMs,
        slotMs: spec.arrivals.kind === 'slot-uniform' ? spec.arrivals.slotSec * 1000 : DEFAULT_SLOT_MS,
        schedulerSeed: deriveSeed(spec.seed, `scheduler-${nodeId}`),
      },
      signal,
    );
    if (this.#isClosed) return;
    await client.setHold(id, this.#run.state === 'paused', signal);
    if (this.#run.state === 'stopping') await this.#withdrawWaiting(client);
    await this.#reconcile(nodeId, client, new Set(response.knownTaskIds));
    this.#configured.add(nodeId);
    this.#lostNodes.delete(nodeId);
    this.#dispatchSoon();
  }

  /** After a (re)connect: what the agent forgot is sent again, what it should not have any more is cancelled there. */
  async #reconcile(nodeId: string, client: AgentClient, known: ReadonlySet<string>): Promise<void> {
    for (const task of this.board.sent()) {
      if (task.baseStationId !== nodeId || known.has(task.id) || this.#intake.isHolding(task)) continue;
      if (this.#run.state === 'stopping') this.#cancelHere([task]);
      else this.#endLease(task, 'The agent was restarted and no longer had the task.', false);
    }
    const stale = [...known].filter((taskId) => {
      const task = this.board.get(taskId);
      return !task || task.state !== 'sent' || task.baseStationId !== nodeId;
    });
    if (stale.length > 0) await client.cancelTasks({ runId: this.#run.id, taskIds: stale });
    this.#finishIfDone();
  }

  /** A base station that stays silent loses its leases; the tasks go in at another one. */
  #watchNodes(): void {
    void this.#configureStanding();
    const timeoutMs = this.#options.leaseTimeoutMs ?? DEFAULT_LEASE_TIMEOUT_MS;
    for (const peer of this.#options.peers) {
      if (this.#lostNodes.has(peer.nodeId) || this.#options.lines.lostForMs(peer.nodeId) <= timeoutMs) continue;
      this.#noteLost(peer.nodeId, `${peer.name} was lost while the run went on.`);
      const leased = this.board.sent().filter((task) => task.baseStationId === peer.nodeId && !this.#intake.isHolding(task));
      for (const task of leased) {
        this.#endLease(task, `Base station ${peer.name} did not answer for ${timeoutMs / 1000} s.`, true);
      }
      this.#dispatchSoon();
    }
    this.#options.changed();
  }

  #noteLost(nodeId: string, message: string): void {
    this.#lostNodes.add(nodeId);
    this.#options.store.addInvalidReason(this.#run.id, message);
    this.#options.record('node-lost', message);
  }

  async #onEveryNode(act: (client: AgentClient) => Promise<unknown>): Promise<void> {
    const clients = this.#options.peers.map((peer) => this.#options.lines.connectedClient(peer.nodeId));
    // A node that can't be reached now is told at its next connect.
    await Promise.allSettled(clients.flatMap((client) => (client ? [act(client)] : [])));
  }

  // --- tasks -----------------------------------------------------------------------------------------------------------------------

  #dispatchSoon(): void {
    if (this.#isDispatchQueued) return;
    this.#isDispatchQueued = true;
    setImmediate(() => {
      this.#isDispatchQueued = false;
      try {
        this.#dispatchDue();
      } catch (thrown) {
        void this.#dispatchFailed(thrown);
      }
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
    if (this.#readyClient(task.baseStationId)) return task.baseStationId;
    if (!this.#lostNodes.has(task.baseStationId)) return null;
    const standing = this.#options.peers.filter((peer) => this.#readyClient(peer.nodeId));
    return standing[task.ordinal % standing.length]?.nodeId ?? null;
  }

  /** The client of a node that answers and knows the run. */
  #readyClient(nodeId: string): AgentClient | null {
    return this.#configured.has(nodeId) ? this.#options.lines.connectedClient(nodeId) : null;
  }

  /** On disk before it is on the wire: a crash in between sends it again, under a higher lease. */
  #send(stationId: string, batch: BoardTask[]): void {
    const client = this.#readyClient(stationId);
    if (!client) return;
    const atMs = this.elapsedMs;
    const epochs = this.#options.store.markSent(
      this.#run.id,
      batch.map((task) => ({ taskId: task.id, baseStationId: stationId, atMs })),
    );
    const leased = batch.flatMap((task) => {
      const leaseEpoch = epochs.get(task.id);
      if (leaseEpoch === undefined) return [];
      this.board.markSent(task, stationId, leaseEpoch);
      return [{ task, leaseEpoch }];
    });
    void this.#talk(stationId, () => client.submitTasks(leased.map(({ task, leaseEpoch }) => this.#toMessage(task, leaseEpoch)))).catch(
      (thrown: unknown) => {
        // Whether it arrived is not known. If the line broke, the reconnect tells; if it stands, the agent refused.
        if (this.#readyClient(stationId) !== client) return;
        const { message } = toErrorShape(thrown);
        for (const { task, leaseEpoch } of leased) {
          if (task.state === 'sent' && task.leaseEpoch === leaseEpoch) this.#endLease(task, message, true);
        }
      },
    );
  }

  #toMessage(task: BoardTask, leaseEpoch: number): Parameters<AgentClient['submitTasks']>[0][number] {
    const { id, prompt, seed, qualitySteps } = task;
    return { id, runId: this.#run.id, leaseEpoch, prompt, seed, qualitySteps, widthPx: IMAGE_SIZE_PX, heightPx: IMAGE_SIZE_PX };
  }

  /** Says something to a node after all that was to be said before; a failure is the caller's and stops nothing that follows. */
  #talk<T>(nodeId: string, say: () => Promise<T>): Promise<T> {
    const before = this.#talks.get(nodeId) ?? Promise.resolve();
    const talk = before.then(say);
    const settled = talk.then(
      () => undefined,
      () => undefined,
    );
    this.#talks.set(nodeId, settled);
    void settled.then(() => {
      if (this.#talks.get(nodeId) === settled) this.#talks.delete(nodeId);
    });
    return talk;
  }

  async #talksEnded(): Promise<void> {
    await Promise.all(this.#talks.values());
  }

  #takeOutcomes(nodeId: string, outcomes: TaskOutcome[]): void {
    this.#intake.take(nodeId, outcomes);
  }

  #endLease(task: BoardTask, message: string, countsAsFailure: boolean): void {
    const isFinal = countsAsFailure && task.attempts >= this.#run.spec.maxAttempts;
    this.#options.store.recordFailure({ taskId: task.id, leaseEpoch: task.leaseEpoch, message, atMs: this.elapsedMs, isFinal });
    this.board.move(task, isFinal ? 'failed' : 'pending');
    this.#settled(task, message);
  }

  #cancelHere(tasks: readonly BoardTask[]): void {
    if (tasks.length === 0) return;
    this.#options.store.cancelTasks(
      this.#run.id,
      tasks.map((task) => task.id),
    );
    for (const task of tasks) this.board.move(task, 'cancelled');
    this.#options.changed();
  }

  async #withdrawWaiting(client: AgentClient): Promise<void> {
    const cancelled = await client.cancelTasks({ runId: this.#run.id, all: true, keepRunning: true });
    const tasks = cancelled.map((taskId) => this.board.get(taskId)).filter((task) => task?.state === 'sent');
    this.#cancelHere(tasks.filter((task) => task !== undefined));
    this.#finishIfDone();
  }

  #settled(task: BoardTask, failure: string | null): void {
    if (failure !== null) {
      this.failures.unshift({ taskId: task.id, ordinal: task.ordinal, message: failure, atMs: this.elapsedMs });
      this.failures.length = Math.min(this.failures.length, 50);
    }
    if (task.state === 'pending') {
      if (this.#run.state === 'stopping') this.#cancelHere([task]);
      else this.#dispatchSoon();
    }
    this.#options.changed();
    this.#finishIfDone();
  }

  // --- the run ---------------------------------------------------------------------------------------------------------------------

  async #holdForStorage(error: AppError): Promise<void> {
    if (this.#run.state !== 'running') return;
    this.failures.unshift({ taskId: '', ordinal: -1, message: `Paused: ${error.message}`, atMs: this.elapsedMs });
    // Even the state may not fit on the disk; in memory it holds all the same.
    this.#run = { ...this.#run, state: 'paused' };
    this.#options.changed();
    await this.#onEveryNode((client) => client.setHold(this.#run.id, true));
    try {
      this.#options.store.updateRun(this.#run.id, { state: 'paused' });
      this.#options.store.addInvalidReason(this.#run.id, 'It was paused because a result could not be stored.');
    } catch {
      // Told in the window through `failures`; the run resumes from its last durable state in any case.
    }
  }

  async #dispatchFailed(thrown: unknown): Promise<void> {
    const { message, hint } = toErrorShape(thrown);
    await this.#holdForStorage(thrown instanceof AppError ? thrown : new AppError('internal', message, hint, { cause: thrown }));
  }

  #finishIfDone(): void {
    const { state, startedAtMs } = this.#run;
    if (this.#isClosed || startedAtMs === null || this.board.openCount > 0) return;
    if (state === 'succeeded' || state === 'failed' || state === 'stopped') return;
    const hasFailures = [...this.board.all()].some((task) => task.state === 'failed');
    this.#update({ state: state === 'stopping' ? 'stopped' : hasFailures ? 'failed' : 'succeeded', finishedAtMs: this.#options.nowMs() });
    this.#detach();
    clearTimeout(this.#arrivalTimer);
    clearInterval(this.#watchdog);
    void this.#intake.flush().then(() => this.#intake.close());
    this.#options.ended();
  }

  #update(change: Partial<Pick<StoredRun, 'state' | 'startedAtMs' | 'finishedAtMs'>>): void {
    this.#options.store.updateRun(this.#run.id, change);
    this.#run = { ...this.#run, ...change };
    this.#options.changed();
  }
}
