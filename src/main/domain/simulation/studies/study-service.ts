// Study runs on record and under way. A cell that is done is in the database before the next one begins; one under way has its checkpoint.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStudyInput, type StartStudyInput } from '../../../../shared/api/study-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { StudyCell, StudyCellKey, StudyDefinition, StudyEstimate, StudyFigure, StudyRun } from '../../../../shared/study.js';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import type { Log } from '../../../adapters/log/log.js';
import type { StoredStudyRun } from '../../../adapters/storage/study-repository.js';
import type { ProcessSlots } from '../training/process-slots.js';
import type { StartTrainer } from '../training/trainer-messages.js';
import { buildFigure } from './build-figure.js';
import { chooseStudy, commandFor } from './choose-study.js';
import { estimateStudy } from './estimate-study.js';
import { exportStudy, type StudyExport, type StudyExportOptions } from './cluster/export-study.js';
import { readResults } from './cluster/read-results.js';
import { readTasks } from './cluster/read-tasks.js';
import { cellName, checkGrid, type StudyGrid } from './cells/study-cells.js';
import { loadStudyDefinitions } from './study-definitions.js';
import { StudyExecution, type StudyExecutionEnd } from './study-execution.js';
import { isSameGrid, mergeResults, type StudyImport } from './study-import.js';
import { StudyRecords, type StudyRecordsOptions } from './study-records.js';

/** A cell that does not pause by itself when the program ends is ended after this long; its last checkpoint stays. */
const KILL_AFTER_MS = 2_500;

export interface StudyServiceOptions extends StudyRecordsOptions {
  /** resources/studies. */
  definitionsFolder: string;
  /** Folder of the checkpoints of cells under way, one folder a run. */
  folder: string;
  startTrainer: StartTrainer;
  /** The folder of package.json, for a copy of the program. */
  programDir: string;
  /** Shared with the trainings. */
  slots: ProcessSlots;
  /** Whether this program has the data folder to itself: what is on record as running and does not run here was interrupted. */
  isOwner: boolean;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  log?: Log;
}

export class StudyService {
  private readonly running = new Map<string, { execution: StudyExecution; settled: Promise<void> }>();
  private readonly changes = new ChangeTopic();
  private readonly records: StudyRecords;
  /** Checkpoints being thrown away, one after the other. */
  private discarding = Promise.resolve();

  constructor(private readonly options: StudyServiceOptions) {
    this.records = new StudyRecords(options);
    options.slots.onFree(() => {
      for (const { execution } of this.running.values()) execution.fill();
    });
  }

  /** Definitions that the program ships, in the order of the paper. */
  list(): StudyDefinition[] {
    return loadStudyDefinitions(this.options.definitionsFolder);
  }

  /** What a start with this input would take. Throws as `start` does. */
  estimate(input: StartStudyInput): StudyEstimate {
    const { studies, slots } = this.options;
    const measured = studies.list().map(({ id, study }) => ({ study, cells: studies.cells(id) }));
    return estimateStudy(this.plan(input), measured, slots.count);
  }

  /** Runs on record, newest first. */
  runs(): StudyRun[] {
    return this.options.studies.list().map((stored) => this.describe(stored));
  }

  /** Those that run now. */
  listOpen(): StudyRun[] {
    return [...this.running.keys()].map((runId) => this.get(runId));
  }

  /** Throws `not-found`. */
  get(runId: string): StudyRun {
    return this.describe(this.records.find(runId));
  }

  /** Checks every field and begins; cells run side by side on the cores that no training uses. Throws `not-found`, `invalid-input`. */
  start(input: StartStudyInput): StudyRun {
    const grid = this.plan(input);
    const id = this.records.add(grid, 'running');
    const message = `Study ${grid.study.name} was started: ${grid.seeds} seeds from ${grid.firstSeed}`;
    this.options.recordEvent({ kind: 'study-started', subjectId: id, message });
    this.execute(id);
    return this.get(id);
  }

  /** Lets no new cell begin; the cells under way are kept as checkpoints. Throws `conflict` where it does not run. */
  async pause(runId: string): Promise<StudyRun> {
    const running = this.running.get(runId);
    if (!running) throw this.refuse(runId, 'paused');
    running.execution.pause();
    this.changes.announce();
    await running.settled;
    return this.get(runId);
  }

