// What a chart shows, whoever draws it: the window's charts and the figures of reports take their series from these types.
import type { TimelineRow } from './timeline-layout.js';

/** A part of a service delay; its color is the same in every chart. */
export type DelayPart = 'upload' | 'waiting' | 'compute' | 'download' | 'resend' | 'control';

export interface ChartSeries {
  name: string;
  /** One value a label; null is a gap. */
  values: readonly (number | null)[];
  /** Half of the interval about each value, in its unit; null where there is none. */
  halfWidths?: readonly (number | null)[];
  /** Position in the palette; the series' own position when absent. */
  colorIndex?: number;
  /** The part of a delay that it is, which has a color of its own. */
  part?: DelayPart;
}

/**
 * `line`: measured, a line with dots. `points`: markers only, for values from elsewhere. `level`: a thin line to read others against.
 * `steps`: a value holds until the next point.
 */
export type LineLook = 'line' | 'points' | 'level' | 'steps';

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
  /** Position of the series that a marker is of: it has the color of that one, and is larger where its line is wider. */
  of?: number;
}

export interface LineSeries {
  name: string;
  points: readonly LinePoint[];
  colorIndex?: number;
  look?: LineLook;
  /** How many lines lie on it all along: it is drawn below them, and wider, so that all are seen. */
  linesAbove?: number;
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
  /** One bar a category, made of its series. */
  isStacked?: boolean;
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
  series: readonly EcdfSeries[];
}

export interface EcdfSeries {
  name: string;
  samples: readonly number[];
  /** Position in the palette and among the dashes; the series' own position when absent. */
  colorIndex?: number;
  /** Between which values the curves of its parts lie, by ascending share. */
  band?: readonly { share: number; low: number; high: number }[];
  /** One of many: thin, without a color, and in no legend. */
  isMuted?: boolean;
}

/** A box from the first to the third quartile with its median, whiskers where there are ends. */
export interface ChartBox {
  label: string;
  low: number | null;
  q1: number;
  median: number;
  q3: number;
  high: number | null;
  colorIndex?: number;
}

/** One lying box a row; `whiskers` says what their ends are (`5 % and 95 %`). */
export interface BoxesDescription {
  kind: 'boxes';
  title: string;
  category: string;
  whiskers: string;
  value: ChartAxis;
  boxes: readonly ChartBox[];
}

/** Lanes of busy intervals; `totalMs` is the whole width, milliseconds of model time. */
export interface TimelineDescription {
  kind: 'timeline';
  title: string;
  rows: readonly TimelineRow[];
  totalMs: number;
}

export type ChartDescription = BarsDescription | BoxesDescription | LinesDescription | EcdfDescription | TimelineDescription;

/** `Delay (s)` */
export function nameAxis({ title, unit }: ChartAxis): string {
  return unit === '' ? title : `${title} (${unit})`;
}
