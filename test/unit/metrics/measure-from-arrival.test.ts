import { describe, expect, it } from 'vitest';
import { measureFromArrival, placeOnRunAxis } from '../../../src/scheduling/metrics/measure-from-arrival.js';

const station = { uploadMs: 10, waitingMs: 1_000, computeMs: 18_000, downloadMs: 20, controlMs: 70, serviceMs: 19_100 };

const sent = (...atMs: number[]) => atMs.map((sentMs) => ({ sentMs, wasTakenBack: false }));

describe('the service delay of a task', () => {
  it('is what the base station measured when it was sent at its arrival, once', () => {
    const delays = measureFromArrival(station, { arrivalMs: 500, sendings: sent(500) });
    expect(delays).toEqual({ ...station, resendMs: 0 });
  });

  it('starts at the arrival when the task was re-sent', () => {
    const delays = measureFromArrival(station, { arrivalMs: 500, sendings: sent(500, 36_200) });
    expect(delays).toMatchObject({ serviceMs: 19_100 + 35_700, resendMs: 35_700, controlMs: 70 });
  });

  it('counts as control what the control center held it back', () => {
    const delays = measureFromArrival(station, { arrivalMs: 500, sendings: sent(900) });
    expect(delays).toMatchObject({ serviceMs: 19_500, resendMs: 0, controlMs: 470 });
  });

  it('does not count as lost what a newer lease took over from the older one', () => {
    // Re-sent 5 s before the computation ended that the first lease had started.
    const takenOver = { ...station, controlMs: 0, serviceMs: 5_000 };
    const delays = measureFromArrival(takenOver, { arrivalMs: 0, sendings: sent(0, 15_000) });
    expect(delays.serviceMs).toBe(20_000);
    expect(delays.resendMs).toBe(20_000 - 10 - 1_000 - 18_000 - 20);
    expect(delays.controlMs).toBe(0);
  });

  it('counts as waiting what a pause took back, until it was re-sent', () => {
    const sendings = [{ sentMs: 500, wasTakenBack: true }, ...sent(8_500)];
    const delays = measureFromArrival(station, { arrivalMs: 500, sendings });
    expect(delays).toEqual({ ...station, waitingMs: 9_000, resendMs: 0, serviceMs: 27_100 });
  });

  it('never has negative parts, though clocks of two nodes drift', () => {
    const delays = measureFromArrival({ ...station, serviceMs: 19_025 }, { arrivalMs: 0, sendings: sent(0) });
    expect(delays).toMatchObject({ controlMs: 0, resendMs: 0, serviceMs: 19_025 });
  });
});

describe('a computation on the axis of the run', () => {
  const times = { firstSentMs: 1_000, acceptedMs: 20_000 };

  it('stays where it is when it lies between sending and acceptance', () => {
    const placed = placeOnRunAxis({ computeStartMs: 1_000, computeEndMs: 19_500 }, times);
    expect(placed).toEqual({ computeStartMs: 1_000, computeEndMs: 19_500, axisShiftMs: 0 });
  });

  it('does not end after its result was accepted', () => {
    const placed = placeOnRunAxis({ computeStartMs: 7_000, computeEndMs: 25_000 }, times);
    expect(placed).toEqual({ computeStartMs: 2_000, computeEndMs: 20_000, axisShiftMs: -5_000 });
  });

  it('does not start before its task was sent', () => {
    const placed = placeOnRunAxis({ computeStartMs: 400, computeEndMs: 18_400 }, times);
    expect(placed).toEqual({ computeStartMs: 1_000, computeEndMs: 19_000, axisShiftMs: 600 });
  });

  it('keeps the length of one that fits nowhere, so that the audit finds it', () => {
    const placed = placeOnRunAxis({ computeStartMs: 0, computeEndMs: 30_000 }, times);
    expect(placed).toEqual({ computeStartMs: -10_000, computeEndMs: 20_000, axisShiftMs: -10_000 });
  });
});
