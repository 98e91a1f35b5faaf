import { expect, it } from 'vitest';
import { joinIntervals } from '../../../src/main/domain/run-comparison/thin-timelines.js';

it('closes gaps that no screen can show and keeps the others', () => {
  const intervals = [
    { startMs: 0, endMs: 10 },
    { startMs: 12, endMs: 20 },
    { startMs: 30, endMs: 40 },
    { startMs: 35, endMs: 38 },
  ];
  expect(joinIntervals(intervals, 5)).toEqual([
    { startMs: 0, endMs: 20 },
    { startMs: 30, endMs: 40 },
  ]);
});
