// Series as the window and the terminal command them.
import type { z } from 'zod';
import type { moveInput } from '../../../shared/api/run-queue-inputs.js';
import type { extendSeriesInput, reorderSeriesInput, seriesResultInput } from '../../../shared/api/series-inputs.js';
import type { Dataset } from '../../../shared/dataset.js';
import { AppError } from '../../../shared/errors.js';
import { isOpenState } from '../../../shared/job.js';
import type { LearningAttempt } from '../../../shared/on-the-job.js';
import type { SeriesCell, SeriesDetail, SeriesEstimate } from '../../../shared/series.js';
import type { SeriesExportFormat, SeriesResult, SeriesSpec, SeriesSummary } from '../../../shared/series.js';
import type { SeriesRepository, StoredSeries } from '../../adapters/storage/series-repository.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { JobEngine } from '../jobs/job-engine.js';
import type { JobContext, JobEnd, KindJob } from '../jobs/job-kind.js';
import type { JobsOfKind } from '../jobs/jobs-of-kind.js';
import type { RunService } from '../runs/run-service.js';
import type { PlannedStarts } from '../runs/planned-starts.js';
import type { LoadedRun, RunStore } from '../runs/run-store.js';
import { cutCells, extendCells, reorderCells } from './change-plan.js';
import { estimateSeries, type ImageSize, requireStartable } from './estimate-series.js';
import { exportSeries } from './export-series.js';
import { planSeries } from './plan-series.js';
import { remainingSeriesSec } from './remaining-time.js';
import { RunFiguresOfSeries } from './run-figures-of-series.js';
import { countCells, isOpenRun } from './series-cells.js';
import { SeriesExecution, type SeriesExecutionPorts } from './series-execution.js';
import { endOfSeries, NEW_SERIES_JOB, type SeriesJobDetail, seriesJobs } from './series-job.js';
import { SeriesRecords, summaryOf } from './series-records.js';
import { buildSeriesResult } from './series-result.js';
import { TestbedTurns } from './testbed-turns.js';

export interface SeriesServiceOptions extends SeriesExecutionPorts {
  series: SeriesRepository;
  runs: RunService;
  planned: PlannedStarts;
  /** What the figures of its runs are computed from. */
  store: Pick<RunStore, 'listMeasured'> & { getRun(id: string): LoadedRun | null };
  getDataset(id: string): Dataset;
  /** What an image of the testbed takes on disk. */
  imageSize(testbedId: string): ImageSize;
  /** Of the data folder; null where the file system does not say. */
  freeBytes(): number | null;
  jobs: JobEngine;
  programVersion: string;
  /** What was learned after the runs, of those after which anything was. */
  learnedAfter(runIds: readonly string[]): ReadonlyMap<string, LearningAttempt>;
  /** Why a training's policy can't learn on the job; null where it can, or the training is not there. */
  learningProblem(trainingId: string): string | null;
  /** Puts on record what a series is made in. */
  keepEnvironment?(id: string, spec: SeriesSpec): void;
  newId(prefix: string): string;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  /** Wall clock, whole epoch ms. */
  nowMs(): number;
}

export class SeriesService {
  readonly #options: SeriesServiceOptions;
  readonly #records: SeriesRecords;
  readonly #figures: RunFiguresOfSeries;
  readonly #jobs: JobsOfKind<SeriesJobDetail>;
  readonly #turns = new TestbedTurns();
  readonly #executions = new Map<string, SeriesExecution>();
  #isClosing = false;

