import { describe, expect, it } from 'vitest';
import { indexOfTime, layOutMarks, placeStretches, stretchAt, timeAt } from '../../../../src/renderer/views/gallery/time-marks.js';

const HOUR = 3_600_000;
const stretch = (runId: string, count: number, firstAtMs: number, lastAtMs: number) => ({
  ...{ runId, runName: `Run ${runId}`, count, firstAtMs, lastAtMs },
});
/** 100 images of a, 300 of b over two hours, 100 of c two days later. */
const STRETCHES = [
  stretch('a', 100, 0, HOUR - 1),
  stretch('b', 150, 2 * HOUR, 3 * HOUR - 1),
  stretch('b', 150, 3 * HOUR, 4 * HOUR - 1),
  stretch('c', 100, 50 * HOUR, 51 * HOUR - 1),
];
const dayOf = (atMs: number): string => `Day ${Math.floor(atMs / (24 * HOUR)) + 1}`;

describe('times at the side of the gallery', () => {
  it('places each stretch where its images are in the list, in either order', () => {
    expect(placeStretches(STRETCHES, false).map(({ index }) => index)).toEqual([0, 100, 250, 400]);
    expect(placeStretches(STRETCHES, true).map(({ runId, index }) => [runId, index])).toEqual([
      ['c', 0],
      ['b', 100],
      ['b', 250],
      ['a', 400],
    ]);
  });

  it('says of an image when it came in, and of a time which image to show', () => {
    for (const isNewestFirst of [true, false]) {
      const placed = placeStretches(STRETCHES, isNewestFirst);
      for (const index of [0, 99, 130, 420, 499]) {
        const atMs = timeAt(stretchAt(placed, index)!, index, isNewestFirst);
        expect(indexOfTime(placed, atMs, isNewestFirst)).toBe(index);
      }
    }
  });

  it('goes to the nearest image in the order of the list for a time without any', () => {
    expect(indexOfTime(placeStretches(STRETCHES, false), 20 * HOUR, false)).toBe(400);
    expect(indexOfTime(placeStretches(STRETCHES, true), 20 * HOUR, true)).toBe(100);
    expect(indexOfTime(placeStretches(STRETCHES, true), 900 * HOUR, true)).toBe(0);
    expect(indexOfTime(placeStretches(STRETCHES, true), -1, true)).toBe(499);
    expect(indexOfTime([], 0, true)).toBe(0);
  });

  it('marks days first, then the runs between them where there is room', () => {
    const options = { total: 500, heightPx: 500, linePx: 16, dayOf, linesOf: (name: string) => [name] };
    expect(layOutMarks(placeStretches(STRETCHES, false), { ...options, gapPx: 20 })).toEqual([
      { topPx: 0, text: 'Day 1', lines: ['Day 1'], kind: 'day' },
      { topPx: 100, text: 'Run b', lines: ['Run b'], kind: 'run' },
      { topPx: 400, text: 'Day 3', lines: ['Day 3'], kind: 'day' },
    ]);
    expect(layOutMarks(placeStretches(STRETCHES, false), { ...options, gapPx: 150 }).map(({ text }) => text)).toEqual(['Day 1']);
  });

  it('leaves out a run whose lines have no room', () => {
    const options = { total: 500, heightPx: 100, gapPx: 20, linePx: 16, dayOf };
    const textsOf = (lines: string[]): string[] =>
      layOutMarks(placeStretches(STRETCHES, false), { ...options, linesOf: () => lines }).map(({ text }) => text);
    expect(textsOf(['one', 'two'])).toEqual(['Day 1', 'Run b', 'Day 3']);
    expect(textsOf(['one', 'two', 'three', 'four'])).toEqual(['Day 1', 'Day 3']);
  });
});
