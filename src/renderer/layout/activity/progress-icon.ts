// The page's icon as a ring that fills, for the tab of a browser. Pure.
import type { HeadlineProgress } from './headline.js';

/** Readable on light and dark tabs alike; no component's colors. */
const COLORS = { going: '#2f6de4', paused: '#b07a10', done: '#1c8a4b', failed: '#d0342c' } as const;
const RADIUS = 11;
const LENGTH = 2 * Math.PI * RADIUS;
/** Of a ring whose end is not known. */
const UNKNOWN_FRACTION = 0.25;
const SIGNS = { going: '', paused: 'M13 12v8m6-8v8', done: 'M10 16.5l4 4 8-9', failed: 'M11.5 11.5l9 9m0-9l-9 9' } as const;

/** A data address; null for the plain icon. In steps of a 50th, so that the browser has little to draw again. */
export function iconOf({ state, fraction }: HeadlineProgress): string | null {
  if (state === 'none') return null;
  const filled = Math.round(50 * (fraction ?? UNKNOWN_FRACTION)) / 50;
  const ring = (color: string, length: number): string =>
    `<circle cx="16" cy="16" r="${RADIUS}" fill="none" stroke="${color}" stroke-width="5" stroke-dasharray="${length.toFixed(2)} ${LENGTH.toFixed(2)}" transform="rotate(-90 16 16)"/>`;
  const sign = SIGNS[state] === '' ? '' : `<path d="${SIGNS[state]}" fill="none" stroke="${COLORS[state]}" stroke-width="3.5"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${ring('#9aa4b0', LENGTH)}${ring(COLORS[state], filled * LENGTH)}${sign}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
