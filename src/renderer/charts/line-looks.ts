// How a series of a line chart is drawn; each look differs from the others without color too.
import { color as parseColor } from 'chart.js/helpers';
import type { Chart, ChartDataset, LegendItem } from 'chart.js';
import type { LineSeries } from '../../shared/chart-description.js';
import type { ChartTheme } from './chart-theme.js';

const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const MARKER = 'rectRot';
const LEVEL_DASH = [2, 4];
const MAX_POINTS_WITH_DOTS = 60;
const LINE_PX = 2;
const MARKER_PX = 6;
/** By how much a line is wider than each that lies on it. */
const WIDER_PX = 5;
const WIDE_OPACITY = 0.4;

type Look = Pick<
  ChartDataset<'line'>,
  | 'borderColor'
  | 'backgroundColor'
  | 'borderDash'
  | 'borderWidth'
  | 'pointRadius'
  | 'pointHoverRadius'
  | 'pointStyle'
  | 'pointBorderWidth'
  | 'pointBorderColor'
  | 'pointBackgroundColor'
  | 'order'
  | 'showLine'
  | 'stepped'
>;

/** Of which series a marker is, where it is of one. */
export interface MarkerOwner {
  color: string;
  linesAbove: number;
}

/** Every key is there for every look, since chart.js keeps what a later look of the same dataset leaves out. */
export function lookOf({ look = 'line', points, linesAbove = 0 }: LineSeries, color: string, position: number): Look {
  const hasDots = look === 'line' && points.length <= MAX_POINTS_WITH_DOTS;
  const isMarkers = look === 'points';
  return {
    borderColor: linesAbove > 0 ? parseColor(color).alpha(WIDE_OPACITY).rgbString() : color,
    backgroundColor: color,
    borderDash: isMarkers || linesAbove > 0 ? [] : look === 'level' ? LEVEL_DASH : (DASHES[position % DASHES.length] ?? []),
    borderWidth: LINE_PX + linesAbove * WIDER_PX,
    pointRadius: isMarkers ? MARKER_PX : hasDots ? 2.5 : 0,
    pointHoverRadius: isMarkers ? MARKER_PX + 2 : 4,
    pointStyle: isMarkers ? MARKER : 'circle',
    pointBorderWidth: isMarkers ? 2 : 1,
    pointBorderColor: color,
    pointBackgroundColor: isMarkers ? 'transparent' : color,
    // Markers lie on all lines, of which chart.js draws the first ones last.
    order: isMarkers ? -1 : 0,
    showLine: !isMarkers,
    stepped: look === 'steps' ? 'before' : false,
  };
}

/** Markers in the colors of the series that they are of, set off by an edge; those of wide lines are larger, to be seen below others. */
export function markersOf(owners: readonly MarkerOwner[], { ink, surface }: Pick<ChartTheme, 'ink' | 'surface'>): Partial<Look> {
  const radii = owners.map(({ linesAbove }) => MARKER_PX + linesAbove * WIDER_PX);
  return {
    // In the legend, which has one marker for all.
    borderColor: ink,
    backgroundColor: 'transparent',
    pointRadius: radii,
    pointHoverRadius: radii.map((px) => px + 2),
    pointBorderWidth: 1.5,
    pointBorderColor: surface,
    pointBackgroundColor: owners.map(({ color }) => color),
  };
}

/** Entries of the legend with a piece of their line, or with their marker where they have no line. `plain`: chart.js' own entries. */
export function labelLooks(chart: Chart, plain: LegendItem[]): LegendItem[] {
  // chart.js lists them as it draws them.
  const inOrder = plain.toSorted((a, b) => (a.datasetIndex ?? 0) - (b.datasetIndex ?? 0));
  return inOrder.map((item) => {
    const dataset = chart.data.datasets[item.datasetIndex ?? -1] as ChartDataset<'line'> | undefined;
    // chart.js takes the style of a point for an entry, which has no dash, and of markers that differ the first one's.
    const lineDash = Array.isArray(dataset?.borderDash) ? dataset.borderDash.filter((px) => px !== undefined) : [];
    const lineWidth = typeof dataset?.borderWidth === 'number' ? dataset.borderWidth : LINE_PX;
    const strokeStyle = typeof dataset?.borderColor === 'string' ? { strokeStyle: dataset.borderColor } : {};
    const fillStyle = Array.isArray(dataset?.pointBackgroundColor) ? { fillStyle: 'transparent' } : {};
    return { ...item, lineDash, lineWidth, ...strokeStyle, ...fillStyle, pointStyle: dataset?.showLine === false ? MARKER : 'line' };
  });
}
