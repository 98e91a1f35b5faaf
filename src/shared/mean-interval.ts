// Mean of independent repetitions with the interval that holds the true mean in 95 of 100 experiments.

export interface MeanInterval {
  mean: number;
  /** Half the width of the 95 % interval (Student's t, n - 1 degrees of freedom); null of a single repetition. */
  halfWidth95: number | null;
}

/** Of at least one value; NaN of none. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, halfWidth95: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, halfWidth95: studentQuantile(count - 1) * Math.sqrt(variance / count) };
}

/** 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const SMALL_QUANTILES = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
const NORMAL_QUANTILE = 1.959964;

/** 97.5 % quantile; above 10 degrees of freedom the Cornish-Fisher expansion about the normal one, within 0.0001. */
function studentQuantile(degrees: number): number {
  const small = SMALL_QUANTILES[degrees - 1];
  if (small !== undefined) return small;
  const z = NORMAL_QUANTILE;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}
