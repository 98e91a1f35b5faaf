// What an image costs on the measured rows of Table V, and what that price counts. Pure.
import type { Comparison, ComparisonRow } from '../../../shared/comparison.js';
import { namePlatform } from '../../../shared/cost-figures.js';
import { computeCost, type CostReport, type CostSettings, type CostSubject } from '../../../shared/cost.js';

/** The row's longest batch tells its pace; its energy was measured in its runs. */
export function costSubjectOf(row: ComparisonRow): CostSubject {
  const known = row.delaySec.flatMap(({ count, delaySec }) => (delaySec === null ? [] : [{ count, delaySec }]));
  const fastest = known.reduce<CostSubject['fastest']>((largest, each) => (largest && largest.count >= each.count ? largest : each), null);
  return { rowId: row.id, name: row.platform, isSimulated: row.isSimulated, fastest, energy: row.energy ?? null };
}

/** Measured rows with their price: energy, and the hardware where it is spread over its life; null where the energy is not known. */
export function priceMeasuredRows(comparison: Comparison, settings: CostSettings): Comparison {
  if (!comparison.rows.some(({ source }) => source === 'measured')) return comparison;
  const rows = comparison.rows.map((row): ComparisonRow => {
    if (row.source !== 'measured') return row;
    return { ...row, pricePer1kUsd: computeCost(costSubjectOf(row), settings, [], false).usdPer1k };
  });
  const counted = settings.spread ? 'energy and the hardware, spread over its life' : 'energy alone, without the hardware';
  const note = `Prices of measured rows count ${counted}, at $${settings.usdPerKwh} per kWh; where no power was measured or entered they are not known.`;
  return { ...comparison, rows, notes: [...comparison.notes, note] };
}

/** The row asked for; else the measured one that has most |N|, simulated ones last; else the paper's own system. */
export function findCostRow(rows: readonly ComparisonRow[], askedId: string | null): ComparisonRow | undefined {
  const known = (row: ComparisonRow): number => row.delaySec.filter(({ delaySec }) => delaySec !== null).length;
  const measured = rows
    .filter(({ source, isSimulated }) => source === 'measured' && !isSimulated)
    .toSorted((left, right) => known(right) - known(left));
  return rows.find(({ id, isEdge }) => id === askedId && isEdge) ?? measured[0] ?? rows.find(({ isEdge }) => isEdge);
}

/** Against every platform with its price now, in the order of the table. */
export function costOfRow(comparison: Comparison, row: ComparisonRow, settings: CostSettings, isAssumed: boolean): CostReport {
  const platforms = comparison.rows
    .filter(({ isEdge }) => !isEdge)
    .map(({ id, platform, model, pricePer1kUsd }) => ({ id, name: namePlatform({ platform, model }), pricePer1kUsd }));
  return computeCost(costSubjectOf(row), settings, platforms, isAssumed);
}
