import { type BarsDescription, nameAxis } from '../../../../shared/chart-description.js';
import { formatNumber } from '../../../../shared/format.js';
import { formatTick, scaleFor } from './axes.js';
import { barInk, drawLegend, type DrawnItem, type Drawing, MAX_AXIS_TITLE, SHEET_WIDTH_PX, shorten } from '../../../../shared/drawing.js';
import { shortenMiddle } from '../../../../shared/shorten-name.js';

const LABEL_PX = 250;
const VALUE_PX = 70;
const ROW_PX = 28;
const BAR_PX = 18;

/** Lying bars made of their series; the sum stands behind each. */
export function drawStacks({ title, category, value, series }: BarsDescription): Drawing {
  const legend = drawLegend(
    series.map((each, index) => ({ name: each.name, ink: barInk(each, index) })),
    LABEL_PX,
    4,
  );
  const sums = category.labels.map((_, row) => series.reduce((sum, { values }) => sum + (values[row] ?? 0), 0));
  const top = legend.height + 4;
  const bottom = top + category.labels.length * ROW_PX;
  const scale = scaleFor(value, sums, LABEL_PX, SHEET_WIDTH_PX - VALUE_PX);
  const place = (at: number): number => scale.place(at) ?? LABEL_PX;
  const items: DrawnItem[] = [...legend.items];
  for (const tick of scale.ticks) {
    const x = place(tick);
    items.push({
      kind: 'line',
      points: [
        [x, top],
        [x, bottom],
      ],
      ink: 'grid',
      width: 1,
    });
    items.push({ kind: 'text', x, y: bottom + 16, text: formatTick(tick), anchor: 'middle', ink: 'soft' });
  }
  category.labels.forEach((label, row) => {
    const y = top + row * ROW_PX + (ROW_PX - BAR_PX) / 2;
    items.push({ kind: 'text', x: LABEL_PX - 8, y: y + BAR_PX / 2 + 4, text: shortenMiddle(label, 34), anchor: 'end', ink: 'text' });
    let reached = 0;
    series.forEach((each, index) => {
      const from = reached;
      reached += each.values[row] ?? 0;
      if (reached === from) return;
      items.push({ kind: 'rect', x: place(from), y, width: place(reached) - place(from), height: BAR_PX, ink: barInk(each, index) });
    });
    const sum = formatNumber(sums[row], 1);
    items.push({ kind: 'text', x: place(reached) + 5, y: y + BAR_PX / 2 + 4, text: sum, anchor: 'start', ink: 'text' });
  });
  const axisTitle = shorten(nameAxis(value), MAX_AXIS_TITLE);
  items.push({
    kind: 'text',
    x: (LABEL_PX + SHEET_WIDTH_PX - VALUE_PX) / 2,
    y: bottom + 34,
    text: axisTitle,
    anchor: 'middle',
    ink: 'soft',
  });
  return { title, width: SHEET_WIDTH_PX, height: bottom + 42, items };
}
