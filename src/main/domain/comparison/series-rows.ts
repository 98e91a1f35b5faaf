// The schedulers of a series as rows of Table V: conditions that differ in |N| only share a row.
import { notesOfLearning } from '../../../shared/describe-learned.js';
import { formatQuantity } from '../../../shared/format.js';
import type { ComparisonCell, ComparisonRow } from '../../../shared/comparison.js';
import {
  nameSeriesScheduler,
  type SeriesCellResult,
  type SeriesResult,
  type SeriesSpec,
  type SeriesSummary,
} from '../../../shared/series.js';
import { describeArrivals, describeSteps } from './measured-rows.js';

/** By scheduler, then by what else the conditions differ in; as the series lists them. */
export function buildSeriesRows(
  { id, spec, testbedName, imported }: SeriesSummary,
  result: SeriesResult,
  counts: readonly number[],
): ComparisonRow[] {
  const indexed = spec.conditions.map((condition, index) => ({ ...condition, index }));
  const groups = [...Map.groupBy(indexed, ({ qualitySteps, arrivals }) => JSON.stringify([qualitySteps, arrivals])).values()];
  return spec.schedulers.flatMap((scheduler, schedulerIndex) =>
    groups.map((group, groupIndex) => {
      const cells = result.cells.filter((cell) => cell.scheduler === schedulerIndex && group.some(({ index }) => index === cell.condition));
      const isSimulated = cells.some((cell) => cell.isSimulated);
      return {
        id: `series:${id}:${schedulerIndex}:${groupIndex}`,
        platform: `${nameSeriesScheduler(scheduler)} (${testbedName})`,
        model: isSimulated ? 'Simulated reSD3-m' : 'reSD3-m',
        source: 'measured' as const,
        isEdge: true,
        isSimulated,
        isImported: imported !== null,
        delaySec: counts.map((count) => {
          const index = group.find(({ taskCount }) => taskCount === count)?.index;
          return cellOf(
            count,
            cells.find(({ condition }) => condition === index),
            result.includesInvalid,
          );
        }),
        pricePer1kUsd: null,
        measuredOn: { testbedId: spec.testbedId, scheduler: scheduler.scheduler },
        energy: isSimulated ? null : energyOf(spec, cells),
        notes: [
          ...notesOf(spec, group, cells, isSimulated),
          ...notesOfLearning({ schedulers: [scheduler] }),
          ...(imported === null ? [] : ['Imported: the series comes from another machine.']),
        ],
      };
    }),
  );
}

/** Of the largest |N| whose runs have one. */
function energyOf({ conditions }: SeriesSpec, cells: readonly SeriesCellResult[]): ComparisonRow['energy'] {
  const known = cells.flatMap(({ condition, energyWhPer1k, energySource }) => {
    const count = conditions[condition]?.taskCount;
    if (!energyWhPer1k || energySource === null || count === undefined) return [];
    return [{ count, whPer1kImages: energyWhPer1k.mean, source: energySource }];
  });
  return known.reduce<ComparisonRow['energy']>((best, each) => (best && best.count >= each.count ? best : each), null);
}

function cellOf(count: number, cell: SeriesCellResult | undefined, includesInvalid: boolean): ComparisonCell {
  if (!cell) return { count, delaySec: null, runIds: [] };
  const { totalSec, counted, invalid, missing, runIds } = cell;
  return {
    ...{ count, runIds },
    delaySec: totalSec?.mean ?? null,
    ...(includesInvalid && invalid > 0 && { isInvalid: true }),
    series: { halfWidth95Sec: totalSec?.halfWidth95 ?? null, repetitions: counted, invalid, missing },
  };
}

function notesOf(
  spec: SeriesSpec,
  [first]: readonly SeriesSpec['conditions'][number][],
  cells: readonly SeriesCellResult[],
  isSimulated: boolean,
): string[] {
  const repetitions = Math.max(0, ...cells.map(({ counted }) => counted));
  const invalid = cells.reduce((sum, cell) => sum + cell.invalid, 0);
  const missing = cells.reduce((sum, cell) => sum + cell.missing, 0);
  return [
    `Series “${spec.name}”, means of up to ${repetitions} repetitions.`,
    ...(first ? [`${describeSteps(first.qualitySteps)}, ${describeArrivals(first.arrivals)}.`] : []),
    ...(isSimulated ? ['Simulated: the workers waited the time of a model instead of making images.'] : []),
    ...(invalid > 0 ? [`Invalid: ${formatQuantity(invalid, 'run')}.`] : []),
    ...(missing > 0 ? [`Without a run: ${formatQuantity(missing, 'cell')}.`] : []),
  ];
}
