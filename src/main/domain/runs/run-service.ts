// Batch runs as the window and the terminal command them.
import { AppError } from '../../../shared/errors.js';
import { runSpecSchema, startRunInput } from '../../../shared/api/inputs.js';
import type { RunSpecInput, StartRunInput, TaskPageInput } from '../../../shared/api/inputs.js';
import type { Dataset } from '../../../shared/dataset.js';
import { describeChangedConditions } from '../../../scheduling/metrics/node-conditions.js';
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
import type { RunAudit } from '../../../shared/run-audit.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import { leaseOfOutcome } from '../../../shared/task-life/lease.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import type { Log } from '../../adapters/log/log.js';
import { describeFailure } from '../../adapters/log/report-fault.js';
import { newId } from '../../foundation/new-id.js';
import type { OpenRun } from './open-run.js';
import { boundOf, snapshotNodes } from './bound-of-run.js';
import { checkSpec, type PolicySource } from './check-spec.js';
import { estimateOverload, type MachineSpeed } from './estimate-overload.js';
import { HostDelayMeter } from './host-delay-meter.js';
import type { ImageSink } from './outcome-intake.js';
import { hashSpec, planRun } from './plan-run.js';
import type { RunAnalysis } from './run-analysis.js';
import { RunExecutor } from './run-executor.js';
import type { NodeLines } from './run-nodes.js';
import { RunQueue } from './run-queue.js';
import type { LoadedRun, RunStore, StoredRun } from './run-store.js';

export interface RunServiceOptions {
  store: RunStore;
  analysis: RunAnalysis;
  images: ImageSink & { deleteImages(sha256s: readonly string[]): Promise<void> };
  lines: NodeLines;
  getTestbed(id: string): Testbed;
  /** Brings the facts of the testbed's nodes up to date, in a bounded time; never rejects. */
  refreshFacts?(testbedId: string): Promise<void>;
  getDataset(id: string): Dataset;
  /** Whether the node's images are drawn instead of generated; absent where all are. */
  isSimulated?: (node: TestbedNode) => boolean;
  /** How fast this machine is, measured when first asked; absent where nothing is to be refused for its sake. */
  machineSpeed?: () => MachineSpeed;
  /** Null where there is none of that id. */
  findTraining?: (id: string) => PolicySource | null;
  /** The policies of a training's last checkpoint, as JSON by ordinal. */
  learnedPolicies?: (trainingId: string) => Promise<string[]>;
  listPrompts(datasetId: string): { id: number; text: string }[];
  taskPage(input: TaskPageInput): Page<TaskRecord>;
  record(kind: string, subjectId: string, message: string): void;
  programVersion: string;
  log?: Log;
  nowMs(): number;
  leaseTimeoutMs?: number;
}

const OPEN_STATES: readonly RunState[] = ['queued', 'running', 'paused', 'stopping'];
/** Real ms between two live snapshots. */
const LIVE_INTERVAL_MS = 250;

