// Reads what reports are made of from the services that have it, and has the pure builders make parts of a document of it.
import { computeNodeTimelines } from '../../../scheduling/metrics/run-metrics.js';
import type { ComparisonInput } from '../../../shared/api/inputs.js';
import { quoteWord } from '../../../shared/command-line.js';
import type { Comparison } from '../../../shared/comparison.js';
import { countedRuns } from '../../../shared/describe-run-comparison.js';
import { AppError, assertNever, notThere } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import type { BinItem } from '../../../shared/bin.js';
import { nameTraining } from '../../../shared/name-training.js';
import type { ReportSource } from '../../../shared/report-composition.js';
import type { RunSummary, TaskRecord } from '../../../shared/run.js';
import type { PolicyDetail, Training } from '../../../shared/training.js';
import type { RunComparisonService } from '../run-comparison/run-comparison-service.js';
import type { RunPrediction } from '../../../shared/twin.js';
import type { ComparisonService } from '../comparison/comparison-service.js';
import type { TestbedService } from '../nodes/testbed/testbed-service.js';
import type { RunService } from '../runs/run-service.js';
import type { LoadedRun } from '../runs/run-store.js';
import type { SeriesService } from '../series/series-service.js';
import type { StudyService } from '../simulation/studies/study-service.js';
import type { TrainingService } from '../simulation/training/training-service.js';
import { buildComparisonPart, type ComparisonMarks } from './documents/comparison-document.js';
import { buildGallerySection, type GalleryRun } from './documents/gallery-document.js';
import { nameRun, type RunReportData } from './documents/report-data.js';
import type { ReportSection } from './documents/report-section.js';
import { buildRunComparisonPart } from './documents/run-comparison-document.js';
import { buildRunPart } from './documents/run-document.js';
import { buildSeriesPart, type SeriesReportData } from './documents/series-document.js';
import { buildStudyPart } from './documents/study-document.js';
import { buildTestbedPart } from './documents/testbed-document.js';
import { buildTrainingPart, type TrainingPart } from './documents/training-document.js';

export interface ReportSourcesOptions {
  runs: Pick<RunService, 'get'>;
  store: { getRun(id: string): LoadedRun | null; listTasks(runId: string): TaskRecord[] };
  comparison: Pick<ComparisonService, 'compare'>;
  runComparison: Pick<RunComparisonService, 'compare' | 'timelines'>;
  series: Pick<SeriesService, 'get' | 'result'>;
  trainings: Pick<TrainingService, 'get' | 'curve' | 'detail'>;
  studies: Pick<StudyService, 'get' | 'figure' | 'cells'>;
  testbeds: Pick<TestbedService, 'getAny'>;
  /** Everything that is in the bin. */
  listBin(): readonly BinItem[];
  /** What the twin of its testbed says of a run. */
  twin: { prediction(runId: string, signal: AbortSignal): Promise<RunPrediction> };
  /** What a model of this hash is called here; null for one that is not on record. */
  nameModel(sha256: string): string | null;
}

/** Unseen episodes that a policy is measured on for a report. */
const POLICY_EPISODES = 5;

type RecordedSource = Exclude<ReportSource, { kind: 'text' }>;

export class ReportSources {
  readonly #options: ReportSourcesOptions;
  /** Measuring a policy takes seconds, and a checkpoint does not change. */
  readonly #details = new Map<string, PolicyDetail>();

  constructor(options: ReportSourcesOptions) {
    this.#options = options;
  }

