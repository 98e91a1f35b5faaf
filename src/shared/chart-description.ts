// What a chart shows, whoever draws it: the window's charts and the figures of reports take their series from these types.
import type { TimelineRow } from './timeline-layout.js';

export interface ChartSeries {
  name: string;
  /** One value a label; null is a gap. */
  values: readonly (number | null)[];
  /** Half of the interval about each value, in its unit; null where there is none. */
  halfWidths?: readonly (number | null)[];
  /** Position in the palette; the series' own position when absent. */
  colorIndex?: number;
}

/** `line`: measured, a line with dots. `points`: markers only, for values from elsewhere. `level`: a thin line to read others against. */
export type LineLook = 'line' | 'points' | 'level';

export interface LinePoint {
  x: number;
  /** Null is a gap. */
  y: number | null;
  /** Half the width of the interval about y, in its unit; null or absent where there is none. */
  halfWidth?: number | null;
  /** Where the value comes from, for tooltip and CSV. */
  note?: string;
  /** Drawn beside the point; few points have one. */
  label?: string;
}

export interface LineSeries {
  name: string;
  points: readonly LinePoint[];
  colorIndex?: number;
  look?: LineLook;
}

export interface ChartAxis {
  title: string;
  /** Empty for counts and fractions. */
  unit: string;
  scale?: 'linear' | 'logarithmic';
}

/** One bar a category and series. */
export interface BarsDescription {
  kind: 'bars';
  title: string;
  category: { title: string; labels: readonly string[] };
  value: ChartAxis;
  series: readonly ChartSeries[];
}

export interface LinesDescription {
  kind: 'lines';
  title: string;
  x: ChartAxis;
  y: ChartAxis;
  series: readonly LineSeries[];
}

/** The share of samples at or below each value; `samples` in any order, in the unit of `x`. */
export interface EcdfDescription {
  kind: 'ecdf';
  title: string;
  x: ChartAxis;
  series: readonly { name: string; samples: readonly number[] }[];
}

/** Lanes of busy intervals; `totalMs` is the whole width, milliseconds of model time. */
export interface TimelineDescription {
  kind: 'timeline';
  title: string;
  rows: readonly TimelineRow[];
  totalMs: number;
}

export type ChartDescription = BarsDescription | LinesDescription | EcdfDescription | TimelineDescription;

/** `Delay (s)` */
export function nameAxis({ title, unit }: ChartAxis): string {
  return unit === '' ? title : `${title} (${unit})`;
}
