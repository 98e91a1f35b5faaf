import { describe, expect, it } from 'vitest';
import { ProgressMeter } from '../../../src/main/domain/models/progress-meter.js';
import type { ModelProgress } from '../../../src/shared/model.js';

function meter(totalBytes: number) {
  const reports: ModelProgress[] = [];
  const clock = { nowMs: 0 };
  const progress = new ProgressMeter({ phase: 'copying', totalBytes, nowMs: () => clock.nowMs, report: (report) => reports.push(report) });
  return {
    reports,
    startFrom(nowMs: number, bytes: number) {
      clock.nowMs = nowMs;
      progress.startFrom(bytes);
    },
    at(nowMs: number, bytes: number) {
      clock.nowMs = nowMs;
      progress.add(bytes);
    },
  };
}

describe('ProgressMeter', () => {
  it('tells rate and rest', () => {
    const { at, reports } = meter(1000);
    at(1000, 250);
    expect(reports.at(-1)).toEqual({ phase: 'copying', doneBytes: 250, totalBytes: 1000, bytesPerSec: 250, remainingSec: 3 });
  });

  it('does not report more than five times a second', () => {
    const { at, reports } = meter(10_000);
    for (let ms = 1; ms <= 1000; ms++) at(ms, 1);
    expect(reports).toHaveLength(5);
  });

  it('always reports the end', () => {
    const { at, reports } = meter(2);
    at(1, 1);
    at(2, 1);
    expect(reports.at(-1)).toMatchObject({ doneBytes: 2, remainingSec: 0 });
  });

  it('follows a disk that becomes slow', () => {
    const { at, reports } = meter(1_000_000);
    for (let second = 1; second <= 10; second++) at(second * 1000, 10_000);
    for (let second = 11; second <= 20; second++) at(second * 1000, 100);
    expect(reports.at(-1)?.bytesPerSec).toBe(100);
  });

  it('counts what was done before, and leaves it out of the rate', () => {
    const { at, startFrom, reports } = meter(1000);
    startFrom(5000, 500);
    expect(reports).toEqual([{ phase: 'copying', doneBytes: 500, totalBytes: 1000, bytesPerSec: null, remainingSec: null }]);
    at(6000, 100);
    expect(reports.at(-1)).toMatchObject({ doneBytes: 600, bytesPerSec: 100, remainingSec: 4 });
  });
});
