import { describe, expect, it } from 'vitest';
import { estimateRemainingSec } from '../../../src/main/domain/runs/estimate-remaining.js';

const base = { openWorkSec: 1000, doneWorkSec: 0, doneCount: 0, speedSum: 5, nodeCount: 5, elapsedSec: 0, lastArrivalSec: 0 };

describe('estimateRemainingSec', () => {
  it('rests on the time models before there are results', () => {
    expect(estimateRemainingSec(base)).toBe(200);
  });

  it('follows what is measured once every node has finished some tasks', () => {
    // 20 tasks of 18 s in 144 s on 5 nodes: half the speed of the models, with half a task each under way.
    const slow = estimateRemainingSec({ ...base, doneWorkSec: 360, doneCount: 20, elapsedSec: 144 });
    expect(slow).toBeGreaterThan(300);
    expect(slow).toBeLessThan(400);
  });

  it('is never less than the time until the last arrival', () => {
    expect(estimateRemainingSec({ ...base, openWorkSec: 10, lastArrivalSec: 500, elapsedSec: 100 })).toBe(400);
  });

  it('says that it does not know when no node answers', () => {
    expect(estimateRemainingSec({ ...base, nodeCount: 0, speedSum: 0 })).toBeNull();
  });

  it('is zero when nothing is open', () => {
    expect(estimateRemainingSec({ ...base, openWorkSec: 0 })).toBe(0);
  });
});
