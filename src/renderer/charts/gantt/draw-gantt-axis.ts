import { formatDuration } from '../../../shared/format.js';
import { pickDurationTickMs } from '../../../shared/timeline-layout.js';
import type { ChartTheme } from '../chart-theme.js';
import type { GanttView } from './gantt-view.js';

export const GANTT_AXIS_PX = 20;
const TICK_WIDTH_PX = 96;

/** Instants along the top, in model time after the run's start, and the word for the bound. */
export function drawGanttAxis(
  context: CanvasRenderingContext2D,
  { view, widthPx, theme, boundMs }: { view: GanttView; widthPx: number; theme: ChartTheme; boundMs: number | null },
): void {
  const spanMs = view.toMs - view.fromMs;
  const toX = (ms: number): number => ((ms - view.fromMs) / spanMs) * widthPx;
  context.clearRect(0, 0, widthPx, GANTT_AXIS_PX);
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  const boundX = boundMs === null ? -Infinity : toX(boundMs);
  const boundWidthPx = context.measureText('bound').width;
  const tickMs = pickDurationTickMs(spanMs, widthPx / TICK_WIDTH_PX);
  for (let ms = Math.ceil(view.fromMs / tickMs) * tickMs; ms <= view.toMs; ms += tickMs) {
    const text = nameTick(ms);
    const halfPx = context.measureText(text).width / 2;
    const x = Math.min(Math.max(toX(ms), halfPx), widthPx - halfPx);
    context.beginPath();
    context.moveTo(toX(ms), GANTT_AXIS_PX - 4);
    context.lineTo(toX(ms), GANTT_AXIS_PX);
    context.stroke();
    if (Math.abs(x - boundX) < halfPx + boundWidthPx / 2 + 6) continue;
    context.textAlign = 'center';
    context.fillText(text, x, GANTT_AXIS_PX / 2 - 1);
  }
  if (boundX < 0 || boundX > widthPx) return;
  context.fillStyle = theme.ink;
  context.textAlign = 'center';
  context.fillText('bound', Math.min(Math.max(boundX, boundWidthPx / 2), widthPx - boundWidthPx / 2), GANTT_AXIS_PX / 2 - 1);
}

/** Round by its making: `30 s`, not `30.0 s`. */
function nameTick(ms: number): string {
  if (ms === 0) return '0';
  return ms < 60_000 && ms % 1000 === 0 ? `${ms / 1000} s` : formatDuration(ms);
}
