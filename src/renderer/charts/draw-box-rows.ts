import type { ChartBox } from '../../shared/chart-description.js';
import { formatNumber } from '../../shared/format.js';
import { seriesColor, type ChartTheme } from './chart-theme.js';
import { fitName } from './fit-name.js';

export const BOX_ROW_PX = 34;
export const BOX_AXIS_PX = 42;
const LABEL_SHARE = 0.3;
const MAX_LABEL_PX = 240;
const VALUE_PX = 64;
const BOX_PX = 16;
const CAP_PX = 5;
const TICKS = 6;

interface BoxRows {
  boxes: readonly ChartBox[];
  axisTitle: string;
  isLogarithmic: boolean;
  widthPx: number;
  theme: ChartTheme;
}

/** One lying box a row with its name and its median. Sizes in CSS px; the context is scaled already. */
export function drawBoxRows(context: CanvasRenderingContext2D, { boxes, axisTitle, isLogarithmic, widthPx, theme }: BoxRows): void {
  const labelPx = Math.min(MAX_LABEL_PX, widthPx * LABEL_SHARE);
  const plotPx = Math.max(1, widthPx - labelPx - VALUE_PX);
  const bottom = boxes.length * BOX_ROW_PX;
  const values = boxes.flatMap(({ low, q1, q3, high }) => [low ?? q1, high ?? q3]);
  const axis = axisOf(values, isLogarithmic);
  const place = (value: number): number => labelPx + axis.share(value) * plotPx;
  context.clearRect(0, 0, widthPx, bottom + BOX_AXIS_PX);
  context.font = `12px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const tick of axis.ticks) {
    stroke(context, [place(tick), 0, place(tick), bottom + 4], theme.grid, 1);
    context.fillStyle = theme.muted;
    context.fillText(tick.toLocaleString('en', { maximumSignificantDigits: 6 }), place(tick), bottom + 13);
  }
  context.fillText(axisTitle, labelPx + plotPx / 2, bottom + 32);
  boxes.forEach(({ label, low, q1, median, q3, high, colorIndex }, row) => {
    const middle = row * BOX_ROW_PX + BOX_ROW_PX / 2;
    context.textAlign = 'left';
    context.fillStyle = theme.ink;
    context.fillText(fitName(context, label, labelPx - 10), 0, middle);
    for (const [end, from] of [
      [low, q1],
      [high, q3],
    ] as const) {
      if (end === null) continue;
      stroke(context, [place(from), middle, place(end), middle], theme.ink, 1.25);
      stroke(context, [place(end), middle - CAP_PX, place(end), middle + CAP_PX], theme.ink, 1.25);
    }
    context.fillStyle = seriesColor(theme, colorIndex ?? row);
    context.fillRect(place(q1), middle - BOX_PX / 2, Math.max(1, place(q3) - place(q1)), BOX_PX);
    stroke(context, [place(median), middle - BOX_PX / 2 - 3, place(median), middle + BOX_PX / 2 + 3], theme.ink, 2.5);
    context.fillStyle = theme.ink;
    context.fillText(formatNumber(median, 1), place(high ?? q3) + 9, middle);
  });
}

function axisOf(values: readonly number[], isLogarithmic: boolean): { ticks: number[]; share: (value: number) => number } {
  const max = Math.max(...values, 1e-9);
  if (isLogarithmic) {
    const first = Math.floor(Math.log10(Math.max(1e-6, Math.min(...values))));
    const last = Math.max(first + 1, Math.ceil(Math.log10(max)));
    const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
    return { ticks, share: (value) => Math.max(0, (Math.log10(value) - first) / (last - first)) };
  }
  const raw = max / TICKS;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * magnitude >= raw) ?? 10) * magnitude;
  const count = Math.ceil(max / step - 1e-9);
  return { ticks: Array.from({ length: count + 1 }, (_, index) => index * step), share: (value) => value / (count * step) };
}

function stroke(
  context: CanvasRenderingContext2D,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
  color: string,
  width: number,
): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
