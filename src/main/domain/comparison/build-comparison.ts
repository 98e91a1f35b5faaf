// Table V with measured runs beside it. Pure: the same rows give the same table.
import { type Comparison, type ComparisonReduction, type ComparisonRow, TABLE_V_COUNTS } from '../../../shared/comparison.js';
import { serviceOf } from '../../../shared/service.js';
import { cloudDelaySec } from '../../../shared/crossings.js';
import { describeEdit, type Platform } from '../../../shared/platform.js';
import { buildMeasuredRows, type MeasuredRun } from './measured-rows.js';
import type { SeriesResult, SeriesSummary } from '../../../shared/series.js';
import { buildSeriesRows } from './series-rows.js';

/**
 * Total generation delay of a platform that serves k requests at once: ceil(N / k) rounds of one image each. The paper's cells are N times
 * the cell of one image, which is k = 1; where k does not divide N the last round is not full but takes as long as any other, so N / k would
 * promise too little.
 */
function platformDelaySec(platform: Platform, count: number, concurrency: number): number | null {
  const known = new Map(platform.delays.map(({ count: at, delaySec }) => [at, delaySec]));
  const printedSec = known.get(count) ?? null;
  if (platform.isEdge) return printedSec;
  const singleSec = known.get(1);
  if (concurrency === 1 && printedSec !== null) return printedSec;
  return singleSec === undefined ? null : cloudDelaySec(singleSec, count, concurrency);
}

function toPlatformRow(platform: Platform, counts: readonly number[], concurrency: number): ComparisonRow {
  const { edits } = platform;
  const editOf = (field: 'model' | 'price') => edits.find((edit) => edit.field === field);
  const [modelEdit, priceEdit] = [editOf('model'), editOf('price')];
  return {
    id: platform.id,
    platform: platform.platform,
    model: platform.model,
    source: platform.isAddedHere ? 'own' : 'paper',
    isEdge: platform.isEdge,
    isSimulated: false,
    delaySec: counts.map((count) => {
      const edit = edits.find(({ field, count: at }) => field === 'delay' && at === count && (concurrency === 1 || at === 1));
      return { count, delaySec: platformDelaySec(platform, count, concurrency), runIds: [], ...(edit && { edit }) };
    }),
    pricePer1kUsd: platform.pricePer1kUsd,
    ...(modelEdit && { modelEdit }),
    ...(priceEdit && { priceEdit }),
    notes: [...(platform.isAddedHere ? [] : [`${platform.source}.`]), ...edits.map(describeEdit)],
  };
}

/** 1 - reference / other for every |N|; null where either is unknown. */
function reduceAgainst(reference: ComparisonRow, against: ComparisonRow): ComparisonReduction[] {
  return reference.delaySec.map(({ count, delaySec }, index) => {
    const otherSec = against.delaySec[index]?.delaySec ?? null;
    const isKnown = delaySec !== null && otherSec !== null && otherSec > 0;
    return { referenceRowId: reference.id, againstRowId: against.id, count, reduction: isKnown ? 1 - delaySec / otherSec : null };
  });
}

function notesOf(concurrency: number, leftOut: number, otherService: number): string[] {
  const notes = [
    'Total generation delay in seconds: last result less first submission.',
    concurrency === 1
      ? 'Cloud platforms serve one request at once here, as the paper assumes: their delay is |N| times that of one image.'
      : `Cloud platforms serve ${concurrency} requests at once here: their delay is ceil(|N| / ${concurrency}) times that of one image (an incomplete last round counts whole). The paper assumes 1.`,
    "Reductions are 1 - reference / other, for every |N|. The paper prints those for |N| = 100, with two digits, all but Deepinfra's truncated.",
  ];
  if (leftOut > 0) notes.push(`${leftOut} ${leftOut === 1 ? 'run is' : 'runs are'} left out for being invalid.`);
  if (otherService > 0) {
    const are = otherService === 1 ? 'run is' : 'runs are';
    notes.push(`${otherService} image-to-image ${are} left out: Table V is of text-to-image.`);
  }
  return notes;
}

/** Runs must be finished. Invalid ones are left out unless asked for, and counted in a note. */
export function buildComparison(input: {
  platforms: readonly Platform[];
  measured: readonly MeasuredRun[];
  includeInvalid: boolean;
  cloudConcurrency: number;
}): Comparison {
  const { platforms, includeInvalid, cloudConcurrency } = input;
  // The platforms of Table V make images of prompts: what starts from a picture is another amount of work.
  const comparable = input.measured.filter(({ run }) => serviceOf(run.spec) === 'text-to-image');
  const shown = comparable.filter(({ run }) => includeInvalid || run.validity.isValid);
  const counts = countsOf(shown.map(({ run }) => run.spec.taskCount));
  const rows = buildMeasuredRows(shown, counts);
  const notes = notesOf(cloudConcurrency, comparable.length - shown.length, input.measured.length - comparable.length);
  return tableOf({ platforms, counts, rows, cloudConcurrency, notes });
}

/** The schedulers of a series as rows, each cell the mean over its repetitions with its interval. */
export function buildSeriesComparison(input: {
  platforms: readonly Platform[];
  series: SeriesSummary;
  result: SeriesResult;
  cloudConcurrency: number;
}): Comparison {
  const { platforms, series, result, cloudConcurrency } = input;
  const counts = countsOf(series.spec.conditions.map(({ taskCount }) => taskCount));
  const notes = [...notesOf(cloudConcurrency, 0, 0), ...result.notes];
  return tableOf({ platforms, counts, rows: buildSeriesRows(series, result, counts), cloudConcurrency, notes });
}

function countsOf(taskCounts: readonly number[]): number[] {
  return [...new Set<number>([...TABLE_V_COUNTS, ...taskCounts])].sort((a, b) => a - b);
}

function tableOf(input: {
  platforms: readonly Platform[];
  counts: number[];
  /** Of what was measured. */
  rows: readonly ComparisonRow[];
  cloudConcurrency: number;
  notes: string[];
}): Comparison {
  const { platforms, counts, cloudConcurrency, notes } = input;
  const rows = [...platforms.map((platform) => toPlatformRow(platform, counts, cloudConcurrency)), ...input.rows];
  const references = rows.filter((row) => row.isEdge);
  const reductions = references.flatMap((reference) =>
    rows.filter((row) => row !== reference).flatMap((against) => reduceAgainst(reference, against)),
  );
  return { counts, rows, reductions, cloudConcurrency, notes };
}
