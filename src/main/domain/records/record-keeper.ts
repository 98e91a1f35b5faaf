// Keeps with each run, series, training and study what it was started in.
import type { RecordRepository } from '../../adapters/storage/record-repository.js';
import type { Environment } from '../../../shared/record.js';
import type { RunSpec } from '../../../shared/run.js';
import type { SeriesSpec } from '../../../shared/series.js';
import type { StudyDefinition } from '../../../shared/study.js';
import type { TrainingSpec } from '../../../shared/training.js';
import type { StoredRun } from '../runs/run-store.js';
import { EnvironmentDescriber, type EnvironmentSources, excludedAmong, hashPolicies, toNodeEnvironment } from './describe-environment.js';

interface Grid {
  study: StudyDefinition;
  firstSeed: number;
  seeds: number;
}

export class RecordKeeper {
  readonly #describer: EnvironmentDescriber;

  constructor(
    private readonly records: Pick<RecordRepository, 'keepEnvironment'>,
    sources: EnvironmentSources,
  ) {
    this.#describer = new EnvironmentDescriber(sources);
  }

  /** With the nodes that the run has: one of a series has those that its series started with. */
  keepRun({ id, spec, specSha256, nodesSnapshot, excludedNodes }: StoredRun, learnedPolicies: ReadonlyMap<string, string>): void {
    const now = this.nowOfRun(spec, specSha256, hashPolicies([...learnedPolicies.values()]));
    const testbed = now.testbed && {
      ...{ id: now.testbed.id, name: now.testbed.name, timeScale: now.testbed.timeScale },
      ...excludedAmong(excludedNodes ?? []),
    };
    this.records.keepEnvironment({ kind: 'run', id }, { ...now, testbed, nodes: nodesSnapshot.map(toNodeEnvironment) });
  }

  keepSeries(id: string, spec: SeriesSpec): void {
    this.records.keepEnvironment({ kind: 'series', id }, this.nowOfSeries(spec));
  }

  keepTraining(id: string, spec: TrainingSpec): void {
    this.records.keepEnvironment({ kind: 'training', id }, this.nowOfTraining(spec));
  }

  keepStudy(id: string, grid: Grid): void {
    this.records.keepEnvironment({ kind: 'study', id }, this.nowOfStudy(grid));
  }

  /** What one of the same specification would be made in now; so are the others. */
  nowOfRun(spec: RunSpec, specSha256: string, policySha256: string | null): Environment {
    return this.#describer.ofRun(spec, specSha256, policySha256);
  }

  nowOfSeries(spec: SeriesSpec): Environment {
    return this.#describer.ofSeries(spec);
  }

  nowOfTraining(spec: TrainingSpec): Environment {
    return this.#describer.ofComputation(spec, [spec.seed]);
  }

  nowOfStudy({ study, firstSeed, seeds }: Grid): Environment {
    const all = Array.from({ length: seeds }, (_, index) => firstSeed + index);
    return this.#describer.ofComputation({ study, firstSeed, seeds }, all);
  }
}
