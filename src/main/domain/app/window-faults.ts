// Faults of windows, put into the log: a page that fails over and over fills neither the log nor the disk.
import type { WindowFault } from '../../../shared/api/window-fault.js';
import { cleanForTerminal, cleanLine } from '../../../shared/foreign-text.js';
import type { Log } from '../../adapters/log/log.js';

const MOST_A_MINUTE = 20;
const MINUTE_MS = 60_000;

export class WindowFaults {
  readonly #log: Log;
  readonly #nowMs: () => number;
  #minuteBeganMs = -Infinity;
  #count = 0;

  constructor(log: Log, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  report({ message, stack, view }: WindowFault): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#minuteBeganMs >= MINUTE_MS) {
      const leftOut = this.#count - MOST_A_MINUTE;
      if (leftOut > 0) this.#log.warn('Faults of the window were left out', { count: leftOut });
      this.#minuteBeganMs = nowMs;
      this.#count = 0;
    }
    if (++this.#count > MOST_A_MINUTE) return;
    this.#log.error('A fault of the window', asError(message, stack), { view: cleanLine(view) });
  }
}

/** With the window's stack in place of one from here. */
function asError(message: string, stack: string | null): Error {
  const error = new Error(cleanForTerminal(message));
  error.name = 'WindowFault';
  error.stack = cleanForTerminal(stack ?? message);
  return error;
}
