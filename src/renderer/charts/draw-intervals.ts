// Intervals about the points of a line: a band where the points are dense, bars with caps where they are few. A plugin of chart.js, so that
// a line stays one entry of the legend and takes its interval along when it is hidden.
import type { Chart, Plugin } from 'chart.js';
import type { LinePoint } from '../../shared/chart-description.js';

/** More points than this make bars run into each other. */
const MAX_POINTS_WITH_BARS = 20;
const BAND_OPACITY = 0.16;
const CAP_PX = 4;

interface Edge {
  x: number;
  top: number;
  bottom: number;
}

/** Of upright bars; `halfWidths` gives those of a series by its position in the chart. */
export function barIntervalsPlugin(halfWidths: (datasetIndex: number) => readonly (number | null)[], color: () => string): Plugin<'bar'> {
  return {
    id: 'bar-intervals',
    afterDatasetsDraw(chart) {
      const { ctx, scales } = chart;
      chart.data.datasets.forEach(({ data }, index) => {
        if (!chart.isDatasetVisible(index)) return;
        const bars = chart.getDatasetMeta(index).data;
        halfWidths(index).forEach((halfWidth, position) => {
          const [bar, value] = [bars[position], data[position]];
          if (halfWidth === null || bar === undefined || typeof value !== 'number' || !scales['y']) return;
          const [top, bottom] = [scales['y'].getPixelForValue(value + halfWidth), scales['y'].getPixelForValue(value - halfWidth)];
          drawBar(ctx, { x: bar.x, top, bottom }, color());
        });
      });
    },
  };
}

/** Of lines, whose points carry their intervals. */
export const intervalsPlugin: Plugin<'line'> = {
  id: 'intervals',
  beforeDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.beginPath();
    // As wide as the caps of bars at both ends of the axis.
    ctx.rect(chartArea.left - CAP_PX - 1, chartArea.top, chartArea.width + 2 * (CAP_PX + 1), chartArea.height);
    ctx.clip();
    chart.data.datasets.forEach((dataset, index) => {
      if (!chart.isDatasetVisible(index)) return;
      const runs = findEdges(chart, dataset.data as unknown as readonly LinePoint[]);
      const color = typeof dataset.borderColor === 'string' ? dataset.borderColor : 'transparent';
      if (dataset.data.length > MAX_POINTS_WITH_BARS) for (const edges of runs) drawBand(ctx, edges, color);
      else for (const edge of runs.flat()) drawBar(ctx, edge, color);
    });
    ctx.restore();
  },
};

/**
 * Lowest and highest value that the intervals reach; null when there is none. Not below zero where no value is: an interval of few seeds often
 * is, which says nothing of delays.
 */
export function findIntervalRange(points: readonly LinePoint[]): { min: number; max: number } | null {
  const known = points.flatMap(({ y, halfWidth }) => (y === null || halfWidth == null ? [] : [{ y, halfWidth }]));
  if (known.length === 0) return null;
  const lowest = Math.min(...known.map(({ y, halfWidth }) => y - halfWidth));
  return {
    min: known.every(({ y }) => y >= 0) ? Math.max(0, lowest) : lowest,
    max: Math.max(...known.map(({ y, halfWidth }) => y + halfWidth)),
  };
}

/** Neighbours with an interval, in pixels; a point without one ends a run. */
function findEdges({ scales }: Chart, points: readonly LinePoint[]): Edge[][] {
  const { x: xScale, y: yScale } = scales;
  if (!xScale || !yScale) return [];
  const runs: Edge[][] = [[]];
  for (const { x, y, halfWidth } of points) {
    if (y === null || halfWidth == null) runs.push([]);
    else {
      const [top, bottom] = [yScale.getPixelForValue(y + halfWidth), yScale.getPixelForValue(y - halfWidth)];
      runs.at(-1)?.push({ x: xScale.getPixelForValue(x), top, bottom });
    }
  }
  return runs;
}

function drawBand(ctx: CanvasRenderingContext2D, edges: readonly Edge[], color: string): void {
  ctx.globalAlpha = BAND_OPACITY;
  ctx.fillStyle = color;
  ctx.beginPath();
  for (const { x, top } of edges) ctx.lineTo(x, top);
  for (const { x, bottom } of [...edges].reverse()) ctx.lineTo(x, bottom);
  ctx.closePath();
  ctx.fill();
  ctx.globalAlpha = 1;
}

function drawBar(ctx: CanvasRenderingContext2D, { x, top, bottom }: Edge, color: string): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  for (const y of [top, bottom]) {
    ctx.moveTo(x - CAP_PX, y);
    ctx.lineTo(x + CAP_PX, y);
  }
  ctx.stroke();
}
