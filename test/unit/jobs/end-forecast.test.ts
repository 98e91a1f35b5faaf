import { expect, it } from 'vitest';
import { EndForecast } from '../../../src/main/domain/jobs/end-forecast.js';
import type { JobProgress } from '../../../src/shared/job.js';

const progress = (done: number, total: number | null = 100): JobProgress => ({ done, total, unit: 'items', phase: null });

it('says nothing before there are a few predictions', () => {
  const forecast = new EndForecast();
  for (const atMs of [0, 2_000, 4_000]) forecast.report({ progress: progress(atMs / 1000) }, atMs);
  expect(forecast.remaining(4_000)).toBeNull();
});

it('is one number where the pace is even', () => {
  const forecast = new EndForecast();
  for (let sec = 0; sec <= 10; sec += 2) forecast.report({ progress: progress(sec) }, sec * 1000);
  const remaining = forecast.remaining(10_000);
  expect(remaining?.lowSec).toBeCloseTo(90);
  expect(remaining?.highSec).toBeCloseTo(90);
});

it('is a range where it is not, and shrinks as time goes by', () => {
  const forecast = new EndForecast();
  [40, 60, 50].forEach((remainingSec, index) => forecast.report({ progress: null, remainingSec }, index * 10_000));
  expect(forecast.remaining(20_000)).toEqual({ lowSec: 20, highSec: 50 });
  expect(forecast.remaining(30_000)).toEqual({ lowSec: 10, highSec: 40 });
  expect(forecast.remaining(90_000)).toEqual({ lowSec: 0, highSec: 0 });
});

it('takes reports that come thick as one', () => {
  const forecast = new EndForecast();
  for (let index = 0; index < 20; index++) forecast.report({ progress: null, remainingSec: index }, index);
  expect(forecast.remaining(20)).toBeNull();
});

it('starts again with a phase that counts again', () => {
  const forecast = new EndForecast();
  for (let sec = 0; sec <= 8; sec += 2) forecast.report({ progress: progress(sec * 10) }, sec * 1000);
  expect(forecast.remaining(8_000)).not.toBeNull();
  forecast.report({ progress: progress(1) }, 10_000);
  expect(forecast.remaining(10_000)).toBeNull();
});

it('says nothing where the whole is not known', () => {
  const forecast = new EndForecast();
  for (let sec = 0; sec <= 8; sec += 2) forecast.report({ progress: progress(sec, null) }, sec * 1000);
  expect(forecast.remaining(8_000)).toBeNull();
});
