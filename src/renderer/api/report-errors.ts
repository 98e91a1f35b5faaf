// What no one in the window has caught, sent to the core for its log. Vue's handler reports here too, by way of the window's own report.
import type { WindowError } from '../../shared/api/window-error.js';
import { MAX_ERROR_LENGTHS } from '../../shared/window-error-lengths.js';

/** A page that fails in every frame reports it so often; what it says once more is left out in any case. */
const MAX_PER_PAGE = 50;
/** Chromium says so of layouts that need one more frame: no fault. */
const NOT_AN_ERROR = /^ResizeObserver loop/;

type ErrorEvents = 'error' | 'unhandledrejection';

export interface ErrorPage {
  addEventListener(type: ErrorEvents, listener: (event: { message?: string; error?: unknown; reason?: unknown }) => void): void;
  location: { hash: string };
}

/** Listens for as long as the page lives. `send` may fail: then there is no one to notify. */
export function reportErrors(page: ErrorPage, send: (windowError: WindowError) => Promise<unknown>): void {
  const reported = new Set<string>();
  const report = (thrown: unknown, words: string): void => {
    const message = (thrown instanceof Error ? thrown.message : words) || 'An error without a message';
    const stack = thrown instanceof Error ? (thrown.stack ?? null) : null;
    const key = stack ?? message;
    if (NOT_AN_ERROR.test(message) || reported.size >= MAX_PER_PAGE || reported.has(key)) return;
    reported.add(key);
    send({
      message: message.slice(0, MAX_ERROR_LENGTHS.message),
      stack: stack?.slice(0, MAX_ERROR_LENGTHS.stack) ?? null,
      view: page.location.hash.slice(0, MAX_ERROR_LENGTHS.view),
    }).catch(() => undefined);
  };
  page.addEventListener('error', ({ error, message }) => report(error, message ?? ''));
  page.addEventListener('unhandledrejection', ({ reason }) => report(reason, String(reason)));
}
