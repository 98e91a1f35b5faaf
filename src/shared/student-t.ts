// Student's t for whole degrees of freedom, from the finite series of Abramowitz and Stegun, Handbook of Mathematical Functions (1964),
// 26.7.3 and 26.7.4; held to scipy by test/fixtures/series/make_statistics.py.

/** Above so many degrees of freedom the expansion about the normal quantile is as exact as is shown anywhere (below 1e-8 off). */
const EXPANSION_FROM = 200;
/** 97.5 % quantile of the standard normal distribution. */
const NORMAL_QUANTILE = 1.959963984540054;
/** Halvings of an interval until a double can't tell its ends apart. */
const HALVINGS = 80;

/** Probability that |T| is at most `t` (>= 0) with `degrees` (a whole number, >= 1) degrees of freedom, 0..1. */
export function withinStudentT(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  if (degrees === 1) return (2 * angle) / Math.PI;
  let term = isOdd ? cosine : 1;
  let sum = term;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** Two-sided p-value of a t statistic: how probable one at least as far from 0 is where there is no effect. */
export function twoSidedP(t: number, degrees: number): number {
  return Number.isFinite(t) ? Math.max(0, 1 - withinStudentT(Math.abs(t), degrees)) : 0;
}

/** The 97.5 % quantile: what the standard error is multiplied by for half the width of a 95 % interval. `degrees` is a whole number, >= 1. */
export function quantile975(degrees: number): number {
  if (degrees > EXPANSION_FROM) return expandAboutNormal(degrees);
  let [low, high] = [NORMAL_QUANTILE, 13];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (withinStudentT(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Cornish-Fisher, Abramowitz and Stegun 26.7.5. */
function expandAboutNormal(degrees: number): number {
  const z = NORMAL_QUANTILE;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}
