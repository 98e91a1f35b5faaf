// A chart as shapes on a sheet: what HTML writes as SVG and PDF as vectors, so that both show the same.
import { shortenMiddle } from './shorten-name.js';
import type { ChartSeries, DelayPart } from './chart-description.js';

/** Roles of color; each format has its own values for them. `series-1` to `series-6` are told apart by shape and dash as well. */
export type Ink = 'text' | 'soft' | 'grid' | 'reference' | `series-${number}` | `part-${DelayPart}`;

export type Point = readonly [x: number, y: number];

export type DrawnItem =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; ink: Ink }
  | { kind: 'line'; points: readonly Point[]; ink: Ink; width: number; dash?: readonly number[] }
  /** See-through, from the first point round to it. */
  | { kind: 'area'; points: readonly Point[]; ink: Ink }
  | { kind: 'marker'; at: Point; shape: MarkerShape; ink: Ink }
  /** `y` is the baseline. */
  | { kind: 'text'; x: number; y: number; text: string; anchor: 'start' | 'middle' | 'end'; ink: Ink; isUpright?: boolean };

export const MARKER_SHAPES = ['circle', 'square', 'triangle', 'diamond'] as const;
export type MarkerShape = (typeof MARKER_SHAPES)[number];

/** Sizes in px; a format scales the whole to its width. */
export interface Drawing {
  title: string;
  width: number;
  height: number;
  items: readonly DrawnItem[];
}

export const SHEET_WIDTH_PX = 720;
export const FONT_PX = 12;
/** Characters. */
export const MAX_AXIS_TITLE = 60;
export const SERIES_INKS = 6;
const MARKER_PX = 3.2;
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]] as const;

export function seriesInk(position: number): Ink {
  return `series-${(position % SERIES_INKS) + 1}`;
}

/** Of a bar: its part's, where it is a part of a delay. */
export function barInk({ part, colorIndex }: Pick<ChartSeries, 'part' | 'colorIndex'>, position: number): Ink {
  return part === undefined ? seriesInk(colorIndex ?? position) : `part-${part}`;
}

/** How much of what is below shows through an area. */
export const AREA_OPACITY = 0.16;

export function seriesDash(position: number): readonly number[] {
  return DASHES[position % DASHES.length] ?? [];
}

export function seriesMarker(position: number): MarkerShape {
  return MARKER_SHAPES[position % MARKER_SHAPES.length] ?? 'circle';
}

/** At most `limit` characters, by code points: of a text. Names are cut in the middle (shorten-name.ts). */
export function shorten(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : text;
}

/** Longer names stand two in a row. */
const LONG_NAME = 26;

/** Names of series in rows, from `x` on; returns the height that they take. */
export function drawLegend(
  names: readonly { name: string; ink: Ink; dash?: readonly number[] }[],
  x: number,
  y: number,
): { items: DrawnItem[]; height: number } {
  const isLong = names.some(({ name }) => name.length > LONG_NAME);
  const perRow = Math.min(isLong ? 2 : 3, Math.max(1, names.length));
  const slot = (SHEET_WIDTH_PX - x) / perRow;
  const items = names.flatMap(({ name, ink, dash }, index): DrawnItem[] => {
    const left = x + (index % perRow) * slot;
    const base = y + Math.floor(index / perRow) * 18 + FONT_PX;
    return [
      {
        kind: 'line',
        points: [
          [left, base - 4],
          [left + 22, base - 4],
        ],
        ink,
        width: 3,
        ...(dash ? { dash } : {}),
      },
      { kind: 'text', x: left + 28, y: base, text: shortenMiddle(name, isLong ? 44 : LONG_NAME), anchor: 'start', ink: 'text' },
    ];
  });
  return { items, height: Math.ceil(names.length / perRow) * 18 + 6 };
}

/** Corners of a marker; a circle has twelve. */
export function markerOutline(shape: MarkerShape, [x, y]: Point, size = MARKER_PX): Point[] {
  const corners = { circle: 12, square: 4, triangle: 3, diamond: 4 }[shape];
  const turn = shape === 'square' ? Math.PI / 4 : -Math.PI / 2;
  return Array.from({ length: corners }, (_, index) => {
    const angle = turn + (index / corners) * 2 * Math.PI;
    return [x + size * Math.cos(angle), y + size * Math.sin(angle)];
  });
}