  /** What one block shows now. Throws `not-found` where its record is gone, and what its service throws. */
  async section(source: RecordedSource, signal: AbortSignal): Promise<ReportSection> {
    const { testbeds, studies } = this.#options;
    switch (source.kind) {
      case 'run':
        return buildRunPart(await this.#runFor(source, signal), source.part);
      case 'series':
        return this.#seriesPart(source);
      case 'training':
        return this.#trainingPart(source, signal);
      case 'study':
        return buildStudyPart({ figure: studies.figure(source.id), cells: studies.cells(source.id) }, source.part);
      case 'testbed':
        return buildTestbedPart(testbeds.getAny(source.id), source.part);
      case 'table-v':
        return buildComparisonPart(...this.#comparisonPart(source));
      case 'comparison':
        return this.#runComparisonPart(source);
      case 'gallery':
        return buildGallerySection(
          source.runIds.map((id) => this.#galleryRun(id)),
          source.prompts,
          source.rows,
        );
      default:
        return assertNever(source);
    }
  }

  /** The records of a block that are in the bin: their figures are there until it is emptied. */
  inBin(source: RecordedSource): BinItem[] {
    const bin = this.#options.listBin();
    return recordsOf(source).filter(({ kind, id }) => bin.some((item) => item.kind === kind && item.id === id));
  }

  /** What the record of a block is called; null where a block is about no single one. Throws `not-found`. */
  nameOf(source: ReportSource): string | null {
    const { runs, series, trainings, studies, testbeds } = this.#options;
    switch (source.kind) {
      case 'run':
        return nameRun(runs.get(source.id));
      case 'series':
        return series.get(source.id).spec.name;
      case 'training':
        return nameTraining(trainings.get(source.id).spec);
      case 'study': {
        const { study } = studies.get(source.id);
        return study.figure ?? study.title;
      }
      case 'testbed':
        return testbeds.getAny(source.id).name;
      case 'table-v':
        return source.comparison.seriesId === undefined ? null : series.get(source.comparison.seriesId).spec.name;
      case 'comparison':
        return `${formatQuantity(source.comparison.runIds.length, 'run')} compared`;
      case 'gallery':
        return source.runIds.map((id) => nameRun(runs.get(id))).join(', ');
      case 'text':
        return null;
      default:
        return assertNever(source);
    }
  }

  run(id: string): RunReportData {
    const run = this.#options.runs.get(id);
    const stored = this.#options.store.getRun(id);
    if (!stored) throw notThere('run', id);
    const tasks = this.#options.store.listTasks(id);
    const timelines = computeNodeTimelines(stored.nodesSnapshot, tasks);
    return { run, programVersion: stored.programVersion, nodes: stored.nodesSnapshot, tasks, timelines };
  }

  /** With what the twin says of it, but for runs that it can't simulate. */
  async runWithPrediction(id: string, signal: AbortSignal): Promise<RunReportData> {
    const data = this.run(id);
    try {
      return { ...data, prediction: await this.#options.twin.prediction(id, signal) };
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code !== 'cancelled') return data;
      throw thrown;
    }
  }

  comparison(input: ComparisonInput): { comparison: Comparison; marks: ComparisonMarks } {
    const comparison = this.#options.comparison.compare(input);
    const shownIds = new Set(comparison.rows.flatMap((row) => row.delaySec.flatMap(({ runIds }) => runIds)));
    const runs = [...shownIds].map((id) => this.#options.runs.get(id));
    const marks = {
      // Else they are left out of the figures, also of those of a series that names them.
      invalidRunIds: new Set(runs.filter(({ validity }) => input.includeInvalid && !validity.isValid).map(({ id }) => id)),
      asOfMs: runs.reduce<number | null>((newest, { finishedAtMs }) => Math.max(newest ?? 0, finishedAtMs ?? 0), null),
      commandOptions: optionsOf(input),
    };
    return { comparison, marks };
  }

  async #runFor({ id, part }: Extract<ReportSource, { kind: 'run' }>, signal: AbortSignal): Promise<RunReportData> {
    if (part !== 'prediction') return this.run(id);
    return { ...this.run(id), prediction: await this.#options.twin.prediction(id, signal) };
  }

  #comparisonPart({ comparison: input, part }: Extract<ReportSource, { kind: 'table-v' }>) {
    const { comparison, marks } = this.comparison(input);
    return [comparison, part, marks] as const;
  }

  #runComparisonPart({ comparison: input, part }: Extract<ReportSource, { kind: 'comparison' }>): ReportSection {
    const comparison = this.#options.runComparison.compare(input);
    const counted = countedRuns(comparison).map(({ id }) => id);
    const timelines = part === 'timeline' ? this.#options.runComparison.timelines(counted) : [];
    return buildRunComparisonPart({ comparison, timelines, input }, part);
  }

  #seriesPart({ id, part }: Extract<ReportSource, { kind: 'series' }>): ReportSection {
    if (part === 'table-v') {
      const { comparison, marks } = this.comparison({ runIds: null, seriesId: id, includeInvalid: false, cloudConcurrency: 1 });
      return buildComparisonPart(comparison, 'table', marks);
    }
    const series = this.#options.series.get(id);
    const data: SeriesReportData = {
      series,
      result: this.#options.series.result({ id, includeInvalid: false }),
      runs: series.cells.flatMap(({ runId }) => (runId === null ? [] : this.#runIfThere(runId))),
    };
    return buildSeriesPart(data, part);
  }

  #runIfThere(id: string): RunSummary[] {
    try {
      return [this.#options.runs.get(id)];
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not-found') return [];
      throw thrown;
    }
  }

  async #trainingPart({ id, part }: { id: string; part: TrainingPart }, signal: AbortSignal): Promise<ReportSection> {
    const { trainings } = this.#options;
    const training = trainings.get(id);
    const curve = part === 'curve' ? trainings.curve(id, 1) : [];
    const detail = part === 'policy' && training.checkpointEpisodes > 0 ? await this.#policyDetail(training, signal) : null;
    return buildTrainingPart({ training, curve, detail }, part);
  }

  async #policyDetail({ id, checkpointEpisodes }: Training, signal: AbortSignal): Promise<PolicyDetail> {
    const key = `${id} ${checkpointEpisodes}`;
    const known = this.#details.get(key);
    if (known) return known;
    const measured = await this.#options.trainings.detail({ id, episodes: POLICY_EPISODES, choice: 'drawn' }, signal);
    this.#details.set(key, measured);
    return measured;
  }

  #galleryRun(id: string): GalleryRun {
    const { run, tasks, nodes } = this.run(id);
    const hashes = [...new Set(nodes.flatMap(({ worker }) => worker?.modelSha256 ?? []))];
    const names = hashes.map((sha256) => this.#options.nameModel(sha256) ?? `model ${sha256.slice(0, 12)}`);
    return { run, tasks, model: names.length > 0 ? names.join(', ') : null };
  }
}

function recordsOf(source: RecordedSource): BinItem[] {
  switch (source.kind) {
    case 'table-v':
      return source.comparison.seriesId === undefined ? [] : [{ kind: 'series', id: source.comparison.seriesId }];
    case 'comparison':
      return source.comparison.runIds.map((id) => ({ kind: 'run', id }));
    case 'gallery':
      return source.runIds.map((id) => ({ kind: 'run', id }));
    default:
      return [{ kind: source.kind, id: source.id }];
  }
}

function optionsOf(input: ComparisonInput): string {
  return [
    input.runIds === null ? '' : ` --run ${input.runIds.map(quoteWord).join(' ')}`,
    input.seriesId === undefined ? '' : ` --series ${quoteWord(input.seriesId)}`,
    input.cloudConcurrency === 1 ? '' : ` --concurrency ${input.cloudConcurrency}`,
    input.includeInvalid ? ' --include-invalid' : '',
  ].join('');
}
