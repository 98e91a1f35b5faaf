// How fast images come in a run that executes, in REAL time: what someone waits for. Pure.
import { formatNumber } from '../../../shared/format.js';
import type { RunLive } from '../../../shared/run.js';

type Paced = Pick<RunLive, 'flow'>;

/** Less than this says nothing yet, real ms. */
const MIN_COVERED_MS = 10_000;
const MINUTE_MS = 60_000;

/** Images per minute over the last minute; null before that can be said. */
export function imagesPerMinute({ flow }: Paced): number | null {
  const last = flow?.perMinute.at(-1);
  if (!flow || last === undefined || flow.coveredMs < MIN_COVERED_MS) return null;
  return (last / flow.coveredMs) * MINUTE_MS;
}

/** `16.2`, `124`: a figure to read at a glance. */
export function formatPace(perMinute: number | null): string {
  return formatNumber(perMinute, perMinute !== null && perMinute >= 99.95 ? 0 : 1);
}

/** The curve of it, oldest first: whole minutes only, since a part of one looks like a slump. */
export function paceCurve({ flow }: Paced): number[] {
  return flow ? flow.perMinute.slice(1) : [];
}
