// When a learning curve has settled.

/** Episodes of a running mean: single episodes differ by their arrivals. */
const WINDOW = 5;
/** Episodes at the end whose mean is the level that the curve has settled at. */
const FINAL = 10;
/** A running mean is at the level while it is within this share of it. */
const TOLERANCE = 0.05;

/**
 * The convergence episode: the first from which on every mean of 5 episodes in a row lies within 5 % of the mean of the last 10. Of the
 * ratio to Opt-TS on the same arrivals, so that an easy or a hard episode does not count. Null below 20 episodes, or when the curve settles
 * only in the last 10.
 * @param ratios by episode, from episode 1 on
 */
export function findConvergence(ratios: readonly number[]): number | null {
  if (ratios.length < 2 * FINAL) return null;
  const level = meanOf(ratios.slice(-FINAL));
  let first = ratios.length - WINDOW + 1;
  while (first > 0 && Math.abs(meanOf(ratios.slice(first - 1, first - 1 + WINDOW)) - level) <= TOLERANCE * level) first--;
  // `first` is the start of the last window off the level, counted from 1; or 0.
  return first + 1 <= ratios.length - FINAL ? first + 1 : null;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
