import type { ComparisonInput } from '../../../shared/api/inputs.js';
import type { Comparison } from '../../../shared/comparison.js';
import { AppError } from '../../../shared/errors.js';
import type { RunSummary } from '../../../shared/run.js';
import type { SeriesResult, SeriesSummary } from '../../../shared/series.js';
import type { CostInput } from '../../../shared/api/cost-inputs.js';
import { ASSUMED_COST_SETTINGS, isAssumedCost, type CostReport, type CostSettings } from '../../../shared/cost.js';
import type { CostSettingsRepository } from '../../adapters/storage/cost-settings-repository.js';
import type { NodeSnapshot } from '../runs/run-store.js';
import { buildComparison, buildSeriesComparison } from './build-comparison.js';
import type { PlatformService } from './platform-service.js';
import { costOfRow, findCostRow, priceMeasuredRows } from './price-rows.js';

export interface ComparisonServiceOptions {
  platforms: Pick<PlatformService, 'list'>;
  costs: Pick<CostSettingsRepository, 'get' | 'save'>;
  /** All runs with their figures (RunService.list). */
  listRuns(): RunSummary[];
  getSeries(id: string): SeriesSummary;
  seriesResult(input: { id: string; includeInvalid: boolean }): SeriesResult;
  /** The nodes as they were at the run's start. */
  nodesOf(runId: string): readonly NodeSnapshot[];
}

export class ComparisonService {
  constructor(private readonly options: ComparisonServiceOptions) {}

  /** Throws `not-found` for a run or series that is not there and `conflict` for a chosen one that has not finished. */
  compare(input: ComparisonInput): Comparison {
    return priceMeasuredRows(this.compareDelays(input), this.costSettings().settings);
  }

  costSettings(): { settings: CostSettings; isAssumed: boolean } {
    const settings = this.options.costs.get();
    return { settings: settings ?? ASSUMED_COST_SETTINGS, isAssumed: settings === null };
  }

  saveCostSettings(settings: CostSettings): { settings: CostSettings; isAssumed: boolean } {
    this.options.costs.save(settings);
    return this.costSettings();
  }

  /** What 1,000 images cost on a row, and when that is less than a platform takes. Throws what `compare` throws, and `not-found` for the row. */
  cost({ comparison: input, rowId, settings: asked }: CostInput): CostReport {
    const comparison = this.compareDelays(input);
    const row = findCostRow(comparison.rows, rowId);
    if (!row || (rowId !== null && row.id !== rowId)) {
      throw new AppError(
        'not-found',
        `There is no row ${rowId ?? ''} of your own or the paper's system`,
        'Compare to see which rows there are.',
      );
    }
    const settings = asked ?? this.costSettings().settings;
    return costOfRow(comparison, row, settings, isAssumedCost(settings, this.options.costs.get()));
  }

  private compareDelays(input: ComparisonInput): Comparison {
    if (input.seriesId !== undefined) return this.compareSeries(input.seriesId, input);
    return buildComparison({
      platforms: this.options.platforms.list(),
      measured: this.chooseRuns(input.runIds).map((run) => ({ run, nodes: this.options.nodesOf(run.id) })),
      includeInvalid: input.includeInvalid,
      cloudConcurrency: input.cloudConcurrency,
    });
  }

  private compareSeries(id: string, { includeInvalid, cloudConcurrency }: ComparisonInput): Comparison {
    const { platforms, getSeries, seriesResult } = this.options;
    return buildSeriesComparison({
      platforms: platforms.list(),
      series: getSeries(id),
      result: seriesResult({ id, includeInvalid }),
      cloudConcurrency,
    });
  }

  private chooseRuns(runIds: readonly string[] | null): RunSummary[] {
    const runs = this.options.listRuns();
    if (runIds === null)
      return runs.filter((run) => run.finishedAtMs !== null && run.metrics.totalGenerationDelayMs !== null && !isWarmUp(run));
    const known = new Map(runs.map((run) => [run.id, run]));
    return [...new Set(runIds)].map((id) => {
      const run = known.get(id);
      if (!run) throw new AppError('not-found', `There is no run “${id}” to compare`, 'List the runs to see which there are.');
      if (run.finishedAtMs === null)
        throw new AppError('conflict', `Run “${run.spec.name}” has not finished yet`, 'Compare it when it has ended.');
      return run;
    });
  }
}

/** What a series warms its nodes up by is no measurement. */
function isWarmUp({ series }: RunSummary): boolean {
  return series?.repetition === 0;
}
