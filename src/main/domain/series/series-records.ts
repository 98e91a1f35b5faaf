// Series as they are on record, with their runs: read together, the figures of ended runs once.
import type { RunSummary } from '../../../shared/run.js';
import type { SeriesCell, SeriesDetail, SeriesSummary } from '../../../shared/series.js';
import type { SeriesRepository, StoredSeries } from '../../adapters/storage/series-repository.js';
import type { RunService } from '../runs/run-service.js';
import { describeCells } from './series-cells.js';
import { noSuchSeries } from './series-job.js';

export class SeriesRecords {
  readonly #ended = new Map<string, RunSummary>();

  constructor(
    private readonly series: SeriesRepository,
    private readonly service: Pick<RunService, 'idsOfSeries' | 'get' | 'isExecuting'>,
  ) {}

  /** Throws `not-found`. */
  find(id: string): StoredSeries {
    const stored = this.series.get(id);
    if (!stored) throw noSuchSeries(id);
    return stored;
  }

  /** All runs, the warm-ups too, oldest first. */
  runs(id: string): RunSummary[] {
    return this.service.idsOfSeries(id).map((runId) => this.#ended.get(runId) ?? this.#read(runId));
  }

  /** In the order of execution. */
  cells({ id, spec }: StoredSeries, triesSinceMs: number): SeriesCell[] {
    return describeCells(this.series.cells(id), this.runs(id), { ...spec, triesSinceMs });
  }

  #read(runId: string): RunSummary {
    const run = this.service.get(runId);
    // A moment after its end nothing of it changes any more.
    if (run.finishedAtMs !== null && !this.service.isExecuting(runId)) this.#ended.set(runId, run);
    return run;
  }
}

export function summaryOf({ cells: _cells, ...summary }: SeriesDetail): SeriesSummary {
  return summary;
}
