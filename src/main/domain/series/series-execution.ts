// A series under way: starts the runs of its cells one after the other and waits for each. What it has done is in the table of runs, so it
// can be stopped at any moment and continues from there.
import { AppError } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import { asStartedWith, type KeptNode, nodesInUse } from '../../../shared/node-use.js';
import type { RunSummary } from '../../../shared/run.js';
import { nameSeriesScheduler, type SeriesCell, type SeriesScheduler } from '../../../shared/series.js';
import type { RunSeriesCell, SeriesCellKey } from '../../../shared/series-cell.js';
import type { Testbed } from '../../../shared/testbed.js';
import type { StoredSeries } from '../../adapters/storage/series-repository.js';
import type { RunService } from '../runs/run-service.js';
import { coolDown } from './cool-down.js';
import { specOfCell, specOfWarmUp } from './plan-series.js';
import { isOpenRun } from './series-cells.js';

/** What a series asks of the testbed that it runs on. */
export interface SeriesExecutionPorts {
  getTestbed(id: string): Testbed;
  /** What a series was started with; null where that is not on record, absent where no one keeps it. */
  nodesOf?: ((seriesId: string) => readonly KeptNode[] | null) | undefined;
  /** Resolves when the testbed's nodes answer, or after a bounded wait. */
  untilConnected(testbedId: string): Promise<void>;
  /** Hottest sensor of the testbed's nodes, degrees Celsius; null where none has any. */
  readCelsius(testbedId: string, signal: AbortSignal): Promise<number | null>;
  /** Of a row that learns on the job: learns from what its runs have shown since, and resolves with the training that decides now. */
  learn(row: LearningRow, signal: AbortSignal): Promise<string>;
}

export interface SeriesExecutionOptions extends SeriesExecutionPorts {
  series: StoredSeries;
  runs: Pick<RunService, 'start' | 'pause' | 'resume' | 'stopNow' | 'standstill' | 'remove' | 'get' | 'ended'>;
  /** All runs of the series, oldest first. */
  listRuns(): RunSummary[];
  /** Its cells as they are now: others may move, add or cut them meanwhile. */
  cells(): SeriesCell[];
  /** The run that this series paused, to be resumed before anything else; null where it paused none. */
  pausedRunId: string | null;
  changed(): void;
  log(text: string): void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

/** A row that learns on the job, and its runs that count, oldest first. */
export interface LearningRow {
  testbedId: string;
  /** That the row names. */
  trainingId: string;
  runIds: readonly string[];
}

/** Cells that are given up one after the other before the series is: what fails them will fail the others, too. */
const MAX_GIVEN_UP_IN_A_ROW = 3;

export class SeriesExecution {
  readonly #options: SeriesExecutionOptions;
  #phase: string | null = null;
  #runId: string | null = null;
  #givenUpInARow = 0;

  constructor(options: SeriesExecutionOptions) {
    this.#options = options;
  }

  /** What is being done now, in words. */
  get phase(): string | null {
    return this.#phase;
  }

  /** Runs what is waiting. Rejects with the signal's reason, leaving the run under way as it is: see `pauseRun` and `stopRun`. */
  async run(signal: AbortSignal): Promise<void> {
    const { series, untilConnected, listRuns } = this.#options;
    this.#enter('Connecting to the nodes');
    await orAborted(untilConnected(series.spec.testbedId), signal);
    const open = listRuns().find(isOpenRun);
    if (open) await this.#finishOpen(open, signal);
    else if (this.#nextCell()) await this.#warmUp(signal);
    for (let cell = this.#nextCell(); cell; cell = this.#nextCell()) {
      await this.#coolDown(signal);
      // Others may have moved or cut it meanwhile.
      const next = this.#nextCell();
      if (next) await this.#runCell(next, signal);
    }
    this.#enter(null);
  }

  /** Lets nodes finish what they compute and the run stand still, or takes back one that has not started. Returns the id of the run that is paused. */
  async pauseRun(signal: AbortSignal): Promise<string | null> {
    const { runs } = this.#options;
    const id = this.#runId;
    if (id === null) return null;
    this.#enter('Pausing');
    const { state } = runs.get(id);
    if (state === 'queued') {
      await this.#withdraw(id, signal);
      return null;
    }
    if (state !== 'running' && state !== 'paused') return null;
    await runs.pause(id);
    await runs.standstill(id, signal);
    return id;
  }

  /** Cancels what computes; resolves when the run has ended. */
  async stopRun(signal: AbortSignal): Promise<void> {
    const { runs } = this.#options;
    const id = this.#runId;
    if (id === null || !isOpenRun(runs.get(id))) return;
    if (runs.get(id).state === 'queued') return this.#withdraw(id, signal);
    await runs.stopNow(id);
    await runs.ended(id, signal);
  }

  /** A run that waits for its testbed has measured nothing: it leaves no trace. */
  async #withdraw(id: string, signal: AbortSignal): Promise<void> {
    const { runs } = this.#options;
    await runs.stopNow(id);
    const { startedAtMs } = await runs.ended(id, signal);
    if (startedAtMs === null) await runs.remove(id);
  }

  #nextCell(): SeriesCell | null {
    return this.#options.cells().find(({ state }) => state === 'waiting') ?? null;
  }

