// What a cost is computed with, as it is typed. Pure.
import type { ComparisonInput } from '../../../shared/api/inputs.js';
import type { CostReport, CostSettings } from '../../../shared/cost.js';
import { formatNumber } from '../../../shared/format.js';

export interface CostForm {
  power: CostSettings['power'];
  wallWatts: number | null;
  usdPerKwh: number | null;
  hardwareUsd: number | null;
  isSpread: boolean;
  years: number | null;
  usePercent: number | null;
}

const USUAL_LIFE = { years: 3, usePercent: 20 };

export function toCostForm({ spread, ...settings }: CostSettings): CostForm {
  return { ...settings, isSpread: spread !== null, ...(spread ?? USUAL_LIFE) };
}

/** For the schema, which tells what is wrong with it. */
export function readCostForm({ isSpread, years, usePercent, ...settings }: CostForm): unknown {
  return { ...settings, spread: isSpread ? { years, usePercent } : null };
}

/** `$0.03`, with more digits under a cent; an en dash where it is not known. */
export function formatCost(usd: number | null): string {
  if (usd === null) return '–';
  return `$${formatNumber(usd, usd > 0 && usd < 0.01 ? 4 : 2)}`;
}

/** The command that computes the same cost. */
export function toCostCommand({ rowId, settings }: CostReport, { seriesId }: ComparisonInput): string {
  const { power, wallWatts, usdPerKwh, hardwareUsd, spread } = settings;
  return [
    `npm run cli -- cost --row ${rowId}`,
    ...(seriesId === undefined ? [] : [`--series ${seriesId}`]),
    power === 'measured' ? '--measured' : `--watts ${wallWatts ?? 0}`,
    `--kwh ${usdPerKwh}`,
    `--hardware ${hardwareUsd}`,
    spread ? `--years ${spread.years} --use ${spread.usePercent}` : '--upfront',
  ].join(' ');
}
