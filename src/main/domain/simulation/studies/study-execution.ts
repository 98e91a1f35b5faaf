// A study run under way: its missing cells, one process each, as many at once as there are free places.
import type { AppErrorShape } from '../../../../shared/errors.js';
import type { StudyCell, StudyCellKey, StudyDefinition } from '../../../../shared/study.js';
import type { EpisodeMetrics } from '../../../../shared/training.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import type { ProcessSlots } from '../training/process-slots.js';
import type { StartTrainer, TrainerProcess } from '../training/trainer-messages.js';
import { cellName, planCell } from './cells/study-cells.js';
import { StudyPace } from './study-pace.js';
import { summarizeCell } from './cells/summarize-cell.js';

/** Cells in a row that fail by something else than their own numbers: the fault is the machine's, and all others would fail as well. */
const FAILURES_IN_A_ROW = 3;

export interface StudyExecutionOptions {
  study: StudyDefinition;
  /** In the order in which they start. */
  missing: readonly StudyCellKey[];
  startTrainer: StartTrainer;
  slots: ProcessSlots;
  programVersion: string;
  /** Where the checkpoint of a cell is kept. */
  folderOf(key: StudyCellKey): string;
  /** Puts a cell on record before the next one starts. What it throws ends the execution. */
  keepCell(cell: StudyCell): void;
  keepFailure(key: StudyCellKey, error: AppErrorShape): void;
  onChange(): void;
  log?: Log;
}

/** `error`: why it ended before its time. */
export type StudyExecutionEnd = { outcome: 'done' | 'paused' } | { outcome: 'stopped'; error: AppErrorShape };

interface RunningCell {
  key: StudyCellKey;
  process: TrainerProcess;
  /** Grows as reports come in. */
  curve: EpisodeMetrics[];
}

export class StudyExecution {
  readonly ended: Promise<StudyExecutionEnd>;
  private readonly running = new Map<string, RunningCell>();
  private readonly queue: StudyCellKey[];
  private readonly pace = new StudyPace();
  private end: (end: StudyExecutionEnd) => void = () => undefined;
  private isPaused = false;
  private stopError: AppErrorShape | null = null;
  private failuresInARow = 0;

  constructor(private readonly options: StudyExecutionOptions) {
    this.queue = [...options.missing];
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  get isStopping(): boolean {
    return this.isPaused || this.stopError !== null;
  }

  /** Starts cells while there are free places; called again after each release. */
  fill(): void {
    while (!this.isStopping && this.queue.length > 0 && this.options.slots.tryTake()) {
      const key = this.queue.shift();
      if (key) this.start(key);
    }
    this.endWhenIdle();
  }

  /** Lets no other cell start; those under way write a checkpoint after their episode. */
  pause(): void {
    this.isPaused = true;
    for (const { process } of this.running.values()) process.pause();
    this.endWhenIdle();
  }

  /** Ends what still runs at once; the last checkpoints stay. */
  kill(): void {
    this.isPaused = true;
    for (const { process } of this.running.values()) process.kill();
  }

  /** Null before there is a pace. */
  remainingSec(): number | null {
    const { episodes } = this.options.study;
    const left = [
      ...this.queue.map(({ method }) => ({ method, episodes })),
      ...[...this.running.values()].map(({ key, curve }) => ({ method: key.method, episodes: episodes - curve.length })),
    ];
    return this.pace.remainingSec(left, this.running.size);
  }

  private start(key: StudyCellKey): void {
    const { study, startTrainer, folderOf, onChange } = this.options;
    try {
      const plan = planCell(study, key);
      const curve: EpisodeMetrics[] = [];
      let lastReportMs = performance.now();
      let hasReported = false;
      const process = startTrainer('policy' in plan ? plan : { ...plan, folder: folderOf(key) }, (episodes) => {
        // The first report may hold what the checkpoint held, which took no time now.
        const nowMs = performance.now();
        if (!hasReported) hasReported = true;
        else this.pace.add(key.method, episodes.length, (nowMs - lastReportMs) / 1000);
        lastReportMs = nowMs;
        curve.push(...episodes);
        onChange();
      });
      this.running.set(cellName(key), { key, process, curve });
      void process.ended.then(
        (outcome) => this.settle(key, () => (outcome === 'succeeded' ? this.keep(key, curve) : undefined)),
        (thrown: unknown) => this.settle(key, () => this.fail(key, thrown)),
      );
    } catch (thrown) {
      this.settle(key, () => this.fail(key, thrown));
    }
  }

  private settle(key: StudyCellKey, keep: () => void): void {
    this.running.delete(cellName(key));
    try {
      keep();
    } catch (thrown) {
      // The disk is full or gone: the cell has its checkpoint and is done again later.
      this.stopFor(describeFailure(this.options.log, thrown, { doing: 'keeping a cell of a study' }));
    }
    this.options.onChange();
    this.options.slots.release();
    this.endWhenIdle();
  }

  private keep(key: StudyCellKey, curve: readonly EpisodeMetrics[]): void {
    const { study, programVersion, keepCell } = this.options;
    this.failuresInARow = 0;
    keepCell({ ...key, ...summarizeCell(study, key.method, curve), origin: 'here', programVersion });
  }

  private fail(key: StudyCellKey, thrown: unknown): void {
    // Killed on the way out: its checkpoint is as good a place to continue from.
    if (this.isPaused) return;
    const error = describeFailure(this.options.log, thrown, { doing: `cell ${cellName(key)} of a study` });
    this.options.keepFailure(key, error);
    if (error.code === 'training-diverged') return;
    this.failuresInARow++;
    if (error.code === 'no-space' || this.failuresInARow >= FAILURES_IN_A_ROW) this.stopFor(error);
  }

  private stopFor(error: AppErrorShape): void {
    this.stopError ??= error;
    for (const { process } of this.running.values()) process.pause();
  }

  private endWhenIdle(): void {
    if (this.running.size > 0) return;
    if (this.stopError !== null) this.end({ outcome: 'stopped', error: this.stopError });
    else if (this.isPaused) this.end({ outcome: 'paused' });
    else if (this.queue.length === 0) this.end({ outcome: 'done' });
  }
}
