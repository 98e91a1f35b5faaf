// From a study's figure to its lines, bars and tables; pure.
import type { LineSeries } from './chart-description.js';
import { formatInterval } from './format.js';
import type { FigureValue, PaperValue, StudyDefinition, StudyFigure } from './study.js';

/** What the y axis shows. */
export type FigureMeasure = 'delay' | 'ratio' | 'cpu-time';

const DECIMALS: Record<FigureMeasure, number> = { delay: 2, ratio: 3, 'cpu-time': 3 };

export const MEASURES: Record<FigureMeasure, { label: string; title: string; axis: string }> = {
  delay: { label: 'Delay', title: 'Mean service delay', axis: 'Mean service delay (s)' },
  ratio: { label: 'Ratio to Opt-TS', title: 'Ratio to Opt-TS', axis: 'Delay / delay of Opt-TS' },
  'cpu-time': { label: 'CPU time', title: 'CPU time of an episode', axis: 'CPU time of an episode (s)' },
};

type FigurePoint = StudyFigure['series'][number]['points'][number];

/** The measures that a study has, its own first. */
export function listMeasures({ kind, measure }: Pick<StudyDefinition, 'kind' | 'measure'>): FigureMeasure[] {
  if (kind === 'curves') return ['delay'];
  return measure === 'cpu-time' ? ['cpu-time', 'delay', 'ratio'] : ['delay', 'ratio', 'cpu-time'];
}

/** Whether the figure has one place only, so that bars show more than a line of one point. */
export function isOnePoint({ kind, points }: Pick<StudyDefinition, 'kind' | 'points'>): boolean {
  return kind === 'sweep' && points.length === 1;
}

/** One line a method with its intervals, then the paper's values as markers of the method's color. */
export function toFigureLines({ series, paper }: Pick<StudyFigure, 'series' | 'paper'>, measure: FigureMeasure): LineSeries[] {
  const lines = series.map(({ title, points }, colorIndex): LineSeries => ({
    name: title,
    colorIndex,
    points: points.flatMap((point) => {
      const value = readMeasure(point, measure);
      return value === null ? [] : [{ x: point.x, y: value.mean, halfWidth: value.halfWidth95 }];
    }),
  }));
  const markers = series.map(({ method, title }, colorIndex): LineSeries => ({
    name: `${title}, the paper’s`,
    look: 'points',
    colorIndex,
    points:
      measure === 'delay'
        ? paper.filter((value) => value.method === method).map(({ x, delaySec, source }) => ({ x, y: delaySec, note: source }))
        : [],
  }));
  return [...lines, ...markers].filter(({ points }) => points.length > 0);
}

/** For a figure of one place: a bar a method. */
export function toFigureBars({ series }: Pick<StudyFigure, 'series'>, measure: FigureMeasure) {
  const values = series.map(({ title, points }) => {
    const point = points[0];
    return { title, value: point ? readMeasure(point, measure) : null };
  });
  return {
    labels: values.map(({ title }) => title),
    series: [
      {
        name: MEASURES[measure].title,
        values: values.map(({ value }) => value?.mean ?? null),
        halfWidths: values.map(({ value }) => value?.halfWidth95 ?? null),
      },
    ],
  };
}

/** A row of the table under a sweep: one place. */
export interface PointRow {
  x: number;
  values: ReadonlyMap<string, FigureValue>;
  paper: ReadonlyMap<string, PaperValue>;
}

export function toPointRows({ run, series, paper }: Pick<StudyFigure, 'run' | 'series' | 'paper'>, measure: FigureMeasure): PointRow[] {
  return run.study.points.map(({ x }) => ({
    x,
    values: new Map(
      series.flatMap(({ method, points }): [string, FigureValue][] => {
        const point = points.find((candidate) => candidate.x === x);
        const value = point ? readMeasure(point, measure) : null;
        return value ? [[method, value]] : [];
      }),
    ),
    paper: new Map(measure === 'delay' ? paper.filter((value) => value.x === x).map((value) => [value.method, value]) : []),
  }));
}

/** Whether any of its values is of several seeds: one alone has no interval. */
export function hasIntervals({ series }: Pick<StudyFigure, 'series'>, measure: FigureMeasure): boolean {
  return series.some(({ points }) => points.some((point) => readMeasure(point, measure)?.halfWidth95 != null));
}

/** One value without its unit, which the axis names. */
export function formatFigureValue(value: number, measure: FigureMeasure): string {
  return value.toFixed(DECIMALS[measure]);
}

/** `7.82 ± 0.12`, `7.82` of a single seed; an en dash for nothing. */
export function formatFigure(value: Pick<FigureValue, 'mean' | 'halfWidth95'> | undefined | null, measure: FigureMeasure): string {
  return formatInterval(value, DECIMALS[measure]);
}

function readMeasure(point: FigurePoint, measure: FigureMeasure): FigureValue | null {
  return { delay: point.delaySec, ratio: point.ratioToOptTs, 'cpu-time': point.episodeCpuSec }[measure];
}
