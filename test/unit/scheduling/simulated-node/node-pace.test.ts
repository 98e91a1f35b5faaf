import { describe, expect, it } from 'vitest';
import { changingPace, COLD, type NodePace, steadyPace, throttlingPace } from '../../../../src/scheduling/simulated-node/node-pace.js';

/** Ends of computations of these lengths, one after the other from 0 on. */
function endsOf(pace: NodePace, ...recordedSec: number[]): number[] {
  let done = { endSec: 0, heat: COLD };
  return recordedSec.map((sec) => (done = pace.compute(done.endSec, sec, done.heat)).endSec);
}

describe('the pace of a node', () => {
  it('is so many times that on record', () => {
    expect(endsOf(steadyPace(0.5), 10, 5)).toEqual([20, 30]);
  });

  it('changes in the midst of a computation', () => {
    const pace = changingPace((index, fromSec) => ({ untilSec: fromSec + 10, speed: index % 2 === 0 ? 1 : 0.5 }));
    // 10 s at full speed, 10 s at half, and again; an earlier start can be asked for afterwards.
    expect(endsOf(pace, 12, 3, 4)).toEqual([14, 20, 24]);
    expect(pace.compute(3, 1, COLD).endSec).toBe(4);
    expect(pace.compute(40, 1, COLD).endSec).toBe(41);
  });

  it('falls at the instant at which the node gets hot, and is itself again once it has cooled', () => {
    const pace = throttlingPace({ throttledSpeed: 0.5, timeConstantSec: 10, hot: 0.8, cool: 0.6 });
    // From 0 to 0.8 in 10 ln 5 = 16.1 s; from there to 0.6, nearing 0.5, in 10 ln 3 = 11.0 s at half the speed.
    const [hotSec, coolSec] = [10 * Math.log(5), 10 * Math.log(5) + 10 * Math.log(3)];
    expect(endsOf(pace, 10)).toEqual([10]);
    expect(endsOf(pace, 20)[0]).toBeCloseTo(hotSec + 2 * (20 - hotSec), 9);
    expect(endsOf(pace, 25)[0]).toBeCloseTo(coolSec + (25 - hotSec - (coolSec - hotSec) / 2), 9);
    const warm = pace.compute(0, 20, COLD);
    expect(pace.compute(warm.endSec, 1, warm.heat).endSec).toBeCloseTo(warm.endSec + 2, 9);
    // After a rest of 60 s.
    expect(pace.compute(warm.endSec + 60, 1, warm.heat).endSec).toBeCloseTo(warm.endSec + 61, 9);
  });

  it('does not depend on how the work is cut into images', () => {
    const throttling = { throttledSpeed: 0.6, timeConstantSec: 60, hot: 0.9, cool: 0.7 };
    const whole = endsOf(throttlingPace(throttling), 500).at(-1);
    const cut = endsOf(throttlingPace(throttling), ...Array.from({ length: 50 }, () => 10)).at(-1);
    expect(cut).toBeCloseTo(whole!, 6);
    expect(whole).toBeGreaterThan(550);
  });
});
