// What an instant of a run's clock is on the wall; pure.
import { formatDuration } from '../../../shared/format.js';
import { formatShortTime } from '../../format.js';
import type { RunStandstill } from '../../../shared/run-progress.js';
import type { RunSummary } from '../../../shared/run.js';

/**
 * Where model time is real time, the time of day of an instant on the run's clock; elsewhere how long after the start it was. `nowMs` decides
 * whether the day has to be said.
 */
export function describeInstant(
  ms: number,
  { run, standstills, nowMs }: { run: Pick<RunSummary, 'startedAtMs' | 'timeScale'>; standstills: readonly RunStandstill[]; nowMs: number },
): string {
  if (run.timeScale !== 1 || run.startedAtMs === null) return formatDuration(ms);
  const stoodStillMs = standstills.reduce((sum, { atMs, realMs }) => sum + (atMs < ms ? (realMs ?? 0) : 0), 0);
  return formatShortTime(run.startedAtMs + ms + stoodStillMs, nowMs);
}

/** `paused 3 min 2 s`, or `paused` while it lasts. */
export function nameStandstill({ realMs }: RunStandstill): string {
  return realMs === null ? 'paused' : `paused ${formatDuration(realMs)}`;
}
