// What a series takes from each of its runs: read from the rows once, for an ended run does not change.
import type { MeasuredTask, RunSummary } from '../../../shared/run.js';
import { meanOf } from '../../../shared/mean-interval.js';
import { percentileOf } from '../../../shared/percentiles.js';

/** The percentiles of a series: the median and two of the tail. */
export const PERCENTILES = [0.5, 0.95, 0.99] as const;

export interface SeriesRunFigures {
  /** Model seconds. */
  totalSec: number;
  /** 0..1; null where there is no bound. */
  efficiency: number | null;
  controlShare: number | null;
  /** Model seconds. */
  meanServiceSec: number;
  /** In the order of PERCENTILES, model seconds; null where the run has too few tasks for one. */
  percentilesSec: (number | null)[];
}

export class RunFiguresOfSeries {
  readonly #known = new Map<string, SeriesRunFigures | null>();

  constructor(private readonly listMeasured: (runId: string) => MeasuredTask[]) {}

  /** Of an ended run; null where no task of it succeeded. */
  of(run: Pick<RunSummary, 'id' | 'metrics'>): SeriesRunFigures | null {
    const known = this.#known.get(run.id);
    if (known !== undefined) return known;
    const figures = figuresOf(run.metrics, this.listMeasured(run.id));
    this.#known.set(run.id, figures);
    return figures;
  }
}

function figuresOf(metrics: RunSummary['metrics'], tasks: readonly MeasuredTask[]): SeriesRunFigures | null {
  const services = tasks.flatMap(({ state, delays }) => (state === 'succeeded' && delays ? [delays.serviceMs / 1000] : []));
  if (services.length === 0 || metrics.totalGenerationDelayMs === null) return null;
  const sorted = Float64Array.from(services).sort();
  return {
    totalSec: metrics.totalGenerationDelayMs / 1000,
    efficiency: metrics.efficiency,
    controlShare: metrics.machine.controlShare,
    meanServiceSec: meanOf(services),
    percentilesSec: PERCENTILES.map((percentile) => percentileOf(sorted, percentile)),
  };
}
