// Faults of windows, put into the log: a page that fails over and over fills neither the log nor the disk.
import type { WindowError } from '../../../shared/api/window-error.js';
import { cleanForTerminal, cleanLine } from '../../../shared/foreign-text.js';
import type { Log } from '../../adapters/log/log.js';

const MAX_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export class WindowErrors {
  readonly #log: Log;
  readonly #nowMs: () => number;
  #minuteStartedMs = -Infinity;
  #count = 0;

  constructor(log: Log, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  report({ message, stack, view }: WindowError): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#minuteStartedMs >= MINUTE_MS) {
      const leftOut = this.#count - MAX_PER_MINUTE;
      if (leftOut > 0) this.#log.warn('Errors of the window were left out', { count: leftOut });
      this.#minuteStartedMs = nowMs;
      this.#count = 0;
    }
    if (++this.#count > MAX_PER_MINUTE) return;
    this.#log.error('An error of the window', asError(message, stack), { view: cleanLine(view) });
  }
}

/** With the window's stack in place of one from here. */
function asError(message: string, stack: string | null): Error {
  const error = new Error(cleanForTerminal(message));
  error.name = 'WindowError';
  error.stack = cleanForTerminal(stack ?? message);
  return error;
}
