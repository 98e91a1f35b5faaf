import { describe, expect, it } from 'vitest';
import { offerSlackMs, worthAsking } from '../../../../src/scheduling/policies/offer-slack.js';

const COMPUTE_MS = 10_000;
const of = (change: Partial<Parameters<typeof offerSlackMs>[0]>) =>
  offerSlackMs({ computeMs: new Array<number>(5).fill(COMPUTE_MS), server: 0, expectedMs: 200_000, leftTasks: 20, ...change });

describe('the slack of an offer', () => {
  it('is next to nothing for the last task: nothing evens out an error any more', () => {
    expect(of({ leftTasks: 0 })).toBe(200);
  });

  it('grows with what is left to place, and is less where it spreads over more edge servers', () => {
    expect(of({ leftTasks: 5 })).toBe(COMPUTE_MS);
    expect(of({ leftTasks: 20 })).toBe(4 * COMPUTE_MS);
    expect(of({ leftTasks: 20, computeMs: new Array<number>(20).fill(COMPUTE_MS) })).toBe(COMPUTE_MS);
  });

  it('is bounded by what the others may have placed: half a task each and a tenth of the backlog', () => {
    expect(of({ leftTasks: 1000 })).toBe(2.5 * COMPUTE_MS + 20_000);
    expect(of({ leftTasks: 1000, expectedMs: 0 })).toBe(2.5 * COMPUTE_MS);
    expect(of({ leftTasks: 1000, expectedMs: -1 })).toBe(2.5 * COMPUTE_MS);
  });

  it('is of the fastest edge server: what a slow one has too much takes the others longer to even out', () => {
    const computeMs = [COMPUTE_MS, 4 * COMPUTE_MS, 2 * COMPUTE_MS];
    expect(of({ computeMs, server: 1, leftTasks: 6 })).toBe(2 * COMPUTE_MS);
    // A fiftieth of its own time in any case.
    expect(of({ computeMs, server: 1, leftTasks: 0 })).toBe(800);
  });

  it('knows nothing of an edge server that has never answered', () => {
    expect(of({ computeMs: [COMPUTE_MS, 0], leftTasks: 2 })).toBe(COMPUTE_MS);
    expect(of({ computeMs: [0, 0], leftTasks: 2 })).toBe(0);
  });
});

describe('who is worth asking after a refusal', () => {
  it('are the four that would be done first by what is believed', () => {
    expect(worthAsking([50, 10, 40, 20, 30, 60])).toEqual([1, 3, 4, 2]);
  });

  it('are none of those of which there is nothing to ask', () => {
    expect(worthAsking([Infinity, 10, NaN, 5])).toEqual([3, 1]);
    expect(worthAsking([Infinity, Infinity])).toEqual([]);
  });
});
