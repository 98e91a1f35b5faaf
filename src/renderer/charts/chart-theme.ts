// Reads the design tokens that charts draw with; canvases can't use CSS variables themselves.

export interface ChartTheme {
  ink: string;
  muted: string;
  grid: string;
  surface: string;
  fontFamily: string;
  /** Series colors in order; more series than colors start over. */
  series: string[];
}

const SERIES_COUNT = 8;

export function readChartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    muted: token('muted'),
    grid: token('grid'),
    surface: token('surface'),
    fontFamily: getComputedStyle(document.body).fontFamily,
    series: Array.from({ length: SERIES_COUNT }, (_, index) => token(`series-${index + 1}`)),
  };
}

/** Color of the series at a position; the same position has the same hue in every chart. */
export function seriesColor(theme: ChartTheme, index: number): string {
  return theme.series[index % theme.series.length] ?? theme.ink;
}
