import { describe, expect, it } from 'vitest';
import { offerSlackMs, worthAsking } from '../../../../src/scheduling/policies/offer-slack.js';

const COMPUTE_MS = 10_000;
const of = (change: Partial<Parameters<typeof offerSlackMs>[0]>) =>
  offerSlackMs({ computeMs: COMPUTE_MS, expectedMs: 200_000, leftTasks: 20, edgeServerCount: 5, ...change });

describe('the slack of an offer', () => {
  it('is next to nothing for the last task: nothing evens out an error any more', () => {
    expect(of({ leftTasks: 0 })).toBe(200);
  });

  it('is next to nothing where the queue is short, so that no one waits behind a task that was not known of', () => {
    expect(of({ expectedMs: 0 })).toBe(200);
    expect(of({ expectedMs: -1 })).toBe(200);
  });

  it('grows with what is left to place, up to a tenth of the backlog', () => {
    expect(of({ leftTasks: 5 })).toBe(5_000);
    expect(of({ leftTasks: 1_000 })).toBe(20_000);
  });

  it('is never less than a fiftieth of the task, nor more than a tenth of the backlog beyond that', () => {
    for (const computeMs of [1, 3_800, 1e6])
      for (const expectedMs of [-1, 0, 7_000, 1e8])
        for (const leftTasks of [0, 1, 9_999])
          for (const edgeServerCount of [1, 5, 50]) {
            const slackMs = offerSlackMs({ computeMs, expectedMs, leftTasks, edgeServerCount });
            const minMs = 0.02 * computeMs;
            expect(slackMs).toBeGreaterThanOrEqual(minMs);
            expect(slackMs).toBeLessThanOrEqual(Math.max(minMs, 0.1 * expectedMs));
          }
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
