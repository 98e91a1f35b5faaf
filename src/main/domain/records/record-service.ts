// Records of runs, series, trainings and studies: what each was made in, what would differ now, and doing it again.
import type { ReproduceInput } from '../../../shared/api/record-inputs.js';
import type { Dataset } from '../../../shared/dataset.js';
import { AppError, assertNever } from '../../../shared/errors.js';
import { isOpenState } from '../../../shared/job.js';
import { nameTraining } from '../../../shared/name-training.js';
import type { Environment, LinkedRecord, RecordDetail, RecordRef, Reproduction, ReproducePlan } from '../../../shared/record.js';
import type { RunSpec, RunSummary } from '../../../shared/run.js';
import type { SeriesSpec } from '../../../shared/series.js';
import type { Testbed } from '../../../shared/testbed.js';
import type { RecordRepository } from '../../adapters/storage/record-repository.js';
import type { RunService } from '../runs/run-service.js';
import type { LoadedRun } from '../runs/run-store.js';
import type { SeriesService } from '../series/series-service.js';
import type { StudyService } from '../simulation/studies/study-service.js';
import type { TrainingService } from '../simulation/training/training-service.js';
import { compareCells, compareCurves, compareTotals, type OutcomeComparison } from './compare-outcomes.js';
import { compareEnvironments } from './compare-environments.js';
import { hashOf, hashPolicies } from './describe-environment.js';
import { computationAsKnown, partialEnvironment } from './partial-environment.js';
import {
  asRunAlone,
  findBlockers,
  type Needed,
  noteSpecification,
  planReproduction,
  type Present,
  type Subject,
  withoutLearning,
} from './plan-reproduction.js';
import type { RecordKeeper } from './record-keeper.js';

export interface RecordServiceOptions {
  records: RecordRepository;
  keeper: RecordKeeper;
  runs: RunService;
  series: SeriesService;
  trainings: TrainingService;
  studies: StudyService;
  getRun(id: string): LoadedRun | null;
  findTestbed(id: string): Testbed | null;
  listDatasets(): Dataset[];
}

/** What a kind's record says, whether it was kept or has to be put together. */
interface Known {
  name: string;
  hasEnded: boolean;
  then: Environment;
  isKept: boolean;
}

export class RecordService {
  readonly #options: RecordServiceOptions;

  constructor(options: RecordServiceOptions) {
    this.#options = options;
  }