  async #finishOpen(run: RunSummary, signal: AbortSignal): Promise<void> {
    const { runs, pausedRunId } = this.#options;
    this.#runId = run.id;
    this.#enter(run.spec.name);
    if (run.state === 'paused' && run.id === pausedRunId) await runs.resume(run.id);
    await this.#end(run.id, run.series, signal);
  }

  async #warmUp(signal: AbortSignal): Promise<void> {
    const { series, getTestbed, nodesOf } = this.#options;
    const { warmUpTasksPerNode, testbedId } = series.spec;
    const testbed = getTestbed(testbedId);
    const kept = nodesOf?.(series.id);
    const tasks = warmUpTasksPerNode * nodesInUse(kept ? asStartedWith(testbed, kept) : testbed).length;
    if (tasks === 0) return;
    await this.#runToEnd('Warming up', specOfWarmUp(series.spec, tasks), { condition: 0, scheduler: 0, repetition: 0 }, signal);
  }

  async #runCell(cell: SeriesCell, signal: AbortSignal): Promise<void> {
    const { spec } = this.#options.series;
    const [condition, scheduler] = [spec.conditions[cell.condition], spec.schedulers[cell.scheduler]];
    const again = cell.tries > 0 ? `, try ${cell.tries + 1}` : '';
    const trainingId = scheduler?.learning === undefined ? scheduler?.trainingId : await this.#learn(cell, scheduler, signal);
    const name = scheduler ? nameSeriesScheduler({ ...scheduler, trainingId }) : '';
    const phase = `${name}, |N| = ${condition?.taskCount}, repetition ${cell.repetition}${again}`;
    await this.#runToEnd(phase, specOfCell(spec, cell, trainingId), cell, signal);
  }

  /** From the runs that count: an invalid one is made again, by the same version. */
  async #learn(cell: SeriesCell, { trainingId = '' }: SeriesScheduler, signal: AbortSignal): Promise<string> {
    const { series, cells, listRuns, learn } = this.#options;
    const counting = new Set(
      cells().flatMap(({ scheduler, state, runId }) =>
        scheduler === cell.scheduler && (state === 'valid' || state === 'invalid') ? [runId] : [],
      ),
    );
    const runIds = listRuns().flatMap(({ id }) => (counting.has(id) ? [id] : []));
    if (runIds.length === 0) return trainingId;
    signal.throwIfAborted();
    this.#enter(`Learning from ${formatQuantity(runIds.length, 'run')} of the series`);
    return await learn({ testbedId: series.spec.testbedId, trainingId, runIds }, signal);
  }

  async #runToEnd(phase: string, spec: RunSummary['spec'], key: SeriesCellKey, signal: AbortSignal): Promise<void> {
    const { series, runs } = this.#options;
    const { condition, scheduler, repetition } = key;
    signal.throwIfAborted();
    this.#enter(phase);
    // A warm-up measures nothing, so nothing is spoiled by a machine that is too slow for it.
    const allowOverload = series.spec.allowOverload || repetition === 0;
    const run = await runs.start({ ...spec, allowOverload }, { seriesId: series.id, condition, scheduler, repetition });
    this.#runId = run.id;
    this.#options.changed();
    await this.#end(run.id, run.series, signal);
  }

  async #end(runId: string, cell: RunSeriesCell | null, signal: AbortSignal): Promise<void> {
    const { runs, changed, cells, log } = this.#options;
    const { state, validity, spec } = await runs.ended(runId, signal);
    this.#runId = null;
    changed();
    if (state === 'succeeded' && validity.isValid) {
      this.#givenUpInARow = 0;
      return;
    }
    log(`Run ${runId} “${spec.name}” ${state === 'succeeded' ? 'is invalid' : `has ${state}`}: ${validity.reasons.join(' ')}`);
    const standing = cells().find((each) => cell !== null && isSameCell(each, cell))?.state;
    if (standing === 'failed' || (standing === 'invalid' && !this.#options.series.spec.keepInvalid)) this.#noteGivenUp(validity.reasons);
  }

  #noteGivenUp(reasons: readonly string[]): void {
    this.#givenUpInARow += 1;
    if (this.#givenUpInARow < MAX_GIVEN_UP_IN_A_ROW) return;
    throw new AppError(
      'partial-failure',
      `${MAX_GIVEN_UP_IN_A_ROW} cells in a row have no valid run, the last because: ${reasons.join(' ')}`,
      'Remove the cause, then resume the series: cells that are done stay. Or take invalid runs with --keep-invalid.',
    );
  }

  async #coolDown(signal: AbortSignal): Promise<void> {
    const { series, listRuns, readCelsius, nowMs, log } = this.#options;
    const { coolDown: rest, testbedId } = series.spec;
    await coolDown(
      {
        rest,
        sinceMs: listRuns().reduce<number | null>((last, { finishedAtMs }) => maxOf(last, finishedAtMs), null),
        readCelsius: (until) => readCelsius(testbedId, until),
        phase: (text) => this.#enter(text),
        log,
        nowMs,
      },
      signal,
    );
  }

  #enter(phase: string | null): void {
    this.#phase = phase;
    this.#options.changed();
  }
}

function isSameCell(a: SeriesCellKey, b: SeriesCellKey): boolean {
  return a.condition === b.condition && a.scheduler === b.scheduler && a.repetition === b.repetition;
}

function maxOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** What can't be canceled itself is not waited for any longer. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    work.then(resolve, reject);
  });
  signal.throwIfAborted();
}
