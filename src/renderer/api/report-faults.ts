// What nobody in the window has caught, told to the core for its log. Vue's handler reports here too, by way of the window's own report.
import type { WindowFault } from '../../shared/api/window-fault.js';
import { LONGEST_FAULT } from '../../shared/api/window-fault.js';

/** A page that fails in every frame tells of it so often; what it says once more is left out in any case. */
const MOST_A_PAGE = 50;
/** Chromium says so of layouts that need one more frame: no fault. */
const NO_FAULT = /^ResizeObserver loop/;

type FaultEvents = 'error' | 'unhandledrejection';

export interface FaultyPage {
  addEventListener(type: FaultEvents, listener: (event: { message?: string; error?: unknown; reason?: unknown }) => void): void;
  location: { hash: string };
}

/** Listens for as long as the page lives. `send` may fail: then there is nobody to tell. */
export function reportFaults(page: FaultyPage, send: (fault: WindowFault) => Promise<unknown>): void {
  const told = new Set<string>();
  const tell = (thrown: unknown, words: string): void => {
    const message = (thrown instanceof Error ? thrown.message : words) || 'A fault without words';
    const stack = thrown instanceof Error ? (thrown.stack ?? null) : null;
    const key = stack ?? message;
    if (NO_FAULT.test(message) || told.size >= MOST_A_PAGE || told.has(key)) return;
    told.add(key);
    send({
      message: message.slice(0, LONGEST_FAULT.message),
      stack: stack?.slice(0, LONGEST_FAULT.stack) ?? null,
      view: page.location.hash.slice(0, LONGEST_FAULT.view),
    }).catch(() => undefined);
  };
  page.addEventListener('error', ({ error, message }) => tell(error, message ?? ''));
  page.addEventListener('unhandledrejection', ({ reason }) => tell(reason, String(reason)));
}
