import { expect, it } from 'vitest';
import { CongestionPrices } from '../../../../src/scheduling/learning/congestion-prices.js';

const capacity = Float64Array.of(10, 20);
const sizes = { slots: 3, servers: 2 };

/** Three slots: server 0 gets 2, 1 and 1 tasks, server 1 gets 0, 4 and 2; backlogs at the slots' ends as given, [slot][server]. */
function recordEpisode(prices: CongestionPrices, backlogs: readonly (readonly [number, number])[]): void {
  prices.startEpisode();
  const choices = [
    [0, 0],
    [0, 1, 1, 1, 1],
    [0, 1, 1],
  ];
  for (const [slot, chosen] of choices.entries()) {
    prices.recordSlot({ slot, choices: Int32Array.from(chosen), nextBacklogGigacycles: Float64Array.from(backlogs[slot] ?? []) });
  }
}

it('are the tasks that come later, half of those of the same slot, over the capacity', () => {
  const prices = new CongestionPrices(sizes);
  recordEpisode(prices, [
    [5, 5],
    [5, 5],
    [5, 5],
  ]);
  prices.learnEpisode(capacity, 1);
  const expected = [3 / 10, 6 / 20, 1.5 / 10, 4 / 20, 0.5 / 10, 1 / 20];
  expect([...prices.values]).toEqual(expected.map(Math.fround));
});

it('count no task that comes after the queue has run empty', () => {
  const prices = new CongestionPrices(sizes);
  recordEpisode(prices, [
    [0, 5],
    [5, 0],
    [5, 5],
  ]);
  prices.learnEpisode(capacity, 1);
  const expected = [1 / 10, 2 / 20 + 2 / 20, 1.5 / 10, 2 / 20, 0.5 / 10, 1 / 20];
  expect([...prices.values]).toEqual(expected.map(Math.fround));
});

it('go only a part of the way to what one episode tells', () => {
  const prices = new CongestionPrices(sizes, Float32Array.of(1, 1, 1, 1, 1, 1));
  recordEpisode(prices, [
    [5, 5],
    [5, 5],
    [5, 5],
  ]);
  prices.learnEpisode(capacity, 0.25);
  expect(prices.values[0]).toBeCloseTo(0.75 + 0.25 * 0.3, 6);
});

it('forget an episode that was broken off', () => {
  const prices = new CongestionPrices(sizes);
  prices.recordSlot({ slot: 2, choices: Int32Array.of(1, 1, 1, 1), nextBacklogGigacycles: Float64Array.of(1, 1) });
  recordEpisode(prices, [
    [5, 5],
    [5, 5],
    [5, 5],
  ]);
  prices.learnEpisode(capacity, 1);
  expect(prices.values[5]).toBe(Math.fround(1 / 20));
});

it('are refused where they are of other sizes', () => {
  expect(() => new CongestionPrices(sizes, new Float32Array(5))).toThrow('The prices are of an environment of other sizes');
});
