import { expect, test } from 'vitest';
import { pingIntervalMs } from '../../../src/agent/service-notifier.js';

test('the agent pings three times in a period of the watchdog', () => {
  expect(pingIntervalMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 7)).toBe(10_000);
});

test('it does not ping for another process, nor without a watchdog', () => {
  expect(pingIntervalMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, 7)).toBeNull();
  expect(pingIntervalMs({}, 7)).toBeNull();
  expect(pingIntervalMs({ WATCHDOG_USEC: 'soon' }, 7)).toBeNull();
});
