// When a core that ended by itself is started again. Pure: the caller has the clock and the timer.

const RESTART_AFTER_MS = 1000;
const MAX_RESTARTS = 3;
const WINDOW_MS = 60_000;

/**
 * Milliseconds until the next start, or null when it must not be tried by itself any more: it ended `MAX_RESTARTS` times within a minute
 * of restarting. `endedAtMs` holds the times of the ends so far, this one last.
 */
export function delayOfRestart(endedAtMs: readonly number[]): number | null {
  const now = endedAtMs.at(-1) ?? 0;
  const recent = endedAtMs.filter((at) => now - at < WINDOW_MS);
  return recent.length > MAX_RESTARTS ? null : RESTART_AFTER_MS;
}
