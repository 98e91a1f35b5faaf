import { expect, it } from 'vitest';
import { readInstant } from '../../../src/shared/query/instants.js';

const NOW = new Date(2026, 10, 29, 12, 0).getTime();

it('takes a day for the whole of it on this computer’s clock', () => {
  expect(readInstant('2026-11-01', NOW)).toEqual({ fromMs: new Date(2026, 10, 1).getTime(), toMs: new Date(2026, 10, 2).getTime() });
});

it('takes an instant and an age for a moment', () => {
  const at = new Date(2026, 10, 1, 14, 30).getTime();
  expect(readInstant('2026-11-01T14:30', NOW)).toEqual({ fromMs: at, toMs: at });
  expect(readInstant('7d', NOW)).toEqual({ fromMs: NOW - 7 * 86_400_000, toMs: NOW - 7 * 86_400_000 });
  expect(readInstant('90min', NOW)?.fromMs).toBe(NOW - 90 * 60_000);
});

it.each(['2026-02-30', '2026-13-01', '2026-11-01T25:00', '2026-11-01T10:61', '7', 'd', '', '1y', '-7d', '2026-11-1'])(
  'takes “%s” for none',
  (text) => {
    expect(readInstant(text, NOW)).toBeNull();
  },
);
