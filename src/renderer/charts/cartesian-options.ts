import type { ChartTheme } from './chart-theme.js';

export type ValueScale = 'linear' | 'logarithmic';

interface CartesianOptions {
  theme: ChartTheme;
  categoryTitle: string;
  valueTitle: string;
  valueScale: ValueScale;
  isStacked: boolean;
  isHorizontal: boolean;
  hasLegend: boolean;
  formatValue: (value: number) => string;
  /** Smallest value drawn, for a logarithmic scale that starts at a whole power of ten below it; null lets chart.js choose. */
  minValue: number | null;
  /** Whether a linear value axis starts at zero; lines that differ by little are distinguished better without. */
  isFromZero?: boolean;
  /** Half of the interval about a value, for the tooltip; null where there is none. */
  halfWidthOf?: (series: number, index: number) => number | null;
}

/** What chart.js gives the tooltip of a value. */
interface TooltipValue {
  dataset: { label?: string };
  datasetIndex: number;
  dataIndex: number;
  parsed: { x: number | null; y: number | null };
}

/** The options that bar and line charts share, drawn with the tokens. No animation: live values should not wobble. */
export function cartesianOptions(options: CartesianOptions) {
  const { theme } = options;
  const font = { family: theme.fontFamily, size: 12 };
  const axis = (title: string, isValueAxis: boolean) => ({
    stacked: options.isStacked,
    title: { display: title !== '', text: title, color: theme.muted, font },
    ticks: { color: theme.muted, font, ...(isValueAxis && { maxRotation: 0 }) },
    grid: { color: theme.grid, display: isValueAxis },
    border: { color: theme.muted },
  });
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false as const,
    interaction: { mode: 'index' as const, intersect: false, axis: options.isHorizontal ? ('y' as const) : ('x' as const) },
    plugins: {
      legend: { display: options.hasLegend, labels: { color: theme.ink, font, boxWidth: 12, boxHeight: 12 } },
      tooltip: {
        backgroundColor: theme.ink,
        titleColor: theme.surface,
        bodyColor: theme.surface,
        titleFont: font,
        bodyFont: font,
        // A gap is no news; on stacked charts most values of a label are gaps.
        filter: (item: { raw: unknown }) => item.raw !== null,
        callbacks: {
          label: (item: TooltipValue) => {
            const value = options.isHorizontal ? item.parsed.x : item.parsed.y;
            const halfWidth = options.halfWidthOf?.(item.datasetIndex, item.dataIndex) ?? null;
            const spread = halfWidth === null ? '' : ` ± ${options.formatValue(halfWidth)}`;
            return `${item.dataset.label ?? ''}: ${value === null ? 'no value' : options.formatValue(value)}${spread}`;
          },
        },
      },
    },
    category: axis(options.categoryTitle, false),
    value: {
      ...axis(options.valueTitle, true),
      type: options.valueScale,
      beginAtZero: options.valueScale === 'linear' && options.isFromZero !== false,
      ...(options.valueScale === 'logarithmic' && isPositive(options.minValue) && { min: 10 ** Math.floor(Math.log10(options.minValue)) }),
    },
  };
}

function isPositive(value: number | null): value is number {
  return value !== null && value > 0;
}

/** The smallest of some values that are there; null of none. */
export function findMin(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
