// Study runs on record and under way. A cell that is done is in the database before the next one begins; one under way has its checkpoint.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStudyInput, type StartStudyInput } from '../../shared/api/study-inputs.js';
import { AppError } from '../../shared/errors.js';
import type { StudyCell, StudyCellKey, StudyDefinition, StudyFigure, StudyRun } from '../../shared/study.js';
import { ChangeTopic } from '../live/change-topic.js';
import { watchSnapshots } from '../live/watch-snapshots.js';
import type { StudyService } from '../services.js';
import type { StoredStudyRun, StudyRepository } from '../storage/study-repository.js';
import type { ProcessSlots } from '../training/process-slots.js';
import { buildFigure } from './build-figure.js';
import { chooseStudy, commandFor } from './choose-study.js';
import { cellName, describeCell, listCells, planCell } from './study-cells.js';
import { loadStudyDefinitions } from './study-definitions.js';
import { StudyExecution, type StudyExecutionEnd } from './study-execution.js';

/** A cell that does not pause by itself when the program ends is ended after this long; its last checkpoint stays. */
const KILL_AFTER_MS = 10_000;
const MAX_SEED = 0xffffffff;

export interface StudyServiceOptions {
  studies: StudyRepository;
  /** resources/studies. */
  definitionsFolder: string;
  /** Folder of the checkpoints of cells under way, one folder a run. */
  folder: string;
  /** The built training process (out/main/trainer.js). */
  trainerPath: string;
  /** Shared with the trainings. */
  slots: ProcessSlots;
  /** Whether this program has the data folder to itself: what is on record as running and does not run here was interrupted. */
  isOwner: boolean;
  programVersion: string;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
}

export class StudyServiceImpl implements StudyService {
  private readonly running = new Map<string, { execution: StudyExecution; settled: Promise<void> }>();
  private readonly changes = new ChangeTopic();
  /** Checkpoints being thrown away, one after the other. */
  private discarding = Promise.resolve();

  constructor(private readonly options: StudyServiceOptions) {
    options.slots.onFree(() => {
      for (const { execution } of this.running.values()) execution.fill();
    });
  }

  list(): StudyDefinition[] {
    return loadStudyDefinitions(this.options.definitionsFolder);
  }

  runs(): StudyRun[] {
    return this.options.studies.list().map((stored) => this.describe(stored));
  }

  get(runId: string): StudyRun {
    return this.describe(this.find(runId));
  }

  start(input: StartStudyInput): StudyRun {
    const { study: name, firstSeed, seeds, methods, episodes } = startStudyInput.parse(input);
    const study = chooseStudy(this.definition(name), { ...(methods && { methods }), ...(episodes && { episodes }) });
    checkGrid(study, firstSeed, seeds);
    const { studies, programVersion, newId, nowMs, recordEvent } = this.options;
    const id = newId('study');
    studies.add({ id, study, firstSeed, seeds, state: 'running', error: null, programVersion, createdAtMs: nowMs(), finishedAtMs: null });
    recordEvent({ kind: 'study-started', subjectId: id, message: `Study ${study.name} was started: ${seeds} seeds from ${firstSeed}` });
    this.execute(id);
    return this.get(id);
  }

  async pause(runId: string): Promise<StudyRun> {
    const running = this.running.get(runId);
    if (!running) throw this.refuse(runId, 'paused');
    running.execution.pause();
    this.changes.announce();
    await running.settled;
    return this.get(runId);
  }

  resume(runId: string): StudyRun {
    const stored = this.find(runId);
    if (this.running.has(runId)) throw this.refuse(runId, 'resumed');
    const failures = this.options.studies.failures(runId);
    const retried = failures.filter(({ error }) => error.code !== 'training-diverged');
    if (this.missing(stored).length === failures.length - retried.length) {
      const reason = failures.length > 0 ? 'what is missing would diverge the same way again' : 'every cell is done';
      throw new AppError('conflict', `Study run ${runId} has nothing left to run: ${reason}`, `Look at it: dedgeai study show ${runId}`);
    }
    checkGrid(stored.study, stored.firstSeed, stored.seeds);
    for (const failure of retried) this.options.studies.forgetFailure(runId, failure);
    this.change(runId, { state: 'running', error: null, finishedAtMs: null });
    this.execute(runId);
    return this.get(runId);
  }

  async remove(runId: string): Promise<void> {
    const { study } = this.find(runId);
    if (this.running.has(runId)) throw this.refuse(runId, 'removed');
    this.options.studies.delete(runId);
    await rm(this.folderOf(runId), { recursive: true, force: true });
    this.options.recordEvent({
      kind: 'study-removed',
      subjectId: runId,
      message: `A run of study ${study.name} was removed with its cells`,
    });
    this.changes.announce();
  }

  watch(runId: string, signal: AbortSignal): AsyncIterable<StudyRun> {
    this.find(runId);
    return watchSnapshots(
      {
        read: () => this.get(runId),
        subscribe: (listener) => this.changes.subscribe(listener),
        isLast: ({ state }) => state !== 'running' && state !== 'stopping',
      },
      signal,
    );
  }

  figure(runId: string): StudyFigure {
    const run = this.get(runId);
    const cells = this.cells(runId);
    return {
      run,
      series: buildFigure(run.study, cells),
      paper: run.study.paper,
      failedCells: this.options.studies.failures(runId),
      programVersions: [...new Set(cells.map((cell) => cell.programVersion))].sort(),
      command: commandFor(run, this.list().find(({ name }) => name === run.study.name) ?? null),
    };
  }

