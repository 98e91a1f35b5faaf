// What the window says of its connection, and when.
import { effectScope, shallowRef, type EffectScope } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConnectionState, CoreFailure } from '../../../src/renderer/api/client.js';
import { createLink, type Link } from '../../../src/renderer/composables/useLink.js';
import { parseSignInAddress } from '../../../src/shared/sign-in-address.js';

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

function makeLink(findSession: () => Promise<'open' | 'expired' | null> = () => Promise.resolve(null)) {
  const connection = shallowRef<ConnectionState>('connecting');
  const coreFailure = shallowRef<CoreFailure | null>(null);
  const link = scope.run(() => createLink({ connection, coreFailure }, { nowMs: () => 7_000, findSession })) as Link;
  return { connection, coreFailure, link };
}

it('says nothing of a break of a moment, reconnects after a second, is offline after three', () => {
  const { connection, link } = makeLink();
  connection.value = 'open';
  connection.value = 'lost';
  expect([link.state.value, link.lostAtMs.value, link.reason.value]).toEqual(['brief', 7_000, null]);
  vi.advanceTimersByTime(1_000);
  expect([link.state.value, link.reason.value]).toEqual(['reconnecting', null]);
  vi.advanceTimersByTime(2_000);
  expect(link.state.value).toBe('offline');
  expect(link.reason.value).toMatch(/^Not connected since \d\d:\d\d:\d\d$/);
  connection.value = 'connecting';
  connection.value = 'lost';
  expect(link.lostAtMs.value).toBe(7_000);
  connection.value = 'open';
  expect([link.state.value, link.lostAtMs.value, link.reason.value]).toEqual(['open', null, null]);
  vi.advanceTimersByTime(10_000);
  expect(link.state.value).toBe('open');
});

it('knows a session that ended from a program that does not answer', async () => {
  let session: 'open' | 'expired' | null = null;
  const { connection, link } = makeLink(() => Promise.resolve(session));
  connection.value = 'lost';
  await vi.advanceTimersByTimeAsync(4_000);
  expect(link.isSessionExpired.value).toBe(false);
  session = 'expired';
  await vi.advanceTimersByTimeAsync(2_000);
  expect(link.isSessionExpired.value).toBe(true);
  session = null;
  await link.retry();
  expect(link.isSessionExpired.value).toBe(false);
});

it('leaves a core that has given up to its own page', () => {
  const { connection, coreFailure, link } = makeLink();
  connection.value = 'lost';
  coreFailure.value = { reason: 'It ended', hint: null, restart: () => undefined };
  vi.advanceTimersByTime(5_000);
  expect(link.reason.value).toBeNull();
});

it.each([
  ['http://127.0.0.1:4711/?token=a-B_9', 'http://127.0.0.1:4711/?token=a-B_9'],
  ['  Open http://localhost:80/?token=abc in a browser', 'http://localhost:80/?token=abc'],
  ['http://127.0.0.1:4711/', null],
  ['http://evil.example/?token=abc', null],
  ['http://127.0.0.1.evil.example/?token=abc', null],
  ['https://127.0.0.1:4711/?token=abc', null],
  ['', null],
])('finds the address in "%s"', (text, address) => {
  expect(parseSignInAddress(text)).toBe(address);
});
