import { formatBytes } from './format.js';
import type { RunHold } from './run.js';

/** What a run waits for, how much is missing, and what is done about it, in a line. */
export function describeHold(hold: RunHold, nowMs: number): string {
  const { error, neededBytes, freeBytes, tries, nextTryAtMs, heldResults } = hold;
  const room =
    neededBytes === null || freeBytes === null ? '' : `; continues with ${formatBytes(neededBytes)} free, now ${formatBytes(freeBytes)}`;
  const waiting = heldResults === 0 ? '' : `; ${heldResults} ${heldResults === 1 ? 'result waits' : 'results wait'} on the nodes`;
  const again = `tries again in ${Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1000))} s (${tries} ${tries === 1 ? 'try' : 'tries'} so far)`;
  return `${error.message}${room}${waiting}; ${again}`;
}
