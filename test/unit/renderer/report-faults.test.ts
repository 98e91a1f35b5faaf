import { describe, expect, test } from 'vitest';
import type { WindowFault } from '../../../src/shared/api/window-fault.js';
import { windowFaultInput } from '../../../src/shared/api/window-fault.js';
import type { FaultyPage } from '../../../src/renderer/api/report-faults.js';
import { reportFaults } from '../../../src/renderer/api/report-faults.js';

type Listener = Parameters<FaultyPage['addEventListener']>[1];

function openPage(send?: (fault: WindowFault) => Promise<unknown>): { sent: WindowFault[]; fail: Record<string, Listener> } {
  const fail: Record<string, Listener> = {};
  const sent: WindowFault[] = [];
  const page: FaultyPage = { location: { hash: '#/runs' }, addEventListener: (type, listener) => (fail[type] = listener) };
  reportFaults(page, (fault) => (sent.push(windowFaultInput.parse(fault)), send?.(fault) ?? Promise.resolve()));
  return { sent, fail };
}

describe('faults of the window', () => {
  test('an error that nobody caught is told with its stack and the view', () => {
    const { sent, fail } = openPage();
    const error = new TypeError('x is undefined');
    fail['error']!({ error, message: 'Uncaught' });
    expect(sent).toEqual([{ message: 'x is undefined', stack: error.stack, view: '#/runs' }]);
  });

  test('so is a promise that nobody waits for, whatever it was rejected with', () => {
    const { sent, fail } = openPage();
    fail['unhandledrejection']!({ reason: 'a word' });
    expect(sent).toEqual([{ message: 'a word', stack: null, view: '#/runs' }]);
  });

  test('the same fault is told once, others up to a bound, and however long they are', () => {
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
