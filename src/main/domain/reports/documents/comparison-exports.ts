// The comparison as CSV and JSON. The rows come as they are shown; nothing is computed here.
import type { Comparison, ComparisonRow } from '../../../../shared/comparison.js';
import { type CsvCell, toCsv } from '../../../foundation/csv-text.js';

const SCHEMA_VERSION = 1;

/** The rows that others are compared with: ours in the paper, and measured ones. */
export function referenceRows({ rows }: Comparison): ComparisonRow[] {
  return rows.filter((row) => row.isEdge);
}

/** 1 - reference / other; null where either is unknown. */
export function findReduction({ reductions }: Comparison, reference: ComparisonRow, against: ComparisonRow, count: number): number | null {
  const found = reductions.find((each) => each.referenceRowId === reference.id && each.againstRowId === against.id && each.count === count);
  return found?.reduction ?? null;
}

/** Of rows that are made of a series. */
const INTERVAL_HEADS = ['half_width_95_s', 'repetitions', 'invalid_runs', 'missing_runs'] as const;

function intervalCells({ delaySec }: ComparisonRow): CsvCell[] {
  return (['halfWidth95Sec', 'repetitions', 'invalid', 'missing'] as const).flatMap((key) =>
    delaySec.map(({ series }) => series?.[key] ?? null),
  );
}

/** One line a row of the table; reductions of each edge row follow as columns of their own. */
export function buildComparisonCsv(comparison: Comparison): string {
  const { counts, rows, cloudConcurrency } = comparison;
  const references = referenceRows(comparison);
  const hasIntervals = rows.some(({ delaySec }) => delaySec.some(({ series }) => series !== undefined));
  const header = [
    'platform',
    'model',
    'source',
    'is_simulated',
    'is_imported',
    ...counts.map((count) => `total_generation_delay_s_n${count}`),
    ...(hasIntervals ? INTERVAL_HEADS.flatMap((head) => counts.map((count) => `${head}_n${count}`)) : []),
    'price_per_1k_images_usd',
    'cloud_concurrency',
    ...references.flatMap((reference) => counts.map((count) => `reduction_fraction_of_${reference.platform}_n${count}`)),
    'notes',
  ];
  const lines = rows.map((row): CsvCell[] => [
    row.platform,
    row.model,
    row.source,
    row.isSimulated,
    row.isImported ?? false,
    ...row.delaySec.map((cell) => cell.delaySec),
    ...(hasIntervals ? intervalCells(row) : []),
    row.pricePer1kUsd,
    cloudConcurrency,
    ...references.flatMap((reference) => counts.map((count) => findReduction(comparison, reference, row, count))),
    row.notes.join(' '),
  ]);
  return toCsv(header, lines);
}

export function buildComparisonJson(comparison: Comparison): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind: 'dedgeai-comparison', ...comparison }, null, 2)}\n`;
}
