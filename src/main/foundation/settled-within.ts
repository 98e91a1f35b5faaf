import { setTimeout as delay } from 'node:timers/promises';

/** Waits for work to settle, however it does, but not longer than this; false when it had not. Never rejects. */
export async function settledWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const waiting = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const late = delay(limitMs, false, { signal: waiting.signal }).catch(() => false);
  const isSettled = await Promise.race([settled, late]);
  waiting.abort();
  return isSettled;
}
