// How many requests at once make a platform faster than the paper's system: the paper's figures at |N| = 100, 382.4 s.
import { describe, expect, it } from 'vitest';
import { describeCrossing, findCrossing } from '../../../src/shared/crossings.js';

describe('the crossing of a platform with the paper’s 382.4 s', () => {
  it.each([
    // N x delay of one image / 382.4, and the first whole number k with ceil(100 / k) rounds below 382.4 s.
    ['Midjourney', 75.9, 19.8483, 20],
    ['OpenAI', 14.7, 3.8441, 4],
    ['Replicate', 32.9, 8.6036, 10],
    ['Deepinfra', 12.7, 3.3211, 4],
    ['Stability.AI', 5.4, 1.4121, 2],
  ])('of %s', (_name, singleSec, atOnce, wholeAtOnce) => {
    const crossing = findCrossing(singleSec, 100, 382.4, 100);
    expect(crossing).toMatchObject({ kind: 'at', wholeAtOnce });
    expect(crossing.kind === 'at' && crossing.atOnce).toBeCloseTo(atOnce, 4);
  });

  it('is said in one sentence', () => {
    expect(describeCrossing('Stability.AI SD3', "the paper's 382.4 s", findCrossing(5.4, 100, 382.4, 100), 100)).toBe(
      "Stability.AI SD3 passes the paper's 382.4 s at 1.41 requests at once (2 in whole requests).",
    );
  });

  it('says why it is not the next whole number: 9 at once need 12 rounds, 394.8 s', () => {
    expect(describeCrossing('Replicate SD1.5', "the paper's 382.4 s", findCrossing(32.9, 100, 382.4, 100), 100)).toBe(
      "Replicate SD1.5 passes the paper's 382.4 s at 8.60 requests at once (10 in whole requests, because images are made in whole rounds).",
    );
  });
});

describe('no crossing', () => {
  it('is of a platform that is faster with one request at a time', () => {
    expect(findCrossing(5.4, 1, 18.3, 100)).toEqual({ kind: 'already' });
  });

  it('is of one image that takes longer than all of them here: it can not be divided', () => {
    expect(findCrossing(75.9, 1, 18.3, 100)).toEqual({ kind: 'never' });
  });

  it('is beyond the limit', () => {
    expect(findCrossing(75.9, 1000, 100, 100)).toEqual({ kind: 'never' });
  });
});
