// Waits for something that announces itself in no other way than by being so.
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Rejects when it is not so within the limit. A look that throws counts as no. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs = 40_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await Promise.resolve()
      .then(isSo)
      .catch(() => false);
    if (answer) return;
    if (performance.now() > deadline) throw new Error(`It was not so within ${limitMs / 1000} s: ${isSo.toString()}`);
    await delay(LOOK_EVERY_MS);
  }
}
