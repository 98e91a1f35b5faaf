// What came of a run, training or study that was done again, against the first. Pure.
import { formatNumber, formatPercent } from '../../../shared/format.js';
import type { EpisodeMetrics } from '../../../shared/training.js';
import type { StudyCell } from '../../../shared/study.js';

export interface OutcomeComparison {
  isBitEqual: boolean | null;
  outcome: string;
}

/** `then` and `now`: total generation delays in model ms; null where there is none. */
export function compareTotals(then: number | null, now: number | null): OutcomeComparison {
  if (then === null || now === null) return { isBitEqual: null, outcome: 'One of the two has no total delay.' };
  const change = then === 0 ? null : now / then - 1;
  const share = change === null ? '' : ` (${change >= 0 ? '+' : '−'}${formatPercent(Math.abs(change))})`;
  return {
    isBitEqual: null,
    outcome: `Total delay ${formatNumber(then / 1000, 2)} s then, ${formatNumber(now / 1000, 2)} s again${share}.`,
  };
}

/** Everything of each episode but the CPU time it took. */
export function compareCurves(then: readonly EpisodeMetrics[], now: readonly EpisodeMetrics[]): OutcomeComparison {
  const first = firstDifference(then, now, ({ cpuMs: _cpu, ...rest }) => rest);
  if (first === null) return { isBitEqual: true, outcome: `The learning curve is bit-equal over all ${then.length} episodes.` };
  const episode = then[first]?.episode ?? now[first]?.episode ?? first + 1;
  if (then.length !== now.length && first >= Math.min(then.length, now.length)) {
    return { isBitEqual: false, outcome: `The curves are bit-equal as far as both go: ${then.length} and ${now.length} episodes.` };
  }
  return { isBitEqual: false, outcome: `The learning curve differs from episode ${episode} on.` };
}

/** Everything of each cell but the CPU time it took. */
export function compareCells(then: readonly StudyCell[], now: readonly StudyCell[]): OutcomeComparison {
  const first = firstDifference(then, now, ({ cpuSec: _a, episodeCpuSec: _b, origin: _c, programVersion: _d, ...rest }) => rest);
  if (first === null) return { isBitEqual: true, outcome: `All ${then.length} cells are bit-equal.` };
  const cell = then[first] ?? now[first];
  const place = cell ? `${cell.method}, point ${cell.pointIndex + 1}, seed ${cell.seed}` : `cell ${first + 1}`;
  return { isBitEqual: false, outcome: `The cells differ: first ${place} (${then.length} cells then, ${now.length} again).` };
}

/** JSON writes a number in the shortest way that gives the same bits. */
function firstDifference<T>(then: readonly T[], now: readonly T[], part: (each: T) => object): number | null {
  for (let index = 0; index < Math.max(then.length, now.length); index++) {
    const [a, b] = [then[index], now[index]];
    if (a === undefined || b === undefined || JSON.stringify(part(a)) !== JSON.stringify(part(b))) return index;
  }
  return null;
}
