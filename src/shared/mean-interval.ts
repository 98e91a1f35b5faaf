// Mean of independent repetitions with the interval that holds the true mean in 95 of 100 experiments.
import { quantile975 } from './student-t.js';

export interface MeanInterval {
  mean: number;
  /** Half the width of the 95 % interval (Student's t, n - 1 degrees of freedom); null of a single repetition. */
  halfWidth95: number | null;
}

/** Of at least one value; NaN of none. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const mean = meanOf(values);
  const deviation = standardDeviation(values);
  return { mean, halfWidth95: deviation === null ? null : (quantile975(values.length - 1) * deviation) / Math.sqrt(values.length) };
}

/** NaN of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample (n - 1); null of fewer than two values. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
