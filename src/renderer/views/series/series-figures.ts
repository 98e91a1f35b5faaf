// From the result of a series to its tables and its chart. Pure.
import type { ChartSeries } from '../../../shared/chart-description.js';
import { formatInterval, formatNumber } from '../../../shared/format.js';
import type {
  SeriesCellResult,
  SeriesDifference,
  SeriesFigure,
  SeriesPercentile,
  SeriesResult,
  SeriesSpec,
} from '../../../shared/series.js';
import { nameCondition, nameScheduler } from './describe-series.js';

/** A mean with half its interval, each as text; `reason` says why there is neither. */
export interface FigureText {
  mean: string;
  halfWidth: string | null;
  reason: string | null;
}

export function textOfFigure(figure: SeriesFigure | null, reason = 'No run counts.'): FigureText {
  if (!figure) return { mean: '–', halfWidth: null, reason };
  return { mean: formatNumber(figure.mean, 1), halfWidth: halfWidthOf(figure, (value) => formatNumber(value, 1)), reason: null };
}

/** In percent, which the head of its column says. */
export function textOfShare(figure: SeriesFigure | null, reason: string): FigureText {
  if (!figure) return { mean: '–', halfWidth: null, reason };
  const format = (value: number): string => formatNumber(value * 100, 1);
  return { mean: format(figure.mean), halfWidth: halfWidthOf(figure, format), reason: null };
}

export function textOfPercentile(percentile: SeriesPercentile): FigureText {
  return percentile.figure ? textOfFigure(percentile.figure) : { mean: '–', halfWidth: null, reason: percentile.hidden };
}

function halfWidthOf({ halfWidth95 }: SeriesFigure, format: (value: number) => string): string | null {
  return halfWidth95 === null ? null : `± ${format(halfWidth95)}`;
}

export type SeriesMeasure = 'total' | 'efficiency' | 'service';

export const SERIES_MEASURES: { value: SeriesMeasure; label: string; axis: string }[] = [
  { value: 'total', label: 'Total', axis: 'Total generation delay (s, model time)' },
  { value: 'efficiency', label: 'Efficiency', axis: 'Lower bound / total (%)' },
  { value: 'service', label: 'Mean service', axis: 'Mean service delay (s, model time)' },
];

/** How many times as high as the lowest bar the highest may be for all of them to be read from zero. */
const MAX_LINEAR_SPAN = 20;

/** Conditions of 1 and of 1,000 tasks need an axis of powers; bars that are close to each other mislead on one, which has no zero. */
export function scaleOf(series: readonly ChartSeries[]): 'linear' | 'logarithmic' {
  const values = series.flatMap((each) => each.values.filter((value) => value !== null));
  const lowest = Math.min(...values);
  return lowest > 0 && Math.max(...values) > MAX_LINEAR_SPAN * lowest ? 'logarithmic' : 'linear';
}

/** One group of bars per condition, one color per scheduler, with half the 95 % interval on each; a group without a run that counts says so. */
export function chartOf(
  spec: SeriesSpec,
  { cells, includesInvalid }: SeriesResult,
  measure: SeriesMeasure,
): { labels: string[]; series: ChartSeries[] } {
  const figureOf = (cell: SeriesCellResult): { mean: number; halfWidth95: number | null } | null => {
    if (measure === 'total') return cell.totalSec;
    if (measure === 'service') return cell.meanServiceSec;
    const { efficiency } = cell;
    return (
      efficiency && { mean: efficiency.mean * 100, halfWidth95: efficiency.halfWidth95 === null ? null : efficiency.halfWidth95 * 100 }
    );
  };
  return {
    labels: spec.conditions.map((_, condition) => {
      const hasRuns = cells.some((cell) => cell.condition === condition && cell.counted > 0);
      return `${nameCondition(spec, condition)}${hasRuns ? '' : `: ${includesInvalid ? 'no run' : 'no valid run'}`}`;
    }),
    series: spec.schedulers.map((_, scheduler) => {
      const figures = cells.filter((cell) => cell.scheduler === scheduler).map(figureOf);
      return {
        name: nameScheduler(spec, scheduler),
        values: figures.map((figure) => figure?.mean ?? null),
        halfWidths: figures.map((figure) => figure?.halfWidth95 ?? null),
      };
    }),
  };
}

/** The verdict of a paired difference in words. */
export function verdictOf({ adjustedP, isSignificant, pairs }: Pick<SeriesDifference, 'adjustedP' | 'isSignificant' | 'pairs'>): string {
  if (adjustedP === null && pairs > 1) return 'A sequence in which it was learned: says nothing about chance';
  if (adjustedP === null) return 'One repetition says nothing about chance';
  return isSignificant ? 'Significant' : 'Not significant';
}

export function formatP(adjustedP: number | null): string {
  if (adjustedP === null) return '–';
  return adjustedP < 0.0001 ? '< 0.0001' : adjustedP.toPrecision(2);
}

/** `-12.30 ± 4.10`; of a single pair the difference alone. */
export function formatDifference({ meanSec, halfWidth95Sec }: Pick<SeriesDifference, 'meanSec' | 'halfWidth95Sec'>): string {
  return formatInterval({ mean: meanSec, halfWidth95: halfWidth95Sec }, 2);
}
