// The colors of series and of the parts of a service delay, the same in the window (tokens.css) and in reports. Each has at least 4.5 : 1 on
// its ground, and any two differ (CIEDE2000 13.8 and more) in normal vision and to the three kinds of dichromats.
import type { Ink } from './drawing.js';

type ChartInk = Extract<Ink, `series-${number}` | `part-${string}`>;

export const CHART_COLORS = {
  light: {
    ...{ 'series-1': '#2f6de4', 'series-2': '#692103', 'series-3': '#0d6a45' },
    ...{ 'series-4': '#d3347b', 'series-5': '#8b730c', 'series-6': '#48276c' },
    ...{ 'part-upload': '#247f9e', 'part-waiting': '#976e35', 'part-compute': '#0e3db7' },
    ...{ 'part-download': '#064113', 'part-resend': '#6f7b88', 'part-control': '#742c51' },
  },
  dark: {
    ...{ 'series-1': '#4282f5', 'series-2': '#e65319', 'series-3': '#3eeab8' },
    ...{ 'series-4': '#b36f9e', 'series-5': '#ebc846', 'series-6': '#cdaef7' },
    ...{ 'part-upload': '#9af7f9', 'part-waiting': '#cd7524', 'part-compute': '#507ef3' },
    ...{ 'part-download': '#51be7d', 'part-resend': '#8d99a8', 'part-control': '#cb9edb' },
  },
} as const satisfies Record<'light' | 'dark', Partial<Record<ChartInk, string>>>;

/** As declarations of CSS variables. */
export function chartColorVariables(theme: keyof typeof CHART_COLORS): string {
  return Object.entries(CHART_COLORS[theme])
    .map(([ink, color]) => `--${ink}: ${color};`)
    .join(' ');
}
