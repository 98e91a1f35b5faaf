import { type BoxesDescription, nameAxis } from '../../../../shared/chart-description.js';
import { formatNumber } from '../../../../shared/format.js';
import { formatTick, scaleFor } from './axes.js';
import {
  type DrawnItem,
  type Drawing,
  type Ink,
  MAX_AXIS_TITLE,
  type Point,
  seriesInk,
  SHEET_WIDTH_PX,
  shorten,
} from '../../../../shared/drawing.js';
import { shortenMiddle } from '../../../../shared/shorten-name.js';

const LABEL_PX = 250;
const VALUE_PX = 70;
const ROW_PX = 30;
const BOX_PX = 16;
const CAP_PX = 5;

/** Lying boxes in rows, the median's value behind each. */
export function drawBoxes({ title, value, whiskers, boxes }: BoxesDescription): Drawing {
  const bottom = 4 + boxes.length * ROW_PX;
  const reached = boxes.flatMap(({ low, q1, median, q3, high }) => [low, q1, median, q3, high].filter((each) => each !== null));
  const scale = scaleFor(value, reached, LABEL_PX, SHEET_WIDTH_PX - VALUE_PX);
  const place = (at: number): number => scale.place(at) ?? LABEL_PX;
  const line = (points: readonly Point[], ink: Ink, width: number): DrawnItem => ({ kind: 'line', points, ink, width });
  const upright = (x: number, from: number, to: number, ink: Ink, width = 1): DrawnItem =>
    line(
      [
        [x, from],
        [x, to],
      ],
      ink,
      width,
    );
  const lying = (from: number, to: number, y: number): DrawnItem =>
    line(
      [
        [from, y],
        [to, y],
      ],
      'text',
      1.25,
    );
  const items: DrawnItem[] = scale.ticks.flatMap((tick) => [
    upright(place(tick), 4, bottom, 'grid'),
    { kind: 'text', x: place(tick), y: bottom + 16, text: formatTick(tick), anchor: 'middle', ink: 'soft' },
  ]);
  boxes.forEach(({ label, low, q1, median, q3, high, colorIndex }, row) => {
    const middle = 4 + row * ROW_PX + ROW_PX / 2;
    const [top, end] = [middle - BOX_PX / 2, middle + BOX_PX / 2];
    items.push({ kind: 'text', x: LABEL_PX - 8, y: middle + 4, text: shortenMiddle(label, 34), anchor: 'end', ink: 'text' });
    if (low !== null) items.push(lying(place(low), place(q1), middle), upright(place(low), middle - CAP_PX, middle + CAP_PX, 'text', 1.25));
    if (high !== null)
      items.push(lying(place(q3), place(high), middle), upright(place(high), middle - CAP_PX, middle + CAP_PX, 'text', 1.25));
    items.push(
      { kind: 'rect', x: place(q1), y: top, width: Math.max(1, place(q3) - place(q1)), height: BOX_PX, ink: seriesInk(colorIndex ?? row) },
      // On the box and beyond it, so that it shows on every color.
      upright(place(median), top - 3, end + 3, 'text', 2.5),
      { kind: 'text', x: place(high ?? q3) + 9, y: middle + 4, text: formatNumber(median, 1), anchor: 'start', ink: 'text' },
    );
  });
  const axisTitle = shorten(`${nameAxis(value)}: median, quartiles, whiskers at ${whiskers}`, MAX_AXIS_TITLE + 20);
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
