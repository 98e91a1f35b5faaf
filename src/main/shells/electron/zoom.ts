// How far the page is zoomed, in Chromium's levels: each step is a fifth, 0 is as designed.

export const ZOOM_LEVELS = { smallest: -3, largest: 5, step: 0.5 } as const;

export function zoomBy(level: number, steps: number): number {
  const next = level + steps * ZOOM_LEVELS.step;
  return Math.max(ZOOM_LEVELS.smallest, Math.min(ZOOM_LEVELS.largest, next));
}