  /** Runs what is missing; cells that are done stay, and so do those that diverged. Throws `conflict` where nothing is to be run. */
  resume(runId: string): StudyRun {
    const stored = this.records.find(runId);
    if (this.running.has(runId)) throw this.refuse(runId, 'resumed');
    const failures = this.options.studies.failures(runId);
    const retried = failures.filter(({ error }) => error.code !== 'training-diverged');
    if (this.records.missing(stored).length === failures.length - retried.length) {
      const reason = failures.length > 0 ? 'what is missing would diverge the same way again' : 'every cell is done';
      throw new AppError(
        'conflict',
        `Study run ${runId} has nothing left to run: ${reason}`,
        `Look at it: npm run cli -- study show ${runId}`,
      );
    }
    checkGrid(stored);
    for (const failure of retried) this.options.studies.forgetFailure(runId, failure);
    this.records.change(runId, { state: 'running', error: null, finishedAtMs: null });
    this.execute(runId);
    return this.get(runId);
  }

  /** Throws `conflict` while it runs. */
  async remove(runId: string): Promise<void> {
    const { study } = this.records.find(runId);
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

  /** Yields the run at once and after each change (conflated), and ends when it no longer runs. */
  watch(runId: string, signal: AbortSignal): AsyncIterable<StudyRun> {
    this.records.find(runId);
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
    return this.options.studies.cells(this.records.find(runId).id);
  }

  /** Writes the study as a folder for a cluster that has Slurm; nothing is put on record. Throws as `start`, `conflict`, `io`, `unsupported`. */
  async exportForCluster(
    input: StartStudyInput,
    options: Pick<StudyExportOptions, 'folder' | 'withProgram' | 'maxAtOnce'>,
  ): Promise<StudyExport> {
    const { programDir, programVersion } = this.options;
    return exportStudy(this.plan(input), { ...options, programDir, programVersion });
  }

  /** Merges what came back into the run of the same study, methods and seeds, or into a new one. Throws `invalid-input`, `io`, `conflict`. */
  async importResults(folder: string): Promise<StudyImport> {
    const grid = await readTasks(join(folder, 'tasks.json'));
    const results = await readResults(join(folder, 'results'), grid);
    const same = this.options.studies.list().find((stored) => isSameGrid(stored, grid));
    if (same && this.running.has(same.id)) throw this.refuse(same.id, 'added to');
    const runId = same?.id ?? this.records.add(grid, 'paused');
    const { studies } = this.options;
    const merged = mergeResults(results, { cells: studies.cells(runId), failures: studies.failures(runId) });
    studies.addCells(runId, merged.cells);
    for (const failure of merged.failures) studies.addFailure(runId, failure);
    for (const cell of merged.cells) this.discard(join(this.folderOf(runId), cellName(cell)));
    this.records.settle(runId, null);
    this.changes.announce();
    const message = `${merged.cells.length} cells of study ${grid.study.name} were imported`;
    this.options.recordEvent({ kind: 'study-imported', subjectId: runId, message });
    const { refused } = results;
    return { run: this.get(runId), isNew: !same, added: merged.cells.length, failed: merged.failures.length, known: merged.known, refused };
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

  private plan(input: StartStudyInput): StudyGrid {
    const { study: name, firstSeed, seeds, methods, episodes } = startStudyInput.parse(input);
    const study = chooseStudy(this.definition(name), { ...(methods && { methods }), ...(episodes && { episodes }) });
    const grid = { study, firstSeed, seeds };
    checkGrid(grid);
    return grid;
  }

  private execute(runId: string): void {
    const { studies, startTrainer, slots, programVersion, log } = this.options;
    const stored = this.records.find(runId);
    const failed = new Set(studies.failures(runId).map(cellName));
    const folderOf = (key: StudyCellKey): string => join(this.folderOf(runId), cellName(key));
    const execution = new StudyExecution({
      study: stored.study,
      missing: this.records.missing(stored).filter((key) => !failed.has(cellName(key))),
      startTrainer,
      slots,
      programVersion,
      folderOf,
      keepCell: (cell) => {
        studies.addCells(runId, [cell]);
        this.discard(folderOf(cell));
      },
      keepFailure: (key, error) => studies.addFailure(runId, { ...key, error }),
      onChange: () => this.changes.announce(),
      ...(log && { log }),
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
      this.records.settle(runId, end.outcome === 'stopped' ? end.error : null);
    } catch {
      // The disk is full or gone. What is on record as running and does not run here is told as paused, which it is.
    }
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

  private refuse(runId: string, participle: string): AppError {
    const { state } = this.get(runId);
    const hint = this.running.has(runId) ? 'Pause it first.' : 'Only one that runs can be paused.';
    return new AppError('conflict', `Study run ${runId} is ${state} and cannot be ${participle}`, hint);
  }

  private folderOf(runId: string): string {
    return join(this.options.folder, runId);
  }
}