  constructor(options: SeriesServiceOptions) {
    this.#options = options;
    this.#records = new SeriesRecords(options.series, options.runs);
    this.#figures = new RunFiguresOfSeries((runId) => options.store.listMeasured(runId));
    this.#jobs = options.jobs.plugIn(
      seriesJobs({ run: (context) => this.#execute(context), describe: (id) => this.#progress(id), nowMs: () => options.nowMs() }),
    );
  }

  /** Names of the series with this dataset that have not ended, paused ones with them. */
  unfinishedOf(datasetId: string): string[] {
    return this.list()
      .filter(({ spec, state }) => spec.datasetId === datasetId && (isOpenState(state) || state === 'paused'))
      .map(({ spec }) => spec.name);
  }

  /** Newest first. */
  list(): SeriesSummary[] {
    return this.#jobs.heads().map(({ id }) => summaryOf(this.get(id)));
  }

  /** Throws `not-found`. */
  get(id: string): SeriesDetail {
    return this.#describe(this.#jobs.get(id));
  }

  /** What a start would take, and what of it would be invalid. Throws `not-found` for testbed and dataset. */
  estimate(spec: SeriesSpec): SeriesEstimate {
    const { runs, getTestbed, imageSize, freeBytes, learningProblem } = this.#options;
    return estimateSeries(spec, {
      testbed: getTestbed(spec.testbedId),
      estimateRun: (run) => runs.estimate(run),
      earlierRuns: runs.list().filter((run) => run.spec.testbedId === spec.testbedId),
      image: imageSize(spec.testbedId),
      learningProblem,
      freeBytes: freeBytes(),
    });
  }

  /** Freezes the plan and starts, or waits for its time and the testbed. Throws `invalid-input` for what can't run, `not-found`. */
  start({ startAtMs, ...spec }: SeriesSpec & { startAtMs?: number | undefined }): SeriesDetail {
    const { series, programVersion, newId, recordEvent, planned } = this.#options;
    if (startAtMs !== undefined) planned.check(startAtMs);
    const estimate = this.estimate(spec);
    requireStartable(estimate, spec);
    const id = newId('series');
    const [testbedName, datasetName] = [this.#options.getTestbed(spec.testbedId).name, this.#options.getDataset(spec.datasetId).name];
    this.#options.keepEnvironment?.(id, spec);
    series.add({ id, spec, testbedName, datasetName, programVersion }, planSeries(spec));
    if (startAtMs !== undefined) planned.plan(id, startAtMs);
    this.#jobs.start({ id, title: 'Run series', subject: { kind: 'series', id, name: spec.name }, detail: NEW_SERIES_JOB });
    const how = startAtMs === undefined ? 'started' : `planned for ${new Date(startAtMs).toISOString()}`;
    recordEvent({ kind: 'series-started', subjectId: id, message: `Series “${spec.name}” of ${estimate.runCount} runs was ${how}.` });
    return this.get(id);
  }

  /** Pauses the run under way with it. Resolves when nothing of it is in progress on any node. Throws `conflict` where it does not run. */
  async pause(id: string): Promise<SeriesDetail> {
    const { state, detail } = this.#jobs.get(id);
    // One that the end of a program interrupted would continue with the next.
    if (state === 'paused') this.#jobs.amend(id, { state }, { ...detail, isHeld: true });
    else await this.#jobs.pause(id);
    return this.get(id);
  }

  /** Cells that are done stay; those that were given up get their tries again. Throws `conflict` where nothing can be resumed. */
  resume(id: string): SeriesDetail {
    // Who resumes one after its time does not want it to wait.
    if (this.#options.planned.of(id)?.isMissed) this.#options.planned.forget(id);
    return this.get(this.#jobs.resume(id));
  }

  /** Cancels the run under way and gives up the rest; what was measured stays. */
  async cancel(id: string): Promise<SeriesDetail> {
    await this.#jobs.cancel(id);
    this.#options.planned.forget(id);
    const open = this.#records.runs(id).find(isOpenRun);
    if (open) await this.#options.runs.stopNow(open.id);
    return this.get(id);
  }

  /** Throws `conflict` while it runs or waits, or a run of it is paused. */
  requireRemovable(id: string): void {
    this.#jobs.requireRemovable(id);
    const open = this.#jobs.get(id).state === 'paused' ? this.#records.runs(id).find(isOpenRun) : undefined;
    if (open)
      throw new AppError('conflict', `Run “${open.spec.name}” of the series is not finished`, 'Cancel the series before removing it.');
  }

  /** Its runs stay, as runs of their own. Throws as `requireRemovable`. */
  remove(id: string): void {
    const { spec } = this.#records.find(id);
    this.requireRemovable(id);
    this.#jobs.remove(id);
    this.#options.planned.forget(id);
    this.#options.recordEvent({ kind: 'series-removed', subjectId: id, message: `Series “${spec.name}” was removed; its runs stay.` });
  }

  /** Gives a series that waits for a time another one; null starts it now, when its testbed is free. Throws `conflict`, `invalid-input`. */
  reschedule(id: string, startAtMs: number | null): SeriesDetail {
    this.#options.planned.reschedule(id, `Series “${this.#records.find(id).spec.name}”`, startAtMs);
    return this.#changed(id);
  }

  /** Lets a waiting series come before others that wait for its testbed, or after them. Kept while the program runs. Throws `conflict`. */
  move({ id, to, places }: z.output<typeof moveInput>): SeriesDetail {
    const { spec } = this.#records.find(id);
    const problem = this.#turns.move(spec.testbedId, id, { to, places });
    if (problem !== null) throw new AppError('conflict', `Series “${spec.name}” can't come ${to}: ${problem}`);
    return this.#changed(id);
  }

  /** Takes the named blocks before all others that wait. Throws `invalid-input` for one that does not wait. */
  reorder({ id, blocks }: z.output<typeof reorderSeriesInput>): SeriesDetail {
    this.#options.series.replaceCells(id, reorderCells(this.#cells(id), blocks));
    return this.#changed(id);
  }

  /** Cuts the series short: blocks of which no run was started go, the one under way is finished, so that what is there can be compared. */
  finishBlock(id: string): SeriesDetail {
    const { spec, cells } = cutCells(this.#records.find(id).spec, this.#cells(id));
    this.#options.series.replaceCells(id, cells, spec);
    return this.#changed(id);
  }

  /** Adds repetitions, and what was cut before; a series that does not run is resumed. */
  extend({ id, repetitions }: z.output<typeof extendSeriesInput>): SeriesDetail {
    const { spec, cells } = extendCells(this.#records.find(id).spec, this.#cells(id), repetitions);
    this.#options.series.replaceCells(id, cells, spec);
    if (isOpenState(this.#jobs.get(id).state)) return this.#changed(id);
    if (this.#jobs.get(id).state !== 'paused') this.#jobs.amend(id, { state: 'paused' });
    return this.resume(id);
  }

  /** Throws `not-found`. */
  result({ id, includeInvalid }: z.output<typeof seriesResultInput>): SeriesResult {
    const stored = this.#records.find(id);
    return buildSeriesResult(stored, {
      cells: this.#cells(id),
      runs: this.#records.runs(id),
      figuresOf: (run) => this.#figures.of(run),
      learnedAfter: (runIds) => this.#options.learnedAfter(runIds),
      nodesOf: (runId) => (this.#options.store.getRun(runId)?.nodesSnapshot ?? []).map((node) => node.id),
      includeInvalid,
    });
  }

  /** Every task of every run as a row (`csv`), or the plan with its figures (`json`): both always of valid and invalid runs, marked. */
  export(id: string, format: SeriesExportFormat): ExportedDocument {
    return exportSeries(
      {
        series: this.get(id),
        results: [false, true].map((includeInvalid) => this.result({ id, includeInvalid })),
        runs: this.#records.runs(id),
        listMeasured: (runId) => this.#options.store.listMeasured(runId),
      },
      format,
    );
  }

  /** Yields the series at once and after each change (conflated), and ends when it no longer runs. */
  watch(id: string, signal: AbortSignal): AsyncIterable<SeriesDetail> {
    return this.#jobs.watch(id, signal, (job) => this.#describe(job));
  }

  /** What a queued series waits for. Throws `not-found`. */
  waitOf(id: string): Pick<SeriesSummary, 'plannedStart'> & { behind: SeriesSummary['waitsBehind'] } {
    const plannedStart = this.#options.planned.of(id);
    return { behind: this.#turns.ahead(this.#records.find(id).spec.testbedId, id), ...(plannedStart && { plannedStart }) };
  }

  /** The series that has the testbed, between its runs too; null where none has. */
  holderOf(testbedId: string): { id: string; name: string } | null {
    return this.#turns.holder(testbedId);
  }

  /** Continues what the end of the program interrupted, in the order in which it was started. */
  recover(): void {
    for (const { id } of this.#jobs.heads().reverse()) {
      const { state, detail } = this.#jobs.get(id);
      if (state === 'paused' && !detail.isHeld) this.#jobs.resume(id);
    }
  }

  /** What ends from now on ends with the program: it is no wish of a person, and runs are left as they are. */
  prepareToClose(): void {
    this.#isClosing = true;
  }

  async #execute(context: JobContext<SeriesJobDetail>): Promise<JobEnd> {
    const { id, pausing, cancelling } = context;
    const stored = this.#records.find(id);
    const signal = AbortSignal.any([pausing, cancelling]);
    const execution = this.#makeExecution(stored, context);
    const { planned } = this.#options;
    // What waits for no time is in its testbed's queue as soon as it is started.
    const missed = (): void => context.change();
    if (planned.of(id)) await planned.wait(id, signal, { what: `Series “${stored.spec.name}”`, missed }).then(() => context.change());
    const giveBack = await this.#turns.take(stored.spec.testbedId, { id, name: stored.spec.name }, signal);
    if (!giveBack) return this.#stopped(context, null);
    this.#executions.set(id, execution);
    try {
      context.start();
      await execution.run(signal);
      return this.#end(id);
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
      if (this.#isClosing) return { state: 'paused' };
      if (cancelling.aborted) {
        await execution.stopRun(AbortSignal.timeout(STOP_MS));
        return { state: 'cancelled' };
      }
      return this.#stopped(context, await execution.pauseRun(cancelling));
    } finally {
      this.#executions.delete(id);
      giveBack();
    }
  }

  #makeExecution(stored: StoredSeries, context: JobContext<SeriesJobDetail>): SeriesExecution {
    const { runs, getTestbed, nodesOf, untilConnected, readCelsius, learn, nowMs } = this.#options;
    return new SeriesExecution({
      series: stored,
      ...{ runs, getTestbed, nodesOf, untilConnected, readCelsius, learn, nowMs },
      listRuns: () => this.#records.runs(stored.id),
      cells: () => this.#cells(stored.id),
      pausedRunId: context.detail.pausedRunId,
      changed: () => context.change(),
      log: (text) => context.log(text),
    });
  }

  /** Before its turn or after its run: by a person unless the program ends. */
  #stopped(context: JobContext<SeriesJobDetail>, pausedRunId: string | null): JobEnd {
    if (context.cancelling.aborted && !this.#isClosing) return { state: 'cancelled' };
    if (!this.#isClosing) context.change({ ...context.detail, isHeld: true, pausedRunId });
    return { state: 'paused' };
  }

  #end(id: string): JobEnd {
    const { spec } = this.#records.find(id);
    const counts = countCells(this.#cells(id));
    const message = `Series “${spec.name}” has ended: ${counts.valid} of ${counts.total} cells are valid.`;
    this.#options.recordEvent({ kind: 'series-ended', subjectId: id, message });
    return endOfSeries(id, spec, counts);
  }

  /** Who watches is told of a plan that changed. */
  #changed(id: string): SeriesDetail {
    this.#jobs.announce();
    return this.get(id);
  }

  #cells(id: string): SeriesCell[] {
    return this.#records.cells(this.#records.find(id), this.#jobs.get(id).detail.triesSinceMs);
  }

  #describe({ id, state, error, detail, createdAtMs, startedAtMs, finishedAtMs }: KindJob<SeriesJobDetail>): SeriesDetail {
    const stored = this.#records.find(id);
    const cells = this.#records.cells(stored, detail.triesSinceMs);
    const isOpen = isOpenState(state);
    const { behind: waitsBehind, plannedStart } = this.waitOf(id);
    return {
      ...stored,
      imported: this.#options.series.originOf(id),
      ...(plannedStart && { plannedStart }),
      ...{ state, error, createdAtMs, startedAtMs, finishedAtMs },
      waitsBehind,
      counts: countCells(cells),
      phase: this.#executions.get(id)?.phase ?? null,
      remainingSec: isOpen ? remainingSeriesSec(stored.spec, cells, this.#records.runs(id)) : null,
      cells,
    };
  }

  #progress(id: string): { done: number; total: number; remainingSec: number | null } {
    const { counts, remainingSec } = this.get(id);
    return { done: counts.valid + counts.invalid + counts.failed, total: counts.total, remainingSec };
  }
}

/** Real ms that nodes may take to end what they compute of a series that is canceled. */
const STOP_MS = 60_000;
