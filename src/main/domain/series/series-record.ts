// What the figures of a series are made from.
import type { LearningAttempt } from '../../../shared/on-the-job.js';
import type { RunSummary } from '../../../shared/run.js';
import type { SeriesCell } from '../../../shared/series.js';
import type { SeriesRunFigures } from './run-figures-of-series.js';

export interface SeriesRecord {
  /** In the order of execution. */
  cells: readonly SeriesCell[];
  /** All runs of the series. */
  runs: readonly Pick<RunSummary, 'id' | 'metrics' | 'isSimulated' | 'timeScale' | 'energy' | 'spec'>[];
  figuresOf(run: Pick<RunSummary, 'id' | 'metrics'>): SeriesRunFigures | null;
  /** Ids of the nodes that a run had. */
  nodesOf(runId: string): string[];
  /** What was learned after the runs, of those after which anything was. */
  learnedAfter(runIds: readonly string[]): ReadonlyMap<string, LearningAttempt>;
  includeInvalid: boolean;
}

/** A run that counts, with what is taken from it. */
export interface Counted {
  cell: SeriesCell;
  run: SeriesRecord['runs'][number];
  figures: SeriesRunFigures;
}
