// Where runs and hours are in a list of images that is in the order of time, to the scale of how many images they have. Pure.
import type { GalleryStretch } from '../../../shared/gallery.js';

export interface TimeMark {
  /** From the top of the scrubber. */
  topPx: number;
  /** Whole; `lines` is what there is room for. */
  text: string;
  lines: string[];
  kind: 'day' | 'run';
}

/** A stretch with the place of its first image in the list. */
export interface PlacedStretch extends GalleryStretch {
  index: number;
}

/** In the order of the list. */
export function placeStretches(stretches: readonly GalleryStretch[], isNewestFirst: boolean): PlacedStretch[] {
  let index = 0;
  return (isNewestFirst ? stretches.toReversed() : stretches).map((stretch) => {
    const placed = { ...stretch, index };
    index += stretch.count;
    return placed;
  });
}

/** The stretch that the image at `index` is of. */
export function stretchAt(placed: readonly PlacedStretch[], index: number): PlacedStretch | null {
  return placed.findLast((stretch) => stretch.index <= index) ?? null;
}

/** When about the image at `index` came in, epoch ms: within an hour of a run images are taken to be evenly spread. */
export function timeAt(stretch: PlacedStretch, index: number, isNewestFirst: boolean): number {
  const share = Math.min(1, Math.max(0, (index - stretch.index) / Math.max(1, stretch.count - 1)));
  const passed = isNewestFirst ? 1 - share : share;
  return stretch.firstAtMs + passed * (stretch.lastAtMs - stretch.firstAtMs);
}

/** Place of the first image, in the order of the list, that is not before its time: the one to show for `atMs`. */
export function indexOfTime(placed: readonly PlacedStretch[], atMs: number, isNewestFirst: boolean): number {
  const isReached = ({ firstAtMs, lastAtMs }: PlacedStretch): boolean => (isNewestFirst ? firstAtMs <= atMs : lastAtMs >= atMs);
  const stretch = placed.find(isReached) ?? placed.at(-1);
  if (!stretch) return 0;
  const spanMs = Math.max(1, stretch.lastAtMs - stretch.firstAtMs);
  const passed = Math.min(1, Math.max(0, (atMs - stretch.firstAtMs) / spanMs));
  return stretch.index + Math.round((isNewestFirst ? 1 - passed : passed) * (stretch.count - 1));
}

export interface MarkLayout {
  total: number;
  heightPx: number;
  /** What a mark of one line takes of the height, and each further line. */
  gapPx: number;
  linePx: number;
  /** Names the day of an instant. */
  dayOf: (atMs: number) => string;
  /** Of the name of a run. */
  linesOf: (name: string) => string[];
}

/** Days, then the runs between them, each where there is room for its words. */
export function layOutMarks(placed: readonly PlacedStretch[], { total, heightPx, gapPx, linePx, dayOf, linesOf }: MarkLayout): TimeMark[] {
  const marks: TimeMark[] = [];
  const heightOf = (lines: readonly string[]): number => gapPx + (lines.length - 1) * linePx;
  const add = (index: number, text: string, kind: TimeMark['kind']): void => {
    const lines = kind === 'day' ? [text] : linesOf(text);
    const topPx = (index / Math.max(1, total)) * heightPx;
    const endPx = topPx + heightOf(lines);
    if (endPx > heightPx || marks.some((mark) => topPx < mark.topPx + heightOf(mark.lines) && endPx > mark.topPx)) return;
    marks.push({ topPx, text, lines, kind });
  };
  placed.forEach(({ index, lastAtMs }, at) => {
    const before = placed[at - 1];
    if (!before || dayOf(before.lastAtMs) !== dayOf(lastAtMs)) add(index, dayOf(lastAtMs), 'day');
  });
  placed.forEach(({ index, runId, runName }, at) => {
    if (placed[at - 1]?.runId !== runId) add(index, runName, 'run');
  });
  return marks.sort((one, other) => one.topPx - other.topPx);
}
