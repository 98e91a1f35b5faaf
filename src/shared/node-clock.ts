// How far off a node's clock is, in the same words everywhere. A board without a battery wakes in 1970, and then no number of milliseconds says it.
import type { NodeFacts } from './testbed.js';

/** Clocks farther apart than this deserve a word. Measured delays do not depend on it. */
export const LARGE_CLOCK_OFFSET_MS = 2_000;
/** No node was made before. */
const FIRST_PLAUSIBLE_YEAR = 2020;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type ClockFacts = Pick<NodeFacts, 'clockOffsetMs' | 'clockErrorMs' | 'readAtMs'>;

/** The year that a clock which was never set shows; null for one that was. */
export function unsetClockYear({ clockOffsetMs, readAtMs }: ClockFacts): number | null {
  if (clockOffsetMs === null || clockOffsetMs > -365 * DAY_MS) return null;
  const year = new Date(readAtMs + clockOffsetMs).getUTCFullYear();
  return year < FIRST_PLAUSIBLE_YEAR ? year : null;
}

/** Whether the clocks are surely farther apart than `LARGE_CLOCK_OFFSET_MS`. */
export function isClockFarOff({ clockOffsetMs, clockErrorMs }: ClockFacts): boolean {
  return clockOffsetMs !== null && Math.abs(clockOffsetMs) - (clockErrorMs ?? 0) > LARGE_CLOCK_OFFSET_MS;
}

/** `3.2 s ahead`, `2.0 hours behind`, `not set: it is in 1970`; null where the node does not report. */
export function describeNodeClock(facts: ClockFacts): string | null {
  const { clockOffsetMs } = facts;
  if (clockOffsetMs === null) return null;
  const year = unsetClockYear(facts);
  if (year !== null) return `not set: it is in ${year}`;
  return `${lengthOf(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`;
}

function lengthOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 2 * MINUTE_MS) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} minutes`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} hours`;
  return `${Math.round(ms / DAY_MS)} days`;
}