export class RunService {
  readonly #options: RunServiceOptions;
  readonly #queue: RunQueue;
  readonly #topics = new Map<string, ChangeTopic>();
  /** Of the runs that execute now. */
  readonly #meters = new Map<string, HostDelayMeter>();

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#queue = new RunQueue({
      makeExecutor: (run, events) => this.#makeExecutor(run, events),
      changed: (runId) => this.#topic(runId).announce(),
      failed: (runId, thrown) => this.#failedToBegin(runId, thrown),
    });
  }

  /** Goes on with the runs that a stop or crash of the program interrupted. */
  recover(): void {
    for (const run of this.#options.store.listRuns().reverse()) {
      if (!OPEN_STATES.includes(run.state)) continue;
      // One that stood still has missed nothing.
      if (run.startedAtMs !== null && run.clockStoppedAtMs === null) {
        this.#options.store.addInvalidReason(run.id, 'The program was not running for a while during the run.');
        this.#options.record('run-recovered', run.id, `Run “${run.spec.name}” goes on after an interruption.`);
      }
      this.#queue.add(this.#stored(run.id));
    }
  }

  list(): RunSummary[] {
    return this.#options.store.listRuns().map((run) => this.#summary(run));
  }

  /** Those that are not finished, and whether anything of them is under way. */
  listOpen(): OpenRun[] {
    const open = this.#options.store.listRuns().filter((run) => OPEN_STATES.includes(run.state));
    return open.map((run) => {
      const executor = this.#queue.executorOf(run.id);
      return { run: this.#summary(run), isStandingStill: executor ? executor.isStandingStill : run.clockStoppedAtMs !== null };
    });
  }

  get(id: string): RunSummary {
    return this.#summary(this.#stored(id));
  }

  /** What the specification would take at the least, before it is started; problems instead of a throw. */
  estimate(input: RunSpecInput): RunEstimate {
    const spec = runSpecSchema.parse(input);
    const testbed = this.#options.getTestbed(spec.testbedId);
    const problems = this.#problemsOf(spec, testbed);
    if (testbed.nodes.length === 0) return { lowerBoundMs: null, boundProblem: null, problems, overload: null, warnings: [] };
    // Prompts do not matter for time: one stands for all.
    const tasks = planRun({
      runId: 'estimate',
      spec,
      prompts: [{ id: 0, text: '' }],
      baseStationIds: testbed.nodes.map((node) => node.id),
    });
    const nodes = snapshotNodes(testbed, this.#isSimulated);
    const { lowerBoundMs, boundProblem } = boundOf(tasks, nodes);
    const speed = this.#options.machineSpeed?.();
    const machine = speed ? estimateOverload({ tasks, nodes, timeScale: testbed.timeScale, speed }) : { overload: null, warnings: [] };
    return { lowerBoundMs, boundProblem, problems, ...machine };
  }

  // Async so that a refusal is a rejection in every shell.
  /** Checks the specification against testbed, dataset and this machine, freezes it, writes all tasks, begins. */
  async start(input: StartRunInput): Promise<RunSummary> {
    const { allowOverload, ...spec } = startRunInput.parse(input);
    this.#checkedTestbed(spec);
    if (!allowOverload) this.#checkMachine(spec);
    await this.#options.refreshFacts?.(spec.testbedId);
    const learnedPolicies = await this.#learnedPolicies(spec, this.#checkedTestbed(spec));
    // Once more: testbed and dataset were free to be changed meanwhile.
    const testbed = this.#checkedTestbed(spec);
    const id = newId('run');
    const nodesSnapshot = snapshotNodes(testbed, this.#isSimulated);
    const prompts = this.#options.listPrompts(spec.datasetId);
    const tasks = planRun({ runId: id, spec, prompts, baseStationIds: testbed.nodes.map((node) => node.id) });
    const { lowerBoundMs, lowerBoundRule } = boundOf(tasks, nodesSnapshot);
    const run: StoredRun = {
      id,
      spec,
      specSha256: hashSpec(spec),
      state: 'queued',
      timeScale: testbed.timeScale,
      // One simulated node makes the figures of the whole run simulated.
      isSimulated: testbed.nodes.some(this.#isSimulated),
      programVersion: this.#options.programVersion,
      createdAtMs: Math.round(this.#options.nowMs()),
      startedAtMs: null,
      finishedAtMs: null,
      clockStoppedAtMs: null,
      clockStoppedMs: 0,
      nodesSnapshot,
      lowerBoundMs,
      lowerBoundRule,
      invalidReasons: [],
      hostDelay: null,
      axis: 'run',
    };
    this.#options.store.insertRun(run, tasks, learnedPolicies);
    this.#options.record('run-started', id, `Run “${spec.name}” with ${spec.taskCount} tasks was started.`);
    this.#queue.add(run);
    return this.get(id);
  }

  /** Finishes what runs on the nodes, holds the rest; survives a restart. */
  async pause(id: string): Promise<RunSummary> {
    await this.#executing(id, 'paused').pausing.pause();
    return this.get(id);
  }

  /** Resolves when nothing of a paused run is under way, when it has ended, or when it goes on. Rejects with the signal's reason. */
  async standstill(id: string, signal: AbortSignal): Promise<void> {
    const states = watchSnapshots(
      {
        read: () => this.#queue.executorOf(id),
        subscribe: (listener) => this.#topic(id).subscribe(listener),
        minIntervalMs: LIVE_INTERVAL_MS,
        isLast: (executor) => executor === undefined || executor.state !== 'paused' || executor.isStandingStill,
      },
      signal,
    );
    for await (const _executor of states) signal.throwIfAborted();
    signal.throwIfAborted();
  }

  async resume(id: string): Promise<RunSummary> {
    await this.#executing(id, 'resumed').pausing.resume();
    return this.get(id);
  }

  /** Lets running computations end, cancels everything else. */
  async cancelRest(id: string): Promise<RunSummary> {
    if (!this.#cancelQueued(id)) await this.#executing(id, 'cancelled').stopping.cancelRest();
    return this.get(id);
  }

  /** Cancels running computations too. */
  async stopNow(id: string): Promise<RunSummary> {
    if (!this.#cancelQueued(id)) await this.#executing(id, 'stopped').stopping.stopNow();
    return this.get(id);
  }

  async cancelTask(runId: string, taskId: string): Promise<void> {
    const isCancelled = await this.#executing(runId, 'changed').stopping.cancelTask(taskId);
    if (!isCancelled)
      throw new AppError('conflict', `Task ${taskId} has already ended`, 'Only pending and running tasks can be cancelled.');
  }

  /** Deletes a finished run; its images too unless another run has the same. */
  async remove(id: string): Promise<void> {
    const run = this.#stored(id);
    if (OPEN_STATES.includes(run.state)) {
      throw new AppError('conflict', `Run “${run.spec.name}” is ${run.state}`, 'Stop it before removing it.');
    }
    const { orphanedImages } = this.#options.store.deleteRun(id);
    this.#options.analysis.forget(id);
    await this.#options.images.deleteImages(orphanedImages);
    this.#options.record('run-removed', id, `Run “${run.spec.name}” and ${orphanedImages.length} images were removed.`);
  }

  tasks(input: TaskPageInput): Page<TaskRecord> {
    this.#stored(input.runId);
    return this.#options.taskPage(input);
  }

  timeline(id: string): NodeTimeline[] {
    return this.#options.analysis.timeline(this.#stored(id));
  }

  nodeDelays(id: string): NodeDelays[] {
    return this.#options.analysis.nodeDelays(this.#stored(id));
  }

  /** Recomputes every figure from the rows, and looks for orders that can't be. */
  audit(id: string): RunAudit {
    return this.#options.analysis.audit(this.#withLiveDelay(this.#stored(id)), this.#queue.executorOf(id));
  }

  watch(id: string, signal: AbortSignal): AsyncIterable<RunLive> {
    this.#stored(id);
    return watchSnapshots(
      {
        read: () => this.#options.analysis.live(this.#withLiveDelay(this.#stored(id)), this.#queue.executorOf(id)),
        subscribe: (listener) => this.#topic(id).subscribe(listener),
        minIntervalMs: LIVE_INTERVAL_MS,
        isLast: (live) => !OPEN_STATES.includes(live.run.state),
      },
      signal,
    );
  }

  /** A run that is not finished and uses the testbed; null when none does. */
  openRunOnTestbed(testbedId: string): RunSummary | null {
    const run = this.#options.store
      .listRuns()
      .find((candidate) => candidate.spec.testbedId === testbedId && OPEN_STATES.includes(candidate.state));
    return run ? this.#summary(run) : null;
  }

  /** Outcomes that come while no run executes on the testbed: those of ended runs are of no use to anybody. */
  dropStrayOutcomes(nodeId: string, outcomes: readonly TaskOutcome[]): void {
    const stray = outcomes.filter((outcome) => !this.#isOpen(outcome.runId)).map(leaseOfOutcome);
    if (stray.length === 0) return;
    // A lost acknowledgement is harmless: they come again.
    void this.#options.lines
      .connectedClient(nodeId)
      ?.acknowledge(stray)
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#queue.close();
    for (const [runId, meter] of this.#meters) this.#keepHostDelay(runId, meter);
    this.#meters.clear();
  }

  #isOpen(runId: string): boolean {
    const run = this.#options.store.getRun(runId);
    return run !== null && OPEN_STATES.includes(run.state);
  }

  #stored(id: string): LoadedRun {
    const run = this.#options.store.getRun(id);
    if (!run) throw new AppError('not-found', `There is no run ${id}`, 'List the runs to see their ids.');
    return run;
  }

  #summary(run: LoadedRun): RunSummary {
    return this.#options.analysis.summary(this.#withLiveDelay(run), this.#queue.executorOf(run.id));
  }

  #executing(id: string, wanted: string): RunExecutor {
    const run = this.#stored(id);
    const executor = this.#queue.executorOf(id);
    if (!executor) throw new AppError('conflict', `Run “${run.spec.name}” is ${run.state} and can't be ${wanted}`);
    return executor;
  }

  #cancelQueued(id: string): boolean {
    if (!this.#queue.withdraw(id)) return false;
    this.#options.store.cancelTasks(id, 'all');
    this.#options.store.updateRun(id, { state: 'stopped', finishedAtMs: this.#options.nowMs() });
    this.#topic(id).announce();
    return true;
  }

  #makeExecutor(run: StoredRun, events: { changed(): void; ended(): void }): RunExecutor {
    const testbed = this.#options.getTestbed(run.spec.testbedId);
    const planned = new Set(run.nodesSnapshot.map((node) => node.id));
    const meter = new HostDelayMeter(run.hostDelay);
    this.#meters.set(run.id, meter);
    const executor: RunExecutor = new RunExecutor({
      run,
      store: this.#options.store,
      images: this.#options.images,
      lines: this.#options.lines,
      peers: testbed.nodes
        .filter((node) => planned.has(node.id))
        .map((node) => ({ nodeId: node.id, name: node.name, host: node.host, port: node.agentPort ?? 0 })),
      nowMs: () => this.#options.nowMs(),
      ...(this.#options.log && { log: this.#options.log }),
      ...(this.#options.leaseTimeoutMs === undefined ? {} : { leaseTimeoutMs: this.#options.leaseTimeoutMs }),
      changed: () => {
        // Not before the begin nor in a pause: a machine that waits is idle, which would make it look quick.
        if (executor.state === 'running') meter.start();
        else meter.stop();
        events.changed();
      },
      ended: () => {
        try {
          this.#keepHostDelay(run.id, meter);
          this.#meters.delete(run.id);
          this.#noteChangedNodes(run);
          this.#noteAudit(run.id);
          this.#options.record('run-ended', run.id, `Run “${run.spec.name}” has ended.`);
        } finally {
          events.ended();
        }
      },
      record: (kind, message) => this.#options.record(kind, run.id, message),
    });
    return executor;
  }

  readonly #isSimulated = (node: TestbedNode): boolean => this.#options.isSimulated?.(node) ?? true;

  /** Of a run that goes on, the stored delay is of an earlier start of the program. */
  #withLiveDelay(run: LoadedRun): LoadedRun {
    const reading = this.#meters.get(run.id)?.reading();
    return reading ? { ...run, hostDelay: reading } : run;
  }

  #keepHostDelay(runId: string, meter: HostDelayMeter): void {
    meter.stop();
    try {
      this.#options.store.updateRun(runId, { hostDelay: meter.reading() });
    } catch (thrown) {
      // A run must be able to end, and the program to close, on a full disk; the validity then says that it was not recorded.
      this.#options.record('host-delay-lost', runId, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #noteAudit(runId: string): void {
    const { findingCount, findings } = this.#options.analysis.audit(this.#stored(runId), undefined);
    const [first] = findings;
    if (!first) return;
    const many = findingCount === 1 ? 'one contradiction' : `${findingCount} contradictions`;
    this.#options.store.addInvalidReason(runId, `The audit found ${many}, the first: ${first.subject}: ${first.problem}`);
    this.#options.analysis.forget(runId);
  }

  #checkMachine(spec: RunSpec): void {
    const { overload } = this.estimate(spec);
    if (overload === null) return;
    throw new AppError(
      'invalid-input',
      `The run can't start: ${overload}`,
      'To start it all the same, allow the overload (--allow-overload).',
    );
  }

  #problemsOf(spec: RunSpec, testbed: Testbed): string[] {
    return checkSpec(spec, testbed, this.#options.getDataset(spec.datasetId), this.#options.findTraining);
  }

  /** By node id; empty unless the run is to be scheduled by learned policies. */
  async #learnedPolicies({ scheduler, trainingId }: RunSpec, testbed: Testbed): Promise<Map<string, string>> {
    if (scheduler !== 'learned' || trainingId === undefined) return new Map();
    const policies = (await this.#options.learnedPolicies?.(trainingId)) ?? [];
    return new Map(testbed.nodes.flatMap(({ id }, place) => (policies[place] === undefined ? [] : [[id, policies[place]]])));
  }

  #checkedTestbed(spec: RunSpec): Testbed {
    const testbed = this.#options.getTestbed(spec.testbedId);
    const [problem] = this.#problemsOf(spec, testbed);
    if (problem) throw new AppError('invalid-input', `The run can't start: ${problem}`);
    return testbed;
  }

  /** The facts on record now against those at the begin: somebody may have provisioned the nodes or read them again in between. */
  #noteChangedNodes(run: StoredRun): void {
    const nodesNow = this.#options.getTestbed(run.spec.testbedId).nodes;
    for (const reason of describeChangedConditions(run.nodesSnapshot, nodesNow)) this.#options.store.addInvalidReason(run.id, reason);
    this.#options.analysis.forget(run.id);
  }

  #failedToBegin(runId: string, thrown: unknown): void {
    const { message } = describeFailure(this.#options.log, thrown, { doing: 'beginning a run', runId });
    this.#options.store.addInvalidReason(runId, `The program failed: ${message}`);
    this.#options.store.updateRun(runId, { state: 'failed', finishedAtMs: this.#options.nowMs() });
    this.#options.record('run-failed', runId, message);
  }

  #topic(runId: string): ChangeTopic {
    let topic = this.#topics.get(runId);
    if (!topic) this.#topics.set(runId, (topic = new ChangeTopic()));
    return topic;
  }
}
