import type { TimelineDescription } from '../../../../shared/chart-description.js';
import { formatPercent } from '../../../../shared/format.js';
import { layOutBars, pickTickMs } from '../../../../shared/timeline-layout.js';
import { formatTick } from './axes.js';
import { type DrawnItem, type Drawing, SHEET_WIDTH_PX } from '../../../../shared/drawing.js';
import { shortenMiddle } from '../../../../shared/shorten-name.js';

const LABEL_PX = { short: 170, long: 270 };
const LABEL_LENGTH = { short: 16, long: 32 };
const RIGHT_PX = 24;
const LANE_PX = 22;

/** One lane a row; computations that would share a pixel are joined. */
export function drawTimeline({ title, rows, totalMs }: TimelineDescription): Drawing {
  const size = rows.some(({ label }) => label.length > LABEL_LENGTH.short) ? 'long' : 'short';
  const labelPx = LABEL_PX[size];
  const widthPx = SHEET_WIDTH_PX - labelPx - RIGHT_PX;
  const bottom = rows.length * LANE_PX + 4;
  const items: DrawnItem[] = [];
  const tickMs = pickTickMs(totalMs, 6);
  for (let atMs = 0; atMs <= totalMs; atMs += tickMs) {
    const x = labelPx + (atMs / totalMs) * widthPx;
    items.push({
      kind: 'line',
      points: [
        [x, 0],
        [x, bottom],
      ],
      ink: 'grid',
      width: 1,
    });
    items.push({ kind: 'text', x, y: bottom + 15, text: formatTick(atMs / 1000), anchor: 'middle', ink: 'soft' });
  }
  rows.forEach((row, lane) => {
    const y = lane * LANE_PX + 3;
    items.push({
      kind: 'text',
      x: 0,
      y: y + 13,
      text: `${shortenMiddle(row.label, LABEL_LENGTH[size])} (${formatPercent(row.utilization)})`,
      anchor: 'start',
      ink: 'text',
    });
    for (const { x, width } of layOutBars(row.intervals, totalMs, widthPx)) {
      items.push({ kind: 'rect', x: labelPx + x, y, width: Math.max(0.5, width - 0.4), height: LANE_PX - 6, ink: 'series-1' });
    }
  });
  items.push({ kind: 'text', x: labelPx + widthPx / 2, y: bottom + 33, text: 'Model time (s)', anchor: 'middle', ink: 'soft' });
  return { title, width: SHEET_WIDTH_PX, height: bottom + 40, items };
}
