import { describe, expect, it } from 'vitest';
import { estimateOverload, expectedControlShare } from '../../../src/main/domain/runs/estimate-overload.js';
import { buildTiming } from '../../support/run-fixtures.js';

const nodes = [1, 2, 3, 4, 5].map((number) => ({
  ...buildTiming(number),
  ordinal: number - 1,
  linkMbps: 1000,
  agentVersion: '1',
  facts: null,
  worker: null,
}));
const batch = (count: number) => Array.from({ length: count }, () => ({ arrivalMs: 0, computedSteps: 14 }));
const reference = { slowdown: 1, coreCount: 2 };
const input = (timeScale: number, count = 300) => ({ tasks: batch(count), nodes, timeScale, speed: reference });

describe('the estimate of what this machine adds', () => {
  // What runs of 300 tasks on five nodes of the paper's device measured: 21 %, 89 % and 91 % of control.
  it.each([
    [100, 0.21],
    [400, 0.89],
    [1000, 0.91],
  ])('at x%i is within a third of what was measured', (timeScale, measured) => {
    expect(expectedControlShare(input(timeScale)) / measured).toBeGreaterThan(0.66);
    expect(expectedControlShare(input(timeScale)) / measured).toBeLessThan(1.5);
  });

  it('has no word for what the machine keeps', () => {
    expect(estimateOverload(input(10))).toEqual({ overload: null, keptTimeScale: null, warnings: [] });
  });

  it('warns of what will probably be invalid, and names a time scale that is not', () => {
    const { overload, keptTimeScale, warnings } = estimateOverload(input(100));
    expect(overload).toBeNull();
    expect(warnings[0]).toMatch(
      /^Probably invalid: at time scale ×100 control is estimated to take roughly \d+ % of the mean service delay \(limit 5 %\)\. /,
    );
    const kept = Number(/can keep up to about ×(\d+): use/.exec(warnings[0] ?? '')?.[1]);
    expect(keptTimeScale).toBe(kept);
    expect(expectedControlShare(input(kept))).toBeLessThanOrEqual(0.05);
  });

  it('refuses what would measure mostly this machine', () => {
    expect(estimateOverload(input(1000, 1000)).overload).toMatch(/^This machine can't keep time scale ×1,000 for this batch/);
  });

  it('expects less of a faster machine, and of one with more cores', () => {
    const share = (speed: { slowdown: number; coreCount: number }) => expectedControlShare({ ...input(100), speed });
    expect(share({ slowdown: 0.25, coreCount: 2 })).toBeLessThan(share(reference) / 3);
    expect(share({ slowdown: 1, coreCount: 6 })).toBeLessThan(share(reference) / 2);
  });

  it('expects less where tasks come one by one', () => {
    const spread = batch(300).map((task, index) => ({ ...task, arrivalMs: index * 5_000 }));
    expect(expectedControlShare({ ...input(20), tasks: spread })).toBeLessThan(0.02);
  });
});
