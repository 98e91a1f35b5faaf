// A difference of two schedulers in one sentence. Pure.
import { formatNumber, formatPercent, formatQuantity } from '../../../shared/format.js';
import { nameSeriesScheduler, type SeriesDifference, type SeriesSpec } from '../../../shared/series.js';

/** Adjusted p-values below it are called significant: the convention of the field, and what a 95 % interval stands for. */
export const SIGNIFICANCE_LEVEL = 0.05;

export function describeDifference(spec: Pick<SeriesSpec, 'schedulers'>, difference: Omit<SeriesDifference, 'sentence'>): string {
  const { first, second, pairs, meanSec, halfWidth95Sec, reduction, adjustedP, effectSize, isSignificant } = difference;
  const [one, other] = [first, second].map((index) => nameSeriesScheduler(spec.schedulers[index] ?? { scheduler: 'random' }));
  const size = `${formatNumber(Math.abs(meanSec), 2)}${halfWidth95Sec === null ? '' : ` ± ${formatNumber(halfWidth95Sec, 2)}`} s`;
  const over = `over ${formatQuantity(pairs, 'repetition')}`;
  const p = adjustedP === null ? '' : `, ${formatP(adjustedP)}`;
  const effect = effectSize === null ? '' : `, effect ${formatNumber(Math.abs(effectSize), 2)}`;
  if ([first, second].some((index) => spec.schedulers[index]?.learning !== undefined)) {
    const [faster, slower] = meanSec <= 0 ? [one, other] : [other, one];
    return `${faster} takes ${size} less than ${slower} on average ${over}, a sequence in which it was learned: of chance that says nothing.`;
  }
  if (adjustedP === null) return `${one} and ${other}: ${size} apart in one repetition, which says nothing about chance.`;
  if (!isSignificant) return `No significant difference between ${one} and ${other}: ${size} ${over}${p}${effect}.`;
  const [faster, slower] = meanSec < 0 ? [one, other] : [other, one];
  const share = reduction === null ? null : meanSec < 0 ? reduction : 1 - 1 / (1 - reduction);
  return `${faster} takes ${size} (${formatPercent(share)}) less than ${slower} ${over}${p}${effect}.`;
}

function formatP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toPrecision(2)}`;
}
