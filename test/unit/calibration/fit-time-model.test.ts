import { expect, test } from 'vitest';
import { fitTimeModel } from '../../../src/main/domain/nodes/calibration/fit-time-model.js';
import { measureNode } from '../../../src/main/domain/nodes/calibration/measure-node.js';
import type { CalibrationSample } from '../../../src/shared/calibration.js';

const samples = (...pairs: [number, number][]): CalibrationSample[] =>
  pairs.map(([qualitySteps, computeSec]) => ({ qualitySteps, computeSec }));

test('images on a line give the line and no residual', () => {
  const fit = fitTimeModel(samples([5, 8.8], [20, 23.8], [10, 13.8]));
  expect(fit.fixedSec).toBeCloseTo(3.8, 9);
  expect(fit.secPerStep).toBeCloseTo(1, 9);
  expect(fit.residualSec).toBeCloseTo(0, 9);
});

test('images off the line give the line of least squares and how far off they are', () => {
  // Worked out by hand: means 8 and 16 at 5 and 20 steps, each image 1 s off.
  const fit = fitTimeModel(samples([5, 7], [5, 9], [20, 15], [20, 17]));
  expect(fit.secPerStep).toBeCloseTo(8 / 15, 9);
  expect(fit.fixedSec).toBeCloseTo(8 - (5 * 8) / 15, 9);
  expect(fit.residualSec).toBeCloseTo(1, 9);
});

test('a fixed part that would be negative is zero, and the time of a step fitted to that', () => {
  const fit = fitTimeModel(samples([5, 1], [20, 20]));
  expect(fit).toMatchObject({ fixedSec: 0 });
  expect(fit.secPerStep).toBeCloseTo((5 * 1 + 20 * 20) / (25 + 400), 9);
});

test('steps that seem to cost nothing leave the mean', () => {
  expect(fitTimeModel(samples([5, 4], [20, 2]))).toMatchObject({ secPerStep: 0, fixedSec: 3 });
});

test('images of one number of steps alone are refused', () => {
  expect(() => fitTimeModel(samples([5, 4], [5, 6]))).toThrow('two different numbers of steps');
});

test('a node makes one image to warm up, and then both numbers of steps in turn', async () => {
  const asked: number[] = [];
  const measured: CalibrationSample[] = [];
  await measureNode({
    nodeName: 'orin-1',
    client: {
      describe: () => Promise.resolve({ workerKind: 'diffusers' } as never),
      probe: ({ qualitySteps = 0 }) => {
        asked.push(qualitySteps);
        return Promise.resolve({ computeMs: 1_000 * qualitySteps } as never);
      },
    },
    imagesPerCount: 2,
    signal: new AbortController().signal,
    onSample: (sample) => measured.push(sample),
  });
  expect(asked).toEqual([1, 5, 20, 5, 20]);
  expect(measured.map(({ computeSec }) => computeSec)).toEqual([5, 20, 5, 20]);
});

test('a simulated worker is not measured', async () => {
  const client = { describe: () => Promise.resolve({ workerKind: 'simulated' } as never), probe: () => Promise.reject(new Error('asked')) };
  const measuring = measureNode({
    nodeName: 'orin-1',
    client,
    imagesPerCount: 1,
    signal: new AbortController().signal,
    onSample: () => undefined,
  });
  await expect(measuring).rejects.toMatchObject({ code: 'unsupported' });
});
