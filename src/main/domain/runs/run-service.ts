// Batch runs as the window and the terminal command them.
import type { RunBarsInput, StartRunRequest, TaskPageInput } from '../../../shared/api/inputs.js';
import { AppError, notThere } from '../../../shared/errors.js';
import type { TaskOutcome } from '../../../shared/rpc/gen/agent_pb.js';
import type {
  NodeDelays,
  NodeTimeline,
  Page,
  RunEstimate,
  RunLive,
  RunSpec,
  RunState,
  RunSummary,
  TaskRecord,
} from '../../../shared/run.js';
import type { BarCursor, RunBars } from '../../../shared/run-board.js';
import type { RunAudit } from '../../../shared/run-audit.js';
import type { RunSeriesCell } from '../../../shared/series-cell.js';
import { leaseOfOutcome } from '../../../shared/task-life/lease.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import type { OpenRun } from './open-run.js';
import type { PlannedStarts } from './planned-starts.js';
import { ExecutingRuns, type ExecutingRunsOptions } from './executing-runs.js';
import type { RunExecutor } from './run-executor.js';
import { RunPreparation, type RunPreparationOptions } from './run-preparation.js';
import { RunQueue } from './run-queue.js';
import type { LoadedRun, StoredRun } from './run-store.js';

export interface RunServiceOptions extends RunPreparationOptions, Omit<ExecutingRunsOptions, 'changed'> {
  images: ExecutingRunsOptions['images'] & { deleteImages(sha256s: readonly string[]): Promise<void> };
  planned: PlannedStarts;
  taskPage(input: TaskPageInput): Page<TaskRecord>;
  listBars(runId: string, after: BarCursor | null): RunBars;
  /** Puts on record what a run is made in, before the run itself; absent where nothing is kept of it. */
  keepEnvironment?(run: StoredRun, learnedPolicies: ReadonlyMap<string, string>): void;
}

const OPEN_STATES: readonly RunState[] = ['queued', 'running', 'paused', 'stopping'];
/** Real ms between two live snapshots. */
const LIVE_INTERVAL_MS = 250;

