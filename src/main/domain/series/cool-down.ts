// The nodes' rest between two runs of a series, so that the heat of one is not measured in the next.
import { setTimeout as delay } from 'node:timers/promises';
import type { CoolDown } from '../../../shared/series.js';

export interface CoolDownOptions {
  rest: CoolDown;
  /** End of the last run, epoch ms; null before the first. */
  sinceMs: number | null;
  /** Hottest sensor of all nodes, degrees Celsius; null where no node has any. */
  readCelsius(signal: AbortSignal): Promise<number | null>;
  /** What is being waited for, in words. */
  phase(text: string): void;
  log(text: string): void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  /** Resolves after so many real ms; rejects when the signal aborts. */
  wait?(ms: number, signal: AbortSignal): Promise<unknown>;
}

const waitFor = (ms: number, signal: AbortSignal): Promise<unknown> => delay(ms, undefined, { signal });

const READ_EVERY_MS = 5000;
/** Nodes that do not get cooler by then will not: the next run starts, and the log says so. */
const MAX_WAIT_FOR_CELSIUS_MS = 10 * 60_000;

/** Resolves when the next run may start. Rejects with the signal's reason. */
export async function coolDown(options: CoolDownOptions, signal: AbortSignal): Promise<void> {
  const { rest, sinceMs, readCelsius, phase, log, nowMs, wait = waitFor } = options;
  if (sinceMs === null) return;
  const restMs = sinceMs + rest.sec * 1000 - nowMs();
  if (restMs > 0) {
    phase(`Cooling down for ${rest.sec} s`);
    await wait(restMs, signal);
  }
  if (rest.belowCelsius === null) return;
  const deadlineMs = nowMs() + MAX_WAIT_FOR_CELSIUS_MS;
  for (;;) {
    const celsius = await readCelsius(signal);
    signal.throwIfAborted();
    if (celsius === null) {
      log('No node reports a temperature, so none was waited for');
      return;
    }
    if (celsius <= rest.belowCelsius) return;
    if (nowMs() >= deadlineMs) {
      log(`The nodes are still at ${celsius} °C instead of ${rest.belowCelsius} °C; the next run starts all the same`);
      return;
    }
    phase(`Cooling down: ${celsius} °C, until ${rest.belowCelsius} °C`);
    await wait(READ_EVERY_MS, signal);
  }
}
