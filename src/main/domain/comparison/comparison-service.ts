import type { ComparisonInput } from '../../../shared/api/inputs.js';
import type { Comparison } from '../../../shared/comparison.js';
import { AppError } from '../../../shared/errors.js';
import type { RunSummary } from '../../../shared/run.js';
import type { PlatformRepository } from '../../adapters/storage/platform-repository.js';
import type { NodeSnapshot } from '../runs/run-store.js';
import { buildComparison } from './build-comparison.js';

export interface ComparisonServiceOptions {
  platforms: PlatformRepository;
  /** All runs with their figures (RunService.list). */
  listRuns(): RunSummary[];
  /** The nodes as they were at the run's start. */
  nodesOf(runId: string): readonly NodeSnapshot[];
}

export class ComparisonService {
  constructor(private readonly options: ComparisonServiceOptions) {}

  /** Throws `not-found` for a run that is not there and `conflict` for a chosen one that has not finished. */
  compare(input: ComparisonInput): Comparison {
    return buildComparison({
      platforms: this.options.platforms.list(),
      measured: this.chooseRuns(input.runIds).map((run) => ({ run, nodes: this.options.nodesOf(run.id) })),
      includeInvalid: input.includeInvalid,
      cloudConcurrency: input.cloudConcurrency,
    });
  }

  private chooseRuns(runIds: readonly string[] | null): RunSummary[] {
    const runs = this.options.listRuns();
    if (runIds === null) return runs.filter((run) => run.finishedAtMs !== null && run.metrics.totalGenerationDelayMs !== null);
    return [...new Set(runIds)].map((id) => {
      const run = runs.find((candidate) => candidate.id === id);
      if (!run) throw new AppError('not-found', `There is no run ${id} to compare`, 'List the runs to see which there are.');
      if (run.finishedAtMs === null)
        throw new AppError('conflict', `Run “${run.spec.name}” has not finished yet`, 'Compare it when it has ended.');
      return run;
    });
  }
}
