// A run as it executes: its state and its clock. What changes is written to its row before it counts here.
import type { RunState } from '../../../shared/run.js';
import type { NodeLoss, RunInterruptions, RunStandstill } from '../../../shared/run-progress.js';
import type { ExecutionStore, RunChange, StoredRun } from './run-store.js';

/** Of each kind: a node whose link comes and goes for days must not make the row grow without end. */
const MAX_INTERRUPTIONS = 1000;

export interface RunLifeOptions {
  run: StoredRun;
  store: Pick<ExecutionStore, 'updateRun'>;
  /** Wall clock that never runs backwards within a process, epoch ms. */
  nowMs(): number;
  changed(): void;
}

export class RunLife {
  readonly #options: RunLifeOptions;
  /** As its row. */
  #run: StoredRun;
  #isHeldByStorage = false;
  #isResuming = false;
  #clockStartsAtMs: number | null = null;

  constructor(options: RunLifeOptions) {
    this.#options = options;
    this.#run = options.run;
  }

  get run(): StoredRun {
    return this.#run;
  }

  /** As it is shown: a run that waits for the disk is paused. On disk it is not, so that it continues after a restart. */
  get state(): RunState {
    return this.#isHeldByStorage && this.#run.state === 'running' ? 'paused' : this.#run.state;
  }

  get isStopping(): boolean {
    return this.#run.state === 'stopping';
  }

  get hasStarted(): boolean {
    return this.#run.startedAtMs !== null;
  }

  get hasEnded(): boolean {
    return this.#run.finishedAtMs !== null;
  }

  /** Whether a person wants the nodes to start nothing of it. */
  get isPausedByUser(): boolean {
    return this.#run.state === 'paused' && !this.#isResuming;
  }

  /** Whether it is paused and nothing of it is under way anywhere. */
  get isStandingStill(): boolean {
    return this.#run.state === 'paused' && this.#run.clockStoppedAtMs !== null;
  }

  /** Between the end of standing still and the first task that is re-sent. */
  get isResuming(): boolean {
    return this.#isResuming;
  }

  set isResuming(isResuming: boolean) {
    this.#isResuming = isResuming;
  }

  /** The run waits because nothing can be stored, not because a person wants it. */
  get isHeldByStorage(): boolean {
    return this.#isHeldByStorage && this.#run.state === 'running';
  }

  set isHeldByStorage(isHeld: boolean) {
    this.#isHeldByStorage = isHeld;
  }

  /** When the clock of a run that has not started, or stands still, will go; null while its nodes gather, and when it goes. */
  set clockStartsAtMs(atMs: number | null) {
    this.#clockStartsAtMs = atMs;
  }

  /** Model ms since the first submission, without those that the run stood still; 0 before it. */
  get elapsedMs(): number {
    const { startedAtMs, finishedAtMs, clockStoppedAtMs, clockStoppedMs, timeScale } = this.#run;
    if (startedAtMs === null) return 0;
    return ((finishedAtMs ?? clockStoppedAtMs ?? this.#options.nowMs()) - startedAtMs - clockStoppedMs) * timeScale;
  }

  /** When it stood still, the one that lasts too; the oldest first. */
  get standstills(): RunStandstill[] {
    const { standstills } = this.#interruptions;
    return this.isStandingStill ? [...standstills, { atMs: this.elapsedMs, realMs: null }] : standstills;
  }

  /** When nodes could not be reached, the oldest first. */
  get losses(): NodeLoss[] {
    return this.#interruptions.losses;
  }

  /** `fromMs`: of the run's axis, when it was last heard of. One that was lost before, as by the program that ran then, still is. */
  noteLoss(nodeId: string, fromMs: number): void {
    if (this.#isLost(nodeId)) return;
    this.#noteInterruptions({ losses: [...this.losses, { nodeId, fromMs, toMs: null }] });
  }

  noteReturn(nodeId: string): void {
    if (!this.#isLost(nodeId)) return;
    const toMs = this.elapsedMs;
    this.#noteInterruptions({
      losses: this.losses.map((loss) => (loss.nodeId === nodeId && loss.toMs === null ? { ...loss, toMs } : loss)),
    });
  }

  /** The run's axis as nodes are sent it: also before its clock goes, first or again, and 0 while it is not known when that will be. */
  get axisMs(): number {
    const { startedAtMs, clockStoppedAtMs, clockStoppedMs, timeScale } = this.#run;
    if (startedAtMs !== null && !(this.#isResuming && clockStoppedAtMs !== null)) return this.elapsedMs;
    if (this.#clockStartsAtMs === null) return 0;
    const beforeMs = startedAtMs === null || clockStoppedAtMs === null ? 0 : clockStoppedAtMs - startedAtMs - clockStoppedMs;
    return (beforeMs + this.#options.nowMs() - this.#clockStartsAtMs) * timeScale;
  }

  /** Real ms, as it will be when the run continues where that is known: it distinguishes the axis after a pause from the one before. */
  get stoodStillMs(): number {
    return this.#resumeClock(this.#clockStartsAtMs ?? this.#options.nowMs()).clockStoppedMs ?? this.#run.clockStoppedMs;
  }

  /** A state other than `paused` makes its clock continue: at the instant that is given, or now. */
  update(asked: RunChange, clockStartsAtMs = this.#options.nowMs()): void {
    const resumes = asked.state !== undefined && asked.state !== 'paused';
    const { clockStoppedAtMs } = this.#run;
    const change = { ...(resumes ? this.#resumeClock(clockStartsAtMs) : {}), ...asked };
    if (resumes && clockStoppedAtMs !== null) {
      const stoodStill = { atMs: this.elapsedMs, realMs: Math.max(0, clockStartsAtMs - clockStoppedAtMs) };
      change.interruptions = this.#interruptionsWith({ standstills: [...this.#interruptions.standstills, stoodStill] });
    }
    this.#options.store.updateRun(this.#run.id, change);
    this.#run = { ...this.#run, ...change };
    this.#options.changed();
  }

  #isLost(nodeId: string): boolean {
    return this.losses.some((loss) => loss.nodeId === nodeId && loss.toMs === null);
  }

  get #interruptions(): RunInterruptions {
    return this.#run.interruptions ?? { losses: [], standstills: [] };
  }

  #noteInterruptions(change: Partial<RunInterruptions>): void {
    this.update({ interruptions: this.#interruptionsWith(change) });
  }

  #interruptionsWith(change: Partial<RunInterruptions>): RunInterruptions {
    const { losses, standstills } = { ...this.#interruptions, ...change };
    return { losses: losses.slice(-MAX_INTERRUPTIONS), standstills: standstills.slice(-MAX_INTERRUPTIONS) };
  }

  /** What makes the clock of a run that stands still continue from where it was; whole ms, so that the axis stays what is stored. */
  #resumeClock(atMs: number): RunChange {
    const { clockStoppedAtMs, clockStoppedMs } = this.#run;
    if (clockStoppedAtMs === null) return {};
    return { clockStoppedAtMs: null, clockStoppedMs: clockStoppedMs + Math.max(0, Math.floor(atMs - clockStoppedAtMs)) };
  }
}
