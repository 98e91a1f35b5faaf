import { expect, test } from 'vitest';
import { computeDiffusionSchedule, encodeStep } from '../../../../src/scheduling/learning/diffusion-schedule.js';

const paper = computeDiffusionSchedule({ denoisingSteps: 5, betaMin: 0.1, betaMax: 10 });

test('the product of 1 - beta telescopes to exp(-(betaMin + betaMax) / 2) after the last step', () => {
  for (const denoisingSteps of [1, 2, 5, 10]) {
    const { alphasCumprod } = computeDiffusionSchedule({ denoisingSteps, betaMin: 0.1, betaMax: 10 });
    expect(alphasCumprod.at(-1)).toBeCloseTo(Math.exp(-(0.1 + 10) / 2), 12);
  }
});

test('the first beta is the formula worked out by hand', () => {
  expect(paper.betas[0]).toBeCloseTo(1 - Math.exp(-0.1 / 5 - 9.9 / 50), 12);
});

test('with five steps the chain amplifies its start 12.5 times', () => {
  expect(1 / Math.sqrt(paper.alphasCumprod.at(-1)!)).toBeCloseTo(12.5, 1);
});

test('the last step of the chain adds no noise', () => {
  expect(paper.posteriorVariances[0]).toBe(0);
});

test('the noise of the other steps lies below their beta', () => {
  paper.posteriorVariances.slice(1).forEach((variance, index) => {
    expect(variance).toBeGreaterThan(0);
    expect(variance).toBeLessThan(paper.betas[index + 1]!);
  });
});

test('a step is encoded as sines, then cosines, from the fastest to the slowest', () => {
  const encoding = encodeStep(3, 4);
  expect(encoding).toHaveLength(4);
  [Math.sin(3), Math.sin(3e-4), Math.cos(3), Math.cos(3e-4)].forEach((expected, index) =>
    expect(encoding[index]).toBeCloseTo(expected, 12),
  );
});
