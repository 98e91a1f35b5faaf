// Study runs on record and under way. A cell that is done is in the database before the next one starts; one under way has its checkpoint.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStudyInput, type StartStudyInput } from '../../../../shared/api/study-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import { formatQuantity } from '../../../../shared/format.js';
import { isOpenState } from '../../../../shared/job.js';
import type { StudyCell, StudyCellKey, StudyDefinition, StudyEstimate, StudyFigure, StudyRun } from '../../../../shared/study.js';
import { bytesIn } from '../../../foundation/bytes-in.js';
import type { Log } from '../../../adapters/log/log.js';
import type { StudyRepository } from '../../../adapters/storage/study-repository.js';
import { eventOfEnd } from '../../jobs/event-of-end.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { JobContext, JobEnd, KindJob, NewJob } from '../../jobs/job-kind.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
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
import { StudyExecution } from './study-execution.js';
import { isSameGrid, mergeResults, type StudyImport } from './study-import.js';
import { studyJobs } from './study-job.js';
import { StudyRecords } from './study-records.js';

export interface StudyServiceOptions {
  studies: StudyRepository;
  jobs: JobEngine;
  programVersion: string;
  /** Puts on record what a study run is made in. */
  keepEnvironment?(id: string, grid: StudyGrid): void;
  newId(prefix: string): string;
  /** resources/studies. */
  definitionsFolder: string;
  /** Folder of the checkpoints of cells under way, one folder a run. */
  folder: string;
  startTrainer: StartTrainer;
  /** The folder of package.json, for a copy of the program. */
  programDir: string;
  /** Shared with the trainings. */
  slots: ProcessSlots;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  log?: Log;
}

export class StudyService {
  /** Those under way, by the ids of their runs. */
  private readonly executions = new Map<string, StudyExecution>();
  private readonly jobs: JobsOfKind<null>;
  private readonly records: StudyRecords;
  /** Checkpoints being thrown away, one after the other. */
  private discarding = Promise.resolve();

