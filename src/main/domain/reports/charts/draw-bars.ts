import { type BarsDescription, nameAxis } from '../../../../shared/chart-description.js';
import { formatNumber } from '../../../../shared/format.js';
import { scaleFor, formatTick } from './axes.js';
import { barInk, drawLegend, type DrawnItem, type Drawing, MAX_AXIS_TITLE, SHEET_WIDTH_PX, shorten } from '../../../../shared/drawing.js';
import { shortenMiddle } from '../../../../shared/shorten-name.js';
import { drawStacks } from './draw-stacks.js';

const LABEL_PX = 250;
const VALUE_PX = 70;
const BAR_PX = 16;
const GAP_PX = 8;
const CAP_PX = 4;

/** Lying bars, so that long names of platforms can be read; the value stands behind its bar. */
export function drawBars(chart: BarsDescription): Drawing {
  if (chart.isStacked) return drawStacks(chart);
  const { series, category, value: axis } = chart;
  const items: DrawnItem[] = [];
  let top = 4;
  if (series.length > 1) {
    const legend = drawLegend(
      series.map((each, index) => ({ name: each.name, ink: barInk(each, index) })),
      LABEL_PX,
      top,
    );
    items.push(...legend.items);
    top += legend.height;
  }
  const groupPx = series.length * BAR_PX + GAP_PX;
  const bottom = top + category.labels.length * groupPx;
  const reached = series.flatMap(({ values, halfWidths }) => values.map((value, index) => (value ?? 0) + (halfWidths?.[index] ?? 0)));
  const scale = scaleFor(axis, reached, LABEL_PX, SHEET_WIDTH_PX - VALUE_PX);
  for (const tick of scale.ticks) {
    const x = scale.place(tick) ?? LABEL_PX;
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
  const zero = scale.place(scale.ticks[0] ?? 0) ?? LABEL_PX;
  category.labels.forEach((label, row) => {
    const y = top + row * groupPx + GAP_PX / 2;
    items.push({
      ...{
        kind: 'text',
        x: LABEL_PX - 8,
        y: y + (series.length * BAR_PX) / 2 + 4,
        text: shortenMiddle(label, 38),
        anchor: 'end',
        ink: 'text',
      },
    });
    series.forEach(({ values, halfWidths, ...look }, index) => {
      const value = values[row] ?? null;
      const barTop = y + index * BAR_PX;
      if (value === null) {
        items.push({ kind: 'text', x: zero + 4, y: barTop + 12, text: 'not known', anchor: 'start', ink: 'soft' });
        return;
      }
      const end = scale.place(value) ?? zero;
      items.push({
        ...{ kind: 'rect', x: Math.min(zero, end), y: barTop + 1, width: Math.max(1, Math.abs(end - zero)) },
        height: BAR_PX - 2,
        ink: barInk(look, index),
      });
      const halfWidth = halfWidths?.[row] ?? null;
      let labelX = Math.max(end, zero);
      if (halfWidth !== null) {
        const [low, high] = [scale.place(value - halfWidth) ?? zero, scale.place(value + halfWidth) ?? end];
        const middle = barTop + BAR_PX / 2;
        items.push({
          kind: 'line',
          points: [
            [low, middle],
            [high, middle],
          ],
          ink: 'text',
          width: 1.25,
        });
        for (const x of [low, high])
          items.push({
            kind: 'line',
            points: [
              [x, middle - CAP_PX],
              [x, middle + CAP_PX],
            ],
            ink: 'text',
            width: 1.25,
          });
        labelX = Math.max(labelX, high);
      }
      items.push({ kind: 'text', x: labelX + 5, y: barTop + 12, text: formatNumber(value, 1), anchor: 'start', ink: 'text' });
    });
  });
  items.push({
    kind: 'text',
    x: (LABEL_PX + SHEET_WIDTH_PX - VALUE_PX) / 2,
    y: bottom + 34,
    text: shorten(nameAxis(axis), MAX_AXIS_TITLE),
    anchor: 'middle',
    ink: 'soft',
  });
  return { title: chart.title, width: SHEET_WIDTH_PX, height: bottom + 42, items };
}
