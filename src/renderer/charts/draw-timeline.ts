import { formatDuration } from '../../shared/format.js';
import type { ChartTheme } from './chart-theme.js';
import { layOutBars, pickTickMs, type TimelineRow } from '../../shared/timeline-layout.js';
import { fitName } from './fit-name.js';

export const TIMELINE_ROW_PX = 24;
export const TIMELINE_AXIS_PX = 22;
const MIN_LABEL_PX = 110;
const MAX_LABEL_SHARE = 0.3;
const FIGURE_PX = 56;

interface DrawOptions {
  rows: readonly TimelineRow[];
  totalMs: number;
  widthPx: number;
  theme: ChartTheme;
}

/** Draws one row a node (name, busy bars, utilization) and a time axis below. Sizes in CSS px; the context is scaled already. */
export function drawTimeline(context: CanvasRenderingContext2D, { rows, totalMs, widthPx, theme }: DrawOptions): void {
  const heightPx = rows.length * TIMELINE_ROW_PX;
  context.clearRect(0, 0, widthPx, heightPx + TIMELINE_AXIS_PX);
  context.font = `12px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  const widestPx = Math.max(0, ...rows.map(({ label }) => context.measureText(label).width));
  const labelPx = Math.max(MIN_LABEL_PX, Math.min(widestPx + 8, widthPx * MAX_LABEL_SHARE));
  const plotPx = Math.max(0, widthPx - labelPx - FIGURE_PX);
  drawAxis(context, { totalMs, plotPx, labelPx, heightPx, theme });
  rows.forEach((row, index) => {
    const middle = index * TIMELINE_ROW_PX + TIMELINE_ROW_PX / 2;
    context.textAlign = 'left';
    context.fillStyle = theme.ink;
    context.fillText(fitName(context, row.label, labelPx - 8), 0, middle);
    context.fillStyle = theme.grid;
    context.fillRect(labelPx, middle - 7, plotPx, 14);
    context.fillStyle = theme.series[0] ?? theme.ink;
    for (const bar of layOutBars(row.intervals, totalMs, plotPx)) {
      // A hair of ground at the right end shows where one task ends and the next starts.
      context.fillRect(labelPx + bar.x, middle - 7, bar.width > 3 ? bar.width - 1 : bar.width, 14);
    }
    context.textAlign = 'right';
    context.fillStyle = theme.muted;
    context.fillText(`${(row.utilization * 100).toFixed(1)} %`, widthPx, middle);
  });
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { totalMs, plotPx, labelPx, heightPx, theme }: { totalMs: number; plotPx: number; labelPx: number; heightPx: number; theme: ChartTheme },
): void {
  if (totalMs <= 0) return;
  const tickMs = pickTickMs(totalMs, plotPx / 90);
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.textAlign = 'center';
  for (let ms = 0; ms <= totalMs; ms += tickMs) {
    const x = labelPx + (ms / totalMs) * plotPx;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, heightPx + 4);
    context.stroke();
    context.fillText(ms === 0 ? '0' : formatDuration(ms), x, heightPx + 13);
  }
}
