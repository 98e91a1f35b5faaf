// The agent's one clock. Model time = real monotonic time x time scale; on real nodes the scale is 1 and both are the same.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** Timers fire up to about 1 ms late; the last stretch before a deadline is spent in turns of the event loop instead. */
const SPIN_MS = 1.5;

export interface ScaledClock {
  /** Model seconds per real second. */
  readonly timeScale: number;
  /** Monotonic model milliseconds since the agent's start. */
  nowMs(): number;
  /** Resolves when the clock reads `deadlineMs` (at once when that is past); rejects with the signal's reason. Exact to some 0.1 ms real. */
  waitUntil(deadlineMs: number, signal?: AbortSignal): Promise<void>;
}

export function createScaledClock(timeScale: number): ScaledClock {
  const originMs = performance.now();
  const nowMs = (): number => (performance.now() - originMs) * timeScale;
  return {
    timeScale,
    nowMs,
    async waitUntil(deadlineMs, signal) {
      for (;;) {
        signal?.throwIfAborted();
        const realMs = (deadlineMs - nowMs()) / timeScale;
        if (realMs <= 0) return;
        if (realMs > SPIN_MS + 1) await sleep(realMs - SPIN_MS, signal);
        else await nextTurn();
      }
    },
  };
}

/** Sleeps real milliseconds; rejects with the signal's own reason rather than the timer's AbortError. */
async function sleep(realMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(realMs, undefined, signal ? { signal } : {});
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
}