  cells(runId: string): StudyCell[] {
    return this.options.studies.cells(this.find(runId).id);
  }

  /** Pauses what runs, so that it can be resumed, and waits until no process is left. */
  async close(): Promise<void> {
    const running = [...this.running.values()];
    const timer = setTimeout(() => running.forEach(({ execution }) => execution.kill()), KILL_AFTER_MS);
    for (const { execution } of running) execution.pause();
    await Promise.all(running.map(({ settled }) => settled));
    clearTimeout(timer);
    await this.discarding;
  }

  private execute(runId: string): void {
    const { studies, trainerPath, slots, programVersion } = this.options;
    const stored = this.find(runId);
    const failed = new Set(studies.failures(runId).map(cellName));
    const folderOf = (key: StudyCellKey): string => join(this.folderOf(runId), cellName(key));
    const execution = new StudyExecution({
      study: stored.study,
      missing: this.missing(stored).filter((key) => !failed.has(cellName(key))),
      trainerPath,
      slots,
      programVersion,
      folderOf,
      keepCell: (cell) => {
        studies.addCells(runId, [cell]);
        this.discard(folderOf(cell));
      },
      keepFailure: (key, error) => studies.addFailure(runId, { ...key, error }),
      onChange: () => this.changes.announce(),
    });
    this.running.set(runId, { execution, settled: execution.ended.then((end) => this.settle(runId, end)) });
    execution.fill();
    this.changes.announce();
  }

  /** A checkpoint that stays is no harm: the run's folder goes when the run is removed. */
  private discard(folder: string): void {
    this.discarding = this.discarding.then(() => rm(folder, { recursive: true, force: true })).catch(() => undefined);
  }

  private settle(runId: string, end: StudyExecutionEnd): void {
    this.running.delete(runId);
    try {
      const stored = this.find(runId);
      const failures = this.options.studies.failures(runId);
      const isComplete = this.missing(stored).length === failures.length;
      const finishedAtMs = this.options.nowMs();
      if (end.outcome === 'stopped') this.change(runId, { state: 'failed', error: end.error, finishedAtMs });
      else if (!isComplete) this.change(runId, { state: 'paused' });
      else if (failures.length === 0) this.change(runId, { state: 'succeeded', finishedAtMs });
      else this.change(runId, { state: 'failed', error: partialFailure(stored, failures), finishedAtMs });
    } catch {
      // The disk is full or gone. What is on record as running and does not run here is told as paused, which it is.
      this.changes.announce();
    }
  }

  private change(runId: string, changed: Partial<StoredStudyRun>): void {
    this.options.studies.update({ ...this.find(runId), ...changed });
    this.changes.announce();
  }

  private describe(stored: StoredStudyRun): StudyRun {
    const { done, failed } = this.options.studies.counts(stored.id);
    const execution = this.running.get(stored.id)?.execution;
    const isInterrupted = stored.state === 'running' && !execution && this.options.isOwner;
    return {
      ...stored,
      state: execution ? (execution.isStopping ? 'stopping' : 'running') : isInterrupted ? 'paused' : stored.state,
      cellCount: stored.study.points.length * stored.study.methods.length * stored.seeds,
      doneCount: done,
      failedCount: failed,
      remainingSec: execution?.remainingSec() ?? null,
    };
  }

  /** Cells that are not done; those that failed are among them. */
  private missing(stored: StoredStudyRun): StudyCellKey[] {
    const done = new Set(this.options.studies.cells(stored.id).map(cellName));
    return listCells(stored).filter((key) => !done.has(cellName(key)));
  }

  private definition(name: string): StudyDefinition {
    const definitions = this.list();
    const found = definitions.find((definition) => definition.name === name);
    if (found) return found;
    throw new AppError(
      'not-found',
      `There is no study “${name}”`,
      `Known: ${definitions.map((definition) => definition.name).join(', ')}.`,
    );
  }

  private find(runId: string): StoredStudyRun {
    const stored = this.options.studies.get(runId);
    if (!stored) throw new AppError('not-found', `There is no study run ${runId}`, 'List the runs to see which there are.');
    return stored;
  }

  private refuse(runId: string, participle: string): AppError {
    const { state } = this.get(runId);
    const hint = this.running.has(runId) ? 'Pause it first.' : 'Only one that runs can be paused.';
    return new AppError('conflict', `Study run ${runId} is ${state} and cannot be ${participle}`, hint);
  }

  private folderOf(runId: string): string {
    return join(this.options.folder, runId);
  }
}

/** Throws `invalid-input` or `not-found` for a point that cannot be planned, and for seeds that are none. */
function checkGrid(study: StudyDefinition, firstSeed: number, seeds: number): void {
  if (firstSeed + seeds - 1 > MAX_SEED) {
    throw new AppError('invalid-input', `Seed ${firstSeed + seeds - 1} is too large`, `Seeds are whole numbers from 0 to ${MAX_SEED}.`);
  }
  for (const key of listCells({ study, firstSeed, seeds: 1 })) planCell(study, key);
}

function partialFailure(
  { study }: StoredStudyRun,
  failures: readonly (StudyCellKey & { error: { message: string } })[],
): StudyRun['error'] {
  const first = failures[0];
  const example = first ? `: ${describeCell(study, first)} (${first.error.message})` : '';
  const others = failures.length > 1 ? ` and ${failures.length - 1} more` : '';
  return new AppError(
    'partial-failure',
    `Cells gave nothing${example}${others}`,
    'The others are kept; the figure leaves these out.',
  ).toShape();
}
