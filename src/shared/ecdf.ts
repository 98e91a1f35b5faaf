// The share of samples at or below each value, in no more steps than a page can show.

export interface EcdfStep {
  x: number;
  /** Share of samples below this step, 0 to 1. */
  below: number;
  /** Share at or below. */
  share: number;
}

/** More could not be told apart at the width of a page; every drawn step is one of the whole curve. */
const MAX_STEPS = 300;

export function ecdfSteps(samples: readonly number[], maxSteps = MAX_STEPS): EcdfStep[] {
  const sorted = [...samples].sort((left, right) => left - right);
  const stride = Math.max(1, Math.ceil(sorted.length / maxSteps));
  const steps: EcdfStep[] = [];
  let below = 0;
  sorted.forEach((x, index) => {
    const isLast = index === sorted.length - 1;
    if (!isLast && (sorted[index + 1] === x || (index > 0 && (index + 1) % stride !== 0))) return;
    const share = (index + 1) / sorted.length;
    steps.push({ x, below, share });
    below = share;
  });
  return steps;
}

/** At most `maxCount` of the samples, ascending, at equal distances of share: their curve is that of all to the eye. The greatest is kept. */
export function takeQuantiles(samples: readonly number[], maxCount: number): number[] {
  const sorted = [...samples].sort((left, right) => left - right);
  if (sorted.length <= maxCount) return sorted;
  return Array.from({ length: maxCount }, (_, index) => sorted[Math.ceil(((index + 1) / maxCount) * sorted.length) - 1] ?? 0);
}
