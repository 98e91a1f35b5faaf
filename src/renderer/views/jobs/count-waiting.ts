// How many of what has not begun wait for their turn, for a time, or for a person since their time was missed. Pure.
import { formatCount, formatQuantity } from '../../../shared/format.js';
import type { PlannedStart } from '../../../shared/planned-start.js';

/** `1 missed`, `2 queued`, `4 planned`, with a noun `4 runs planned`; without what there is none of. */
export function countWaiting(waiting: readonly { plannedStart?: PlannedStart | undefined }[], noun?: string): string[] {
  const planned = waiting.flatMap(({ plannedStart }) => plannedStart ?? []);
  const missed = planned.filter(({ isMissed }) => isMissed).length;
  const counts = [
    ['missed', missed],
    ['queued', waiting.length - planned.length],
    ['planned', planned.length - missed],
  ] as const;
  const quantify = (count: number): string => (noun === undefined ? formatCount(count) : formatQuantity(count, noun));
  return counts.flatMap(([word, count]) => (count === 0 ? [] : [`${quantify(count)} ${word}`]));
}
