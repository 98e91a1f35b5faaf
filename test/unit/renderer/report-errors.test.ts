import { describe, expect, test } from 'vitest';
import type { WindowError } from '../../../src/shared/api/window-error.js';
import { windowErrorInput } from '../../../src/shared/api/window-error.js';
import type { ErrorPage } from '../../../src/renderer/api/report-errors.js';
import { reportErrors } from '../../../src/renderer/api/report-errors.js';

type Listener = Parameters<ErrorPage['addEventListener']>[1];

function openPage(send?: (windowError: WindowError) => Promise<unknown>): { sent: WindowError[]; fail: Record<string, Listener> } {
  const fail: Record<string, Listener> = {};
  const sent: WindowError[] = [];
  const page: ErrorPage = { location: { hash: '#/runs' }, addEventListener: (type, listener) => (fail[type] = listener) };
  reportErrors(page, (windowError) => (sent.push(windowErrorInput.parse(windowError)), send?.(windowError) ?? Promise.resolve()));
  return { sent, fail };
}

describe('faults of the window', () => {
  test('an error that no one caught is reported with its stack and the view', () => {
    const { sent, fail } = openPage();
    const error = new TypeError('x is undefined');
    fail['error']!({ error, message: 'Uncaught' });
    expect(sent).toEqual([{ message: 'x is undefined', stack: error.stack, view: '#/runs' }]);
  });

  test('so is a promise that no one waits for, whatever it was rejected with', () => {
    const { sent, fail } = openPage();
    fail['unhandledrejection']!({ reason: 'a word' });
    expect(sent).toEqual([{ message: 'a word', stack: null, view: '#/runs' }]);
  });

  test('the same error is reported once, others up to a bound, and however long they are', () => {
    const { sent, fail } = openPage();
    const error = new Error('long '.repeat(10_000));
    for (let i = 0; i < 3; i++) fail['error']!({ error });
    expect(sent).toHaveLength(1);
    for (let i = 0; i < 500; i++) fail['error']!({ message: `fault ${i}` });
    expect(sent.length).toBeLessThan(100);
  });

  test('what Chromium says of a layout that needs one more frame is no fault', () => {
    const { sent, fail } = openPage();
    fail['error']!({ message: 'ResizeObserver loop completed with undelivered notifications.', error: null });
    expect(sent).toEqual([]);
  });

  test('a core that is away is no further fault', async () => {
    const { sent, fail } = openPage(() => Promise.reject(new Error('away')));
    fail['error']!({ message: 'fault' });
    await Promise.resolve();
    expect(sent).toHaveLength(1);
  });
});