  /** Throws `not-found`. */
  get(ref: RecordRef): RecordDetail {
    const { records } = this.#options;
    const { name } = this.#known(ref);
    const originalId = records.originalOf(ref);
    return {
      ...ref,
      name,
      environment: records.environmentOf(ref),
      imported: records.originOf(ref),
      againOf: originalId === null ? null : this.#reproduction({ ...ref, id: originalId }, ref),
      reproductions: records.reproductionsOf(ref).map((id) => this.#reproduction(ref, { ...ref, id })),
    };
  }

  /** What doing it again would be now; starts nothing. Throws `not-found`. */
  async plan(ref: RecordRef): Promise<ReproducePlan> {
    const { keeper, runs, series, trainings, studies } = this.#options;
    const { name, then, isKept } = this.#known(ref);
    const subject: Subject = { ...ref, name, specSha256: then.specSha256, record: isKept ? 'kept' : 'partial' };
    switch (ref.kind) {
      case 'run': {
        const { spec: recorded, testbedName, datasetName } = runs.get(ref.id);
        const spec = asRunAlone(recorded);
        const needed = { ...needsOf(spec), testbedName, datasetName, trainingIds: spec.trainingId === undefined ? [] : [spec.trainingId] };
        const { present, again } = this.#again(spec, needed, then);
        const now = keeper.nowOfRun(again, hashOf(again), await this.#policySha256(spec.trainingId));
        const plan = withoutLearning(recorded, this.#planOn(subject, { needed, present, then, now }));
        if (plan.blockers.length > 0) return plan;
        const { problems, overload, warnings } = runs.estimate(again);
        return { ...plan, overload, warnings, blockers: problems.map(toBlocker) };
      }
      case 'series': {
        const { spec, testbedName, datasetName } = series.get(ref.id);
        const trainingIds = spec.schedulers.flatMap(({ trainingId }) => (trainingId === undefined ? [] : [trainingId]));
        const needed = { ...needsOf(spec), testbedName, datasetName, trainingIds };
        const { present, again } = this.#again(spec, needed, then);
        const plan = this.#planOn(subject, { needed, present, then, now: keeper.nowOfSeries(again) });
        if (plan.blockers.length > 0) return plan;
        const { problems, overloads, warnings } = series.estimate(again);
        const overload = spec.allowOverload ? null : (overloads[0] ?? null);
        return { ...plan, overload, warnings, blockers: problems.map(toBlocker) };
      }
      case 'training':
        return planReproduction(subject, { then, now: keeper.nowOfTraining(trainings.get(ref.id).spec) });
      case 'study': {
        const { study, firstSeed, seeds } = studies.get(ref.id);
        return planReproduction(subject, { then, now: keeper.nowOfStudy({ study, firstSeed, seeds }) });
      }
      default:
        return assertNever(ref.kind);
    }
  }

  /** Starts one of the same specification. Throws `conflict` with what is missing, `invalid-input` for an overload that is not allowed. */
  async reproduce({ allowOverload, ...ref }: ReproduceInput): Promise<RecordRef> {
    const { records } = this.#options;
    const { blockers, overload } = await this.plan(ref);
    const [blocker] = blockers;
    if (blocker) throw new AppError('conflict', `It can't be done again: ${blocker.message}`, blocker.hint);
    if (overload !== null && !allowOverload) {
      throw new AppError(
        'invalid-input',
        `It can't be done again: ${overload}`,
        'To start it all the same, allow the overload (--allow-overload).',
      );
    }
    const id = await this.#start(ref, allowOverload);
    records.addReproduction({ ...ref, id }, ref.id);
    return { kind: ref.kind, id };
  }

  async #start({ kind, id }: RecordRef, allowOverload: boolean): Promise<string> {
    const { runs, series, trainings, studies } = this.#options;
    switch (kind) {
      case 'run': {
        const { spec: recorded, testbedName, datasetName } = runs.get(id);
        const spec = asRunAlone(recorded);
        const { again } = this.#again(
          spec,
          { ...needsOf(spec), testbedName, datasetName, trainingIds: [] },
          this.#known({ kind, id }).then,
        );
        return (await runs.start({ ...again, allowOverload })).id;
      }
      case 'series': {
        const { spec, testbedName, datasetName } = series.get(id);
        const { again } = this.#again(
          spec,
          { ...needsOf(spec), testbedName, datasetName, trainingIds: [] },
          this.#known({ kind, id }).then,
        );
        return series.start(allowOverload ? { ...again, allowOverload } : again).id;
      }
      case 'training':
        return trainings.startAgain(id).id;
      case 'study':
        return studies.startAgain(id).id;
      default:
        return assertNever(kind);
    }
  }