export class RunService {
  readonly #options: RunServiceOptions;
  readonly #preparation: RunPreparation;
  readonly #executing: ExecutingRuns;
  readonly #queue: RunQueue;
  readonly #topics = new Map<string, ChangeTopic>();
  /** Of any run. */
  readonly #changes = new ChangeTopic();

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#preparation = new RunPreparation(options);
    this.#executing = new ExecutingRuns({ ...options, changed: (runId) => this.#changed(runId) });
    this.#queue = new RunQueue(this.#executing);
  }

  /** Continues with the runs that a stop or crash of the program interrupted. */
  recover(): void {
    for (const run of this.#options.store.listOpenRuns().reverse()) {
      // One that stood still has missed nothing.
      if (run.startedAtMs !== null && run.clockStoppedAtMs === null) {
        this.#options.store.addInvalidReason(run.id, 'The program was not running for a while during the run.');
        this.#options.record('run-recovered', run.id, `Run “${run.spec.name}” continues after an interruption.`);
      }
      this.#enqueue(this.#stored(run.id));
    }
  }

  list(): RunSummary[] {
    return this.#options.store.listRuns().map((run) => this.#summary(run));
  }

  /** Those that are not finished, and whether anything of them is under way. */
  listOpen(): OpenRun[] {
    return this.#options.store.listOpenRuns().map((run) => {
      const executor = this.#queue.executorOf(run.id);
      return { run: this.#summary(run), isStandingStill: executor ? executor.isStandingStill : run.clockStoppedAtMs !== null };
    });
  }

  /** Oldest first, the warm-ups too. */
  idsOfSeries(seriesId: string): string[] {
    return this.#options.store.listIdsOfSeries(seriesId);
  }

  /** Whether it has a place on its testbed: until its last figures are in, a moment after it has ended. */
  isExecuting(id: string): boolean {
    return this.#queue.executorOf(id) !== undefined;
  }

  /** Resolves when the run has ended and everything is on record that its validity rests on. Rejects with the signal's reason. */
  async ended(id: string, signal: AbortSignal): Promise<RunSummary> {
    await this.#until(id, () => !OPEN_STATES.includes(this.#stored(id).state) && !this.isExecuting(id), signal);
    return this.get(id);
  }

  get(id: string): RunSummary {
    return this.#summary(this.#stored(id));
  }

  /** What the specification would take at the least, before it is started; problems instead of a throw. */
  estimate(spec: RunSpec): RunEstimate {
    return this.#preparation.estimate(spec);
  }

  /** Checks the specification against testbed, dataset and this machine, freezes it, writes all tasks, starts when the testbed is free, or at its time. */
  async start({ allowOverload, startAtMs, ...spec }: StartRunRequest, series: RunSeriesCell | null = null): Promise<RunSummary> {
    const { planned } = this.#options;
    if (startAtMs !== undefined) planned.check(startAtMs);
    const { run, tasks, learnedPolicies } = await this.#preparation.prepare(spec, { allowOverload, series });
    this.#options.keepEnvironment?.(run, learnedPolicies);
    // Before the run itself: one that a crash left without its time would start at once.
    if (startAtMs !== undefined) planned.plan(run.id, startAtMs);
    try {
      this.#options.store.insertRun(run, tasks, learnedPolicies);
    } catch (thrown) {
      planned.forget(run.id);
      throw thrown;
    }
    const how = startAtMs === undefined ? 'started' : `planned for ${new Date(startAtMs).toISOString()}`;
    const size = `${spec.taskCount} task${spec.taskCount === 1 ? '' : 's'}`;
    this.#options.record('run-started', run.id, `Run “${spec.name}” with ${size} was ${how}.`);
    this.#enqueue(run);
    this.#changed(run.id);
    return this.get(run.id);
  }

  async pause(id: string): Promise<RunSummary> {
    await this.#executorOf(id, 'paused').pausing.pause();
    return this.get(id);
  }

  /** Resolves when nothing of a paused run is under way, when it has ended, or when it continues. Rejects with the signal's reason. */
  async standstill(id: string, signal: AbortSignal): Promise<void> {
    const stands = (): boolean => {
      const executor = this.#queue.executorOf(id);
      return executor === undefined || executor.state !== 'paused' || executor.isStandingStill;
    };
    await this.#until(id, stands, signal);
  }

  /** Resolves when something is so of a run. Rejects with the signal's reason. */
  async #until(id: string, isSo: () => boolean, signal: AbortSignal): Promise<void> {
    const looks = watchSnapshots(
      {
        read: isSo,
        subscribe: (listener) => this.#topic(id).subscribe(listener),
        minIntervalMs: LIVE_INTERVAL_MS,
        isLast: (isNow) => isNow,
      },
      signal,
    );
    for await (const _isNow of looks) signal.throwIfAborted();
    signal.throwIfAborted();
  }

  async resume(id: string): Promise<RunSummary> {
    await this.#executorOf(id, 'resumed').pausing.resume();
    return this.get(id);
  }

  /** Lets a waiting run come before others that wait for its testbed, or after them. Kept while the program runs. */
  move(id: string, to: 'earlier' | 'later', places = 1): RunSummary {
    const { spec } = this.#stored(id);
    const message = `Run “${spec.name}” can't come ${to}`;
    if (!this.#queue.isWaiting(id)) throw new AppError('conflict', `${message}: it does not wait for its testbed`);
    if (!this.#queue.move(id, to, places))
      throw new AppError('conflict', `${message}: no run waits ${to === 'earlier' ? 'before' : 'after'} it on its testbed`);
    for (const { run } of this.listOpen()) if (run.spec.testbedId === spec.testbedId) this.#changed(run.id);
    return this.get(id);
  }

  /** Gives a run that waits for a time another one; null starts it now, when its testbed is free. Throws `conflict`, `invalid-input`. */
  reschedule(id: string, startAtMs: number | null): RunSummary {
    const { spec } = this.#stored(id);
    this.#options.planned.reschedule(id, `Run “${spec.name}”`, startAtMs);
    this.#changed(id);
    return this.get(id);
  }

  /** Lets running computations end, cancels everything else. */
  async cancelRemaining(id: string): Promise<RunSummary> {
    if (!this.#cancelQueued(id)) await this.#executorOf(id, 'canceled').stopping.cancelRemaining();
    return this.get(id);
  }

  /** Cancels running computations too. */
  async stopNow(id: string): Promise<RunSummary> {
    if (!this.#cancelQueued(id)) await this.#executorOf(id, 'stopped').stopping.stopNow();
    return this.get(id);
  }

  async cancelTask(runId: string, taskId: string): Promise<void> {
    const isCanceled = await this.#executorOf(runId, 'changed').stopping.cancelTask(taskId);
    if (!isCanceled) throw new AppError('conflict', `Task ${taskId} has already ended`, 'Only pending and running tasks can be canceled.');
  }

  /** Throws `conflict` for a run that is not finished. */
  requireRemovable(id: string): void {
    const run = this.#stored(id);
    if (!OPEN_STATES.includes(run.state)) return;
    throw new AppError('conflict', `Run “${run.spec.name}” is ${run.state}`, 'Stop it before removing it.');
  }

  /** Deletes a finished run; its images too unless another run has the same. */
  async remove(id: string): Promise<void> {
    const run = this.#stored(id);
    this.requireRemovable(id);
    const { orphanedImages } = this.#options.store.deleteRun(id);
    this.#options.analysis.forget(id);
    await this.#options.images.deleteImages(orphanedImages);
    this.#options.record('run-removed', id, `Run “${run.spec.name}” and ${orphanedImages.length} images were removed.`);
  }

  tasks(input: TaskPageInput): Page<TaskRecord> {
    this.#stored(input.runId);
    return this.#options.taskPage(input);
  }

  /** What the timeline is drawn of, after what the caller has. */
  bars({ id, after }: RunBarsInput): RunBars {
    this.#stored(id);
    return this.#options.listBars(id, after);
  }

  timeline(id: string): NodeTimeline[] {
    return this.#options.analysis.timeline(this.#stored(id));
  }

  nodeDelays(id: string): NodeDelays[] {
    return this.#options.analysis.nodeDelays(this.#stored(id));
  }

  /** Recomputes every figure from the rows, and looks for orders that can't be. */
  audit(id: string): RunAudit {
    return this.#options.analysis.audit(this.#executing.withLiveDelay(this.#stored(id)), this.#queue.executorOf(id));
  }

  /** As it is now. */
  live(id: string): RunLive {
    const executor = this.#queue.executorOf(id);
    const live = this.#options.analysis.live(this.#executing.withLiveDelay(this.#stored(id)), executor, this.#queue.waitsBehind(id));
    return { ...live, run: this.#withPlan(live.run) };
  }

  /** Calls the listener after each change of any run until the returned function is called. */
  subscribe(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  watch(id: string, signal: AbortSignal): AsyncIterable<RunLive> {
    this.#stored(id);
    return watchSnapshots(
      {
        read: () => this.live(id),
        subscribe: (listener) => this.#topic(id).subscribe(listener),
        minIntervalMs: LIVE_INTERVAL_MS,
        isLast: (live) => !OPEN_STATES.includes(live.run.state),
      },
      signal,
    );
  }

  /** A run that is not finished and uses the testbed; null when none does. */
  openRunOnTestbed(testbedId: string): RunSummary | null {
    const run = this.#options.store.listOpenRuns().find(({ spec }) => spec.testbedId === testbedId);
    return run ? this.#summary(run) : null;
  }

  /** Outcomes that come while no run executes on the testbed: those of ended runs are of no use to anyone. */
  dropStrayOutcomes(nodeId: string, outcomes: readonly TaskOutcome[]): void {
    const stray = outcomes.filter((outcome) => !this.#isOpen(outcome.runId)).map(leaseOfOutcome);
    if (stray.length === 0) return;
    // A lost acknowledgement is harmless: they come again.
    void this.#options.connections
      .connectedClient(nodeId)
      ?.acknowledge(stray)
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#options.planned.close();
    await this.#queue.close();
    this.#executing.close();
  }

  #isOpen(runId: string): boolean {
    const run = this.#options.store.getRun(runId);
    return run !== null && OPEN_STATES.includes(run.state);
  }

  #stored(id: string): LoadedRun {
    const run = this.#options.store.getRun(id);
    if (!run) throw notThere('run', id);
    return run;
  }

  #summary(run: LoadedRun): RunSummary {
    const executor = this.#queue.executorOf(run.id);
    return this.#withPlan(this.#options.analysis.summary(this.#executing.withLiveDelay(run), executor, this.#queue.waitsBehind(run.id)));
  }

  #withPlan(run: RunSummary): RunSummary {
    const plannedStart = this.#options.planned.of(run.id);
    return plannedStart ? { ...run, plannedStart } : run;
  }

  /** Into the queue of its testbed, at its time where it has one. */
  #enqueue(run: StoredRun): void {
    const { planned } = this.#options;
    const add = (): void => {
      this.#queue.add(run);
      this.#changed(run.id);
    };
    if (!planned.of(run.id)) this.#queue.add(run);
    else planned.hold(run.id, { what: `Run “${run.spec.name}”`, due: add, missed: () => this.#changed(run.id) });
  }

  #executorOf(id: string, requested: string): RunExecutor {
    const run = this.#stored(id);
    const executor = this.#queue.executorOf(id);
    if (!executor) throw new AppError('conflict', `Run “${run.spec.name}” is ${run.state} and can't be ${requested}`);
    return executor;
  }

  #cancelQueued(id: string): boolean {
    if (!this.#queue.withdraw(id) && !this.#options.planned.of(id)) return false;
    this.#options.store.cancelTasks(id, 'all');
    this.#options.store.updateRun(id, { state: 'stopped', finishedAtMs: this.#options.nowMs() });
    // Last: one that a crash left without its time would start at once.
    this.#options.planned.forget(id);
    this.#changed(id);
    return true;
  }

  #changed(runId: string): void {
    this.#topic(runId).announce();
    this.#changes.announce();
  }

  #topic(runId: string): ChangeTopic {
    let topic = this.#topics.get(runId);
    if (!topic) this.#topics.set(runId, (topic = new ChangeTopic()));
    return topic;
  }
}
