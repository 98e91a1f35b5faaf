import { expect, test } from 'vitest';
import { measureClockOffset } from '../../../src/main/domain/nodes/facts/clock-offset.js';

test('the quickest round trip tells the offset, and half of it bounds the error', () => {
  const readings = [
    { askedAtMs: 1_700_000_000_000, answeredAtMs: 1_700_000_000_400, output: '1700000005.900000000\n' },
    { askedAtMs: 1_700_000_001_000, answeredAtMs: 1_700_000_001_020, output: '1700000006.510000000\n' },
  ];
  expect(measureClockOffset(readings)).toEqual({ clockOffsetMs: 5_500, clockErrorMs: 11 });
});

test('whatever the network does, the true offset lies within the bound', () => {
  const trueOffsetMs = -1_234;
  for (const [toMs, backMs] of [
    [1, 99],
    [99, 1],
    [50, 50],
    [0, 300],
  ] as const) {
    const askedAtMs = 1_700_000_000_000;
    const nodeMs = askedAtMs + toMs + trueOffsetMs;
    const output = `${Math.floor(nodeMs / 1000)}.${String(nodeMs % 1000).padStart(3, '0')}`;
    const { clockOffsetMs, clockErrorMs } = measureClockOffset([{ askedAtMs, answeredAtMs: askedAtMs + toMs + backMs, output }]);
    expect(Math.abs(clockOffsetMs! - trueOffsetMs)).toBeLessThanOrEqual(clockErrorMs!);
  }
});

test.each(['1700000000.%N', '1700000000.N', '1700000000.'])(
  'a date that knows whole seconds only (%s) widens the bound by half a second',
  (output) => {
    const reading = { askedAtMs: 1_700_000_000_000, answeredAtMs: 1_700_000_000_010, output };
    expect(measureClockOffset([reading])).toEqual({ clockOffsetMs: 495, clockErrorMs: 506 });
  },
);

test('a clock that was never set tells its offset too', () => {
  const reading = { askedAtMs: 1_700_000_000_000, answeredAtMs: 1_700_000_000_010, output: '95.250000000\n' };
  expect(measureClockOffset([reading])).toEqual({ clockOffsetMs: -1_699_999_904_755, clockErrorMs: 6 });
});

test.each(['', 'date: not found', '17', '1700000000.1234567890123'])('an answer that is no time (%j) tells no offset', (output) => {
  const reading = { askedAtMs: 1_700_000_000_000, answeredAtMs: 1_700_000_000_010, output };
  expect(measureClockOffset([reading])).toEqual({ clockOffsetMs: null, clockErrorMs: null });
});
