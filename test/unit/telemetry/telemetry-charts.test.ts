import { expect, test } from 'vitest';
import { listTelemetryCharts } from '../../../src/renderer/views/testbeds/telemetry-charts.js';
import type { TelemetrySample } from '../../../src/shared/telemetry.js';

const sample = (atMs: number, change: Partial<TelemetrySample> = {}): TelemetrySample => ({
  atMs,
  cpuPercent: 20,
  gpuPercent: 42,
  memoryUsedBytes: 4e9,
  memoryTotalBytes: 64e9,
  rails: [{ name: 'VDD_GPU_SOC', milliwatts: 5100 }],
  temperatures: [
    { name: 'cpu', celsius: 50 },
    { name: 'gpu', celsius: 52.5 },
  ],
  ...change,
});
const chart = (title: string, samples: TelemetrySample[]) => listTelemetryCharts({ samples }, 'orin').find((one) => one.title === title)!;

test('each chart says what is now, with its unit', () => {
  const now = listTelemetryCharts({ samples: [sample(1_000), sample(3_000)] }, 'orin').map((one) => one.now);

  expect(now).toEqual(['GPU 42.0 %, CPU 20.0 %', '4.0 of 64.0 GB', 'VDD_GPU_SOC 5.1 W', '52.5 °C']);
});

test('what a device does not report has no line and says so', () => {
  const load = chart('Load', [sample(1_000, { gpuPercent: null })]);
  expect(load.series.map(({ name }) => name)).toEqual(['CPU']);
  expect(load.now).toBe('GPU not reported by this device, CPU 20.0 %');

  const power = chart('Power', [sample(1_000, { rails: [] })]);
  expect(power.series).toEqual([]);
  expect(power.now).toBe('not reported by this device');
});

test('time counts from the newest sample, and a look away is a gap', () => {
  const { points } = chart('Memory', [sample(0), sample(2_000), sample(60_000)]).series[0]!;

  expect(points).toEqual([
    { x: -60, y: 4 },
    { x: -58, y: 4 },
    { x: -57.999, y: null },
    { x: 0, y: 4 },
  ]);
});
