// What two schedulers differ by on the same workloads. Pure; docs/series.md has the formulas.
import { meanOf, meanInterval, standardDeviation } from '../../../shared/mean-interval.js';
import { twoSidedP } from '../../../shared/student-t.js';

/** The first value of a pair less the second, over repetitions. */
export interface PairedDifference {
  /** How many repetitions have both. */
  pairs: number;
  mean: number;
  /** Of the 95 % interval; null of a single pair. */
  halfWidth95: number | null;
  /** 1 - mean of the first / mean of the second; null where the second is 0. */
  reduction: number | null;
  /** Mean over standard deviation of the differences, corrected for small samples; null below three pairs or where they do not vary. */
  effectSize: number | null;
  /** Of the two-sided paired t test; null of a single pair. */
  pValue: number | null;
}

/** Null of no pair. */
export function pairedDifference(pairs: readonly (readonly [number, number])[]): PairedDifference | null {
  if (pairs.length === 0) return null;
  const differences = pairs.map(([first, second]) => first - second);
  const deviation = standardDeviation(differences);
  const { mean, halfWidth95 } = meanInterval(differences);
  const second = meanOf(pairs.map(([, value]) => value));
  const degrees = pairs.length - 1;
  return {
    pairs: pairs.length,
    mean,
    halfWidth95,
    reduction: second === 0 ? null : 1 - meanOf(pairs.map(([value]) => value)) / second,
    effectSize: deviation === null || deviation === 0 || degrees < 2 ? null : (mean / deviation) * smallSampleFactor(degrees),
    pValue: deviation === null ? null : pOf(mean, deviation, pairs.length),
  };
}

function pOf(mean: number, deviation: number, count: number): number {
  if (mean === 0) return 1;
  return twoSidedP((mean / deviation) * Math.sqrt(count), count - 1);
}

/** Hedges, Distribution theory for Glass's estimator of effect size, Journal of Educational Statistics 6 (1981): the approximation of J. */
function smallSampleFactor(degrees: number): number {
  return 1 - 3 / (4 * degrees - 1);
}

/**
 * Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979): p-values that may be held to one level together, in the order of
 * what came in. Null stays null and counts for nothing.
 */
export function adjustByHolm(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let highest = 0;
  known.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (known.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}