  constructor(private readonly options: StudyServiceOptions) {
    this.records = new StudyRecords(options.studies);
    this.jobs = options.jobs.plugIn(
      studyJobs({
        run: (context) => this.execute(context),
        prepareResume: (runId) => this.prepareResume(runId),
        describe: (runId) => this.describeProgress(runId),
        onEnd: (job) => this.recordEnd(job),
      }),
    );
    options.slots.onFree(() => {
      for (const execution of this.executions.values()) execution.fill();
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

  /** Newest first. */
  runs(): StudyRun[] {
    return this.jobs.heads().map(({ id }) => this.get(id));
  }

  /** Throws `not-found`. */
  get(runId: string): StudyRun {
    return this.describe(this.jobs.get(runId));
  }

  /** Checks every field and starts; cells run side by side on the cores that no training uses. Throws `not-found`, `invalid-input`. */
  start(input: StartStudyInput): StudyRun {
    return this.startNew(this.plan(input));
  }

  /** A new run of the same definition, methods and seeds, as they stood. Throws `invalid-input` where this program no longer takes them. */
  startAgain(runId: string): StudyRun {
    const { study, firstSeed, seeds } = this.records.find(runId);
    checkGrid({ study, firstSeed, seeds });
    return this.startNew({ study, firstSeed, seeds });
  }

  private startNew(grid: StudyGrid): StudyRun {
    const job = this.jobs.start(this.addRun(grid));
    const message = `Study “${grid.study.name}” of ${formatQuantity(grid.seeds, 'seed')} from ${grid.firstSeed} was started.`;
    this.options.recordEvent({ kind: 'study-started', subjectId: job.id, message });
    return this.describe(job);
  }

  /** Lets no new cell start; the cells under way are kept as checkpoints. Throws `conflict` where it does not run. */
  async pause(runId: string): Promise<StudyRun> {
    await this.jobs.pause(runId);
    return this.get(runId);
  }

  /** Runs what is missing; cells that are done stay, and so do those that diverged. Throws `conflict` where nothing is to be run. */
  resume(runId: string): StudyRun {
    if (!isOpenState(this.jobs.get(runId).state)) this.records.requireMissing(runId);
    return this.get(this.jobs.resume(runId));
  }

  /** Bytes of the files that go when it is removed. */
  sizeOnDisk(runId: string): Promise<number> {
    return bytesIn(this.folderOf(runId));
  }

  /** Throws `conflict` while it runs. */
  async remove(runId: string): Promise<void> {
    const { study } = this.records.find(runId);
    this.jobs.remove(runId);
    await rm(this.folderOf(runId), { recursive: true, force: true });
    const message = `A run of study “${study.name}” was removed with its cells.`;
    this.options.recordEvent({ kind: 'study-removed', subjectId: runId, message });
  }

  /** Yields the run at once and after each change (conflated), and ends when it no longer runs. */
  watch(runId: string, signal: AbortSignal): AsyncIterable<StudyRun> {
    return this.jobs.watch(runId, signal, (job) => this.describe(job));
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
    if (same && this.executions.has(same.id)) {
      throw new AppError('conflict', `Study run ${same.id} is running and cannot be added to`, 'Pause it first.');
    }
    const runId = same?.id ?? this.jobs.record(this.addRun(grid), { state: 'paused' }).id;
    const { studies } = this.options;
    const merged = mergeResults(results, { cells: studies.cells(runId), failures: studies.failures(runId) });
    studies.addCells(runId, merged.cells);
    for (const failure of merged.failures) studies.addFailure(runId, failure);
    for (const cell of merged.cells) this.discard(join(this.folderOf(runId), cellName(cell)));
    this.jobs.amend(runId, this.records.end(runId, null));
    const message = `${merged.cells.length} cells of study “${grid.study.name}” were imported.`;
    this.options.recordEvent({ kind: 'study-imported', subjectId: runId, message });
    const { refused } = results;
    return { run: this.get(runId), isNew: !same, added: merged.cells.length, failed: merged.failures.length, known: merged.known, refused };
  }

  /** Resolves when no checkpoint is left to be thrown away; runs end with the other jobs. */
  async close(): Promise<void> {
    await this.discarding;
  }

  private plan(input: StartStudyInput): StudyGrid {
    const { study: name, firstSeed, seeds, methods, episodes } = startStudyInput.parse(input);
    const study = chooseStudy(this.definition(name), { ...(methods && { methods }), ...(episodes && { episodes }) });
    const grid = { study, firstSeed, seeds };
    checkGrid(grid);
    return grid;
  }

  /** Puts the run's own part on record; returns what its job starts with. */
  private addRun(grid: StudyGrid): NewJob<null> {
    const { studies, programVersion, newId } = this.options;
    const id = newId('study');
    this.options.keepEnvironment?.(id, grid);
    studies.add({ id, ...grid, programVersion });
    return { id, title: 'Run study', subject: { kind: 'study', id, name: grid.study.name }, detail: null };
  }

  private recordEnd(job: KindJob<null>): void {
    const event = eventOfEnd(`Study “${job.subject.name}”`, job);
    if (event) this.options.recordEvent(event);
  }

  private prepareResume(runId: string): void {
    this.records.requireMissing(runId);
    checkGrid(this.records.find(runId));
    for (const failure of this.options.studies.failures(runId)) {
      if (failure.error.code !== 'training-diverged') this.options.studies.forgetFailure(runId, failure);
    }
  }

  private async execute(context: JobContext<null>): Promise<JobEnd> {
    const { id: runId, pausing, cancelling } = context;
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
      onChange: () => context.change(),
      ...(log && { log }),
    });
    this.executions.set(runId, execution);
    try {
      pausing.addEventListener('abort', () => execution.pause(), { once: true });
      cancelling.addEventListener('abort', () => execution.kill(), { once: true });
      execution.fill();
      const end = await execution.ended;
      return this.records.end(runId, end.outcome === 'stopped' ? end.error : null);
    } finally {
      this.executions.delete(runId);
    }
  }

  /** A checkpoint that stays is no harm: the run's folder goes when the run is removed. */
  private discard(folder: string): void {
    this.discarding = this.discarding.then(() => rm(folder, { recursive: true, force: true })).catch(() => undefined);
  }

  private describe({ id, state, error, createdAtMs, finishedAtMs }: KindJob<null>): StudyRun {
    const stored = this.records.find(id);
    const { done, failed } = this.options.studies.counts(id);
    return {
      ...stored,
      imported: this.options.studies.originOf(id),
      ...{ state, error, createdAtMs, finishedAtMs },
      cellCount: countCells(stored),
      doneCount: done,
      failedCount: failed,
      remainingSec: this.executions.get(id)?.remainingSec() ?? null,
    };
  }

  private describeProgress(runId: string): { done: number; total: number; remainingSec: number | null } {
    const { done, failed } = this.options.studies.counts(runId);
    const total = countCells(this.records.find(runId));
    return { done: done + failed, total, remainingSec: this.executions.get(runId)?.remainingSec() ?? null };
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

  private folderOf(runId: string): string {
    return join(this.options.folder, runId);
  }
}

function countCells({ study, seeds }: StudyGrid): number {
  return study.points.length * study.methods.length * seeds;
}
