// Where the window was and where it may open: pure. A place is kept for each display, and one that no display shows any more is not used.
import { z } from 'zod';
import type { Display, Rectangle } from 'electron';

export type DisplayArea = Pick<Display, 'id' | 'bounds' | 'workArea'>;

/** What a window may be at the least, in the system's pixels; also what the page is made for. */
export const MIN_SIZE = { width: 900, height: 600 } as const;
const USUAL_SIZE = { width: 1360, height: 880 } as const;
/** So much of the title bar must be on a display for the window to be moved by hand. */
const GRIP = { width: 120, height: 40 } as const;
/** Displays that come and go (docks, projectors) are distinguished by where they lie and how large they are; the oldest is forgotten. */
const MAX_DISPLAYS = 8;

const coordinate = z.number().int().min(-100_000).max(100_000);
const length = z.number().int().min(1).max(100_000);

export const windowPlacementSchema = z.object({
  x: coordinate,
  y: coordinate,
  width: length,
  height: length,
  isMaximized: z.boolean(),
  isFullScreen: z.boolean(),
});
export type WindowPlacement = z.infer<typeof windowPlacementSchema>;

/** By display, the one used last at the end. */
export type WindowPlacements = { display: string; place: WindowPlacement }[];

export function displayKey({ bounds }: DisplayArea): string {
  return `${bounds.width}x${bounds.height}${bounds.x < 0 ? '' : '+'}${bounds.x}${bounds.y < 0 ? '' : '+'}${bounds.y}`;
}

/** Puts the place at the end, as the one that was used last. */
export function rememberPlacement(places: WindowPlacements, display: DisplayArea, place: WindowPlacement): WindowPlacements {
  const key = displayKey(display);
  return [...places.filter((kept) => kept.display !== key), { display: key, place }].slice(-MAX_DISPLAYS);
}

/**
 * Where the window opens: as it was left on the display that was used last and is still there, else in the middle of the primary display.
 * Always within a display's work area, never larger than it.
 */
export function choosePlacement(places: WindowPlacements, displays: readonly DisplayArea[], primary: DisplayArea): WindowPlacement {
  for (const { display: key, place } of places.toReversed()) {
    const display = displays.find((candidate) => displayKey(candidate) === key);
    if (display) return { ...place, ...fitInto(display.workArea, place) };
  }
  return { ...middleOf(primary.workArea), isMaximized: false, isFullScreen: false };
}

/** The rectangle made small enough for the area and moved so that it can be gripped. */
function fitInto(area: Rectangle, requested: Rectangle): Rectangle {
  const width = Math.min(Math.max(requested.width, MIN_SIZE.width), area.width);
  const height = Math.min(Math.max(requested.height, MIN_SIZE.height), area.height);
  const x = clamp(requested.x, area.x - width + GRIP.width, area.x + area.width - GRIP.width);
  const y = clamp(requested.y, area.y, area.y + area.height - GRIP.height);
  return { x, y, width, height };
}

function middleOf(area: Rectangle): Rectangle {
  const width = Math.min(USUAL_SIZE.width, area.width);
  const height = Math.min(USUAL_SIZE.height, area.height);
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** Part of a display that a window with an image may take. */
const IMAGE_SHARE = 0.9;

/** A window's content for an image: its own size, made smaller by one factor where the display is; in the middle of the work area. */
export function fitImageWindow(area: Rectangle, image: { width: number; height: number }): Rectangle {
  const factor = Math.min(1, (area.width * IMAGE_SHARE) / image.width, (area.height * IMAGE_SHARE) / image.height);
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  return { x: area.x + Math.floor((area.width - width) / 2), y: area.y + Math.floor((area.height - height) / 2), width, height };
}
