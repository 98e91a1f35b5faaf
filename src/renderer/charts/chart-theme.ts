// Reads the design tokens that charts draw with; canvases can't use CSS variables themselves.
import type { ChartSeries, DelayPart } from '../../shared/chart-description.js';
import { SERIES_INKS } from '../../shared/drawing.js';

export interface ChartTheme {
  ink: string;
  muted: string;
  danger: string;
  grid: string;
  surface: string;
  fontFamily: string;
  /** Series colors in order; more series than colors start over. */
  series: string[];
  /** Of the parts of a delay. */
  parts: Record<DelayPart, string>;
}

export function readChartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    muted: token('muted'),
    danger: token('danger'),
    grid: token('grid'),
    surface: token('surface'),
    fontFamily: getComputedStyle(document.body).fontFamily,
    parts: {
      ...{ upload: token('part-upload'), waiting: token('part-waiting'), compute: token('part-compute') },
      ...{ download: token('part-download'), resend: token('part-resend'), control: token('part-control') },
    },
    series: Array.from({ length: SERIES_INKS }, (_, index) => token(`series-${index + 1}`)),
  };
}

/** Color of the series at a position; the same position has the same hue in every chart. */
export function seriesColor(theme: ChartTheme, index: number): string {
  return theme.series[index % theme.series.length] ?? theme.ink;
}

/** Of a bar: its part's, where it is a part of a delay. */
export function barColor(theme: ChartTheme, { part, colorIndex }: Pick<ChartSeries, 'part' | 'colorIndex'>, index: number): string {
  return part === undefined ? seriesColor(theme, colorIndex ?? index) : theme.parts[part];
}
