// What the panels of the comparison show, from what the core says; pure.
import { countedRuns } from '../../../shared/describe-run-comparison.js';
import { formatNumber } from '../../../shared/format.js';
import type { MeanInterval } from '../../../shared/mean-interval.js';
import type { ComparedFigures, ComparedSetting, LeftOut, RunComparison } from '../../../shared/run-comparison.js';

export const LEFT_OUT_WORDS: Record<LeftOut, string> = {
  hidden: 'Hidden',
  invalid: 'Invalid, left out',
  open: 'Not ended yet',
  'no-result': 'No result',
};

export interface SettingValue {
  text: string;
  count: number;
  /** Positions of the groups with such a run. */
  positions: number[];
}

/** Each value once, in the order of the runs, with how many runs have it and in which groups. */
export function listValues(setting: ComparedSetting, comparison: RunComparison): SettingValue[] {
  const positions = new Map(comparison.groups.map(({ id, position }) => [id, position]));
  const found = new Map<string, SettingValue>();
  countedRuns(comparison).forEach(({ groupId }, index) => {
    const text = setting.values[index] ?? 'not reported';
    const value = found.get(text) ?? { text, count: 0, positions: [] };
    value.count += 1;
    const position = positions.get(groupId);
    if (position !== undefined && !value.positions.includes(position)) value.positions.push(position);
    found.set(text, value);
  });
  return [...found.values()];
}

/** `± 12.3`; null where there is no interval. */
export function formatHalfWidth(figure: MeanInterval | null, decimals: number): string | null {
  return figure?.halfWidth95 == null ? null : `± ${formatNumber(figure.halfWidth95, decimals)}`;
}

/** `+40.4 %`; an en dash where the work is another amount. */
export function formatDifference({ difference }: Pick<ComparedFigures, 'difference'>): string {
  if (difference === null) return '–';
  return `${difference.share < 0 ? '−' : '+'}${formatNumber(Math.abs(difference.share) * 100, 1)} %`;
}