  #planOn(
    subject: Subject,
    { needed, present, then, now }: { needed: Needed; present: Present; then: Environment; now: Environment },
  ): ReproducePlan {
    const blockers = findBlockers(needed, present);
    return planReproduction(subject, { then, now, blockers, specificationNotes: noteSpecification(needed, present) });
  }

  /** The specification as it can be started here: with the same dataset under another id, where it is here so. */
  #again<Spec extends RunSpec | SeriesSpec>(spec: Spec, needed: Needed, then: Environment): { present: Present; again: Spec } {
    const { findTestbed, listDatasets, trainings } = this.#options;
    const datasets = listDatasets();
    const dataset = datasets.find(({ id }) => id === needed.datasetId) ?? null;
    const sha256 = then.dataset?.sha256 ?? null;
    const isSame = (each: Dataset): boolean => each.sha256 === sha256 && each.promptCount === then.dataset?.promptCount;
    const sameDataset = dataset === null && sha256 !== null ? (datasets.find(isSame) ?? null) : null;
    const known = new Set(trainings.list().map(({ id }) => id));
    const present: Present = { testbed: findTestbed(needed.testbedId), dataset, sameDataset, hasTraining: (id) => known.has(id) };
    return { present, again: sameDataset ? { ...spec, datasetId: sameDataset.id } : spec };
  }

  async #policySha256(trainingId: string | undefined): Promise<string | null> {
    if (trainingId === undefined) return null;
    return this.#options.trainings.schedulingPolicies(trainingId).then(hashPolicies, () => null);
  }

  #reproduction(original: RecordRef, again: RecordRef): Reproduction {
    const [first, second] = [this.#find(original), this.#find(again)];
    const compared =
      first && second
        ? { ...compareEnvironments(first.then, second.then), isSameSpecification: first.then.specSha256 === second.then.specSha256 }
        : { differences: [], unknown: ['everything'], isSameEnvironment: false, isSameSpecification: false };
    const haveEnded = first?.hasEnded === true && second?.hasEnded === true;
    const outcome = haveEnded ? this.#compareOutcomes(original, again) : null;
    return {
      original: linked(original, first),
      again: linked(again, second),
      ...compared,
      isBitEqual: outcome?.isBitEqual ?? null,
      outcome: outcome?.outcome ?? null,
    };
  }

  #compareOutcomes(original: RecordRef, again: RecordRef): OutcomeComparison | null {
    const { runs, trainings, studies } = this.#options;
    switch (original.kind) {
      case 'run': {
        const total = ({ metrics }: RunSummary): number | null => metrics.totalGenerationDelayMs;
        return compareTotals(total(runs.get(original.id)), total(runs.get(again.id)));
      }
      case 'series':
        return null;
      case 'training':
        return compareCurves(trainings.curve(original.id, 1), trainings.curve(again.id, 1));
      case 'study':
        return compareCells(studies.cells(original.id), studies.cells(again.id));
      default:
        return assertNever(original.kind);
    }
  }

  #find(ref: RecordRef): Known | null {
    try {
      return this.#known(ref);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not-found') return null;
      throw thrown;
    }
  }

  /** Throws `not-found`. */
  #known(ref: RecordRef): Known {
    const { records, runs, series, trainings, studies, getRun } = this.#options;
    const kept = records.environmentOf(ref);
    const known = (name: string, hasEnded: boolean, partial: () => Environment): Known => {
      return { name, hasEnded, then: kept ?? partial(), isKept: kept !== null };
    };
    switch (ref.kind) {
      case 'run': {
        const summary = runs.get(ref.id);
        return known(summary.spec.name, summary.finishedAtMs !== null, () => partialEnvironment(getRun(ref.id) as LoadedRun));
      }
      case 'series': {
        const { spec, state, programVersion, datasetName } = series.get(ref.id);
        return known(spec.name, !isOpenState(state) && state !== 'paused', () => ({
          ...computationAsKnown({ specSha256: hashOf(spec), seeds: [spec.seed], programVersion }),
          testbed: this.#testbedOfSeries(ref.id),
          dataset: { id: spec.datasetId, name: datasetName, sha256: null, promptCount: null },
          nodes: this.#nodesOfSeries(ref.id),
        }));
      }
      case 'training': {
        const { spec, state, programVersion } = trainings.get(ref.id);
        const partial = (): Environment => computationAsKnown({ specSha256: hashOf(spec), seeds: [spec.seed], programVersion });
        return known(nameTraining(spec), !isOpenState(state) && state !== 'paused', partial);
      }
      case 'study': {
        const { study, firstSeed, seeds, state, programVersion } = studies.get(ref.id);
        const specSha256 = hashOf({ study, firstSeed, seeds });
        return known(study.name, !isOpenState(state) && state !== 'paused', () =>
          computationAsKnown({ specSha256, seeds: [firstSeed], programVersion }),
        );
      }
      default:
        return assertNever(ref.kind);
    }
  }

  #testbedOfSeries(id: string): Environment['testbed'] {
    const [first] = this.#options.runs.idsOfSeries(id);
    const run = first === undefined ? null : this.#options.getRun(first);
    return run ? partialEnvironment(run).testbed : null;
  }

  /** As its first run had them. */
  #nodesOfSeries(id: string): Environment['nodes'] {
    const [first] = this.#options.runs.idsOfSeries(id);
    const run = first === undefined ? null : this.#options.getRun(first);
    return run ? partialEnvironment(run).nodes : [];
  }
}

function needsOf({ testbedId, datasetId }: RunSpec | SeriesSpec): Pick<Needed, 'testbedId' | 'datasetId'> {
  return { testbedId, datasetId };
}

function toBlocker(problem: string): { message: string; hint: string } {
  return { message: problem, hint: 'Then look again.' };
}

function linked(ref: RecordRef, known: Known | null): LinkedRecord {
  return { ...ref, name: known?.name ?? null, hasEnded: known?.hasEnded ?? true };
}
