// Waits for something that announces itself in no other way than by being so. The limit is for what never comes: no test is about how long
// it takes, and a busy machine takes long.
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
const LIMIT_MS = 40_000;

/** Rejects when it is not so within the limit. A look that throws counts as no. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await Promise.resolve()
      .then(isSo)
      .catch(() => false);
    if (answer) return;
    if (performance.now() > deadline) throw new Error(`Timed out after ${limitMs / 1000} s: ${isSo.toString()}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** Resolves once the assertions hold; rejects with what they last said when they do not within the limit. */
export async function eventually(check: () => unknown, limitMs = LIMIT_MS): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (failure) {
      if (performance.now() > deadline) throw failure;
    }
    await delay(LOOK_EVERY_MS);
  }
}
