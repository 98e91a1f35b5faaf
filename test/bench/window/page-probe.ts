// What a page says of its own speed. What is handed to `evaluate` runs in the page and may name nothing outside itself.
import type { CDPSession, Page } from 'playwright-core';

/** For what never comes. */
const PATIENCE_MS = 20_000;

interface Probe {
  longTasksMs?: number[];
}

/** Notes from here on when a task of the page took more than 50 ms. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const probe = globalThis as Probe;
    probe.longTasksMs = [];
    new PerformanceObserver((list) => probe.longTasksMs?.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
}

/** Those since the last time, or since `watchLongTasks`. */
export function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as Probe).longTasksMs?.splice(0) ?? []);
}

/**
 * Ms from `act` in the page until `isThere` holds in it, looked at in every frame; without an act from the page's navigation. Both are JavaScript:
 * what comes from this process would have its way there measured as well.
 */
export function timeInPage(page: Page, act: string | null, isThere: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const holds = () => ${isThere};
    const askedMs = performance.now();
    const startedMs = ${act === null ? '0' : 'askedMs'};
    ${act ?? ''};
    const look = () => {
      const nowMs = performance.now();
      if (holds()) resolve(nowMs - startedMs);
      else if (nowMs - askedMs > ${PATIENCE_MS}) reject(new Error('What is waited for did not come: ' + holds));
      else requestAnimationFrame(look);
    };
    ${act === null ? 'look()' : 'requestAnimationFrame(look)'};
  })`);
}

/** Bytes that the page's JavaScript holds when everything that can go is gone. */
export async function heapBytes(session: CDPSession): Promise<number> {
  // What a first collection lets finalizers release goes with the second.
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}
