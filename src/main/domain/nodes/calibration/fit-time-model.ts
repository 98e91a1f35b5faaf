// The line through measured images: seconds = fixedSec + steps x secPerStep, by least squares.
import type { CalibrationSample } from '../../../../shared/calibration.js';
import type { TimeModel } from '../../../../shared/testbed.js';

/** Neither figure is ever negative. Throws when there are not two different numbers of steps. */
export function fitTimeModel(samples: readonly CalibrationSample[]): TimeModel & { residualSec: number } {
  const meanSteps = mean(samples.map(({ qualitySteps }) => qualitySteps));
  const meanSec = mean(samples.map(({ computeSec }) => computeSec));
  const spread = sum(samples.map(({ qualitySteps }) => (qualitySteps - meanSteps) ** 2));
  if (!(spread > 0)) throw new Error('A time model needs images of two different numbers of steps');
  const slope = sum(samples.map(({ qualitySteps, computeSec }) => (qualitySteps - meanSteps) * (computeSec - meanSec))) / spread;
  const line = withinBounds(samples, { secPerStep: slope, fixedSec: meanSec - slope * meanSteps }, meanSec);
  const squares = samples.map(({ qualitySteps, computeSec }) => (computeSec - line.fixedSec - qualitySteps * line.secPerStep) ** 2);
  return { ...line, residualSec: Math.sqrt(mean(squares)) };
}

/** The best line with neither figure below zero: where one would be, it is zero and the other fitted alone. */
function withinBounds(samples: readonly CalibrationSample[], line: TimeModel, meanSec: number): TimeModel {
  if (line.secPerStep < 0) return { secPerStep: 0, fixedSec: meanSec };
  if (line.fixedSec >= 0) return line;
  const products = sum(samples.map(({ qualitySteps, computeSec }) => qualitySteps * computeSec));
  return { secPerStep: products / sum(samples.map(({ qualitySteps }) => qualitySteps ** 2)), fixedSec: 0 };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
