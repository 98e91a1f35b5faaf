// What the table and the chart draw from a comparison; pure.
import type { ChartSeries } from '../../../shared/chart-description.js';
import { type Comparison, type ComparisonRow, TABLE_V_COUNTS } from '../../../shared/comparison.js';
import { formatNumber, formatPercent } from '../../../shared/format.js';
import type { RunSummary } from '../../../shared/run.js';

/**
 * A name a row, by its id, that tells it from every other: measured rows may share platform and model, so they are numbered in the
 * table's order (`M1: DEdgeAI (Lab, 5 nodes)`).
 */
export function nameRows(rows: readonly ComparisonRow[]): ReadonlyMap<string, string> {
  const measuredIds = rows.filter(({ source }) => source === 'measured').map(({ id }) => id);
  return new Map(
    rows.map((row) => {
      if (row.source === 'measured') return [row.id, `M${measuredIds.indexOf(row.id) + 1}: ${row.platform}`];
      return [row.id, row.model.startsWith(row.platform) ? row.model : `${row.platform}, ${row.model}`];
    }),
  );
}

/**
 * Row ids with the shortest delay per |N|; equal ones all count, a lone value has nothing to beat. Simulated rows and figures with an invalid
 * run behind them do not compete.
 */
export function findBestRows(rows: readonly ComparisonRow[]): Map<number, ReadonlySet<string>> {
  const cells = rows.flatMap((row) =>
    row.delaySec.flatMap(({ count, delaySec, isInvalid }) =>
      delaySec === null || row.isSimulated || isInvalid ? [] : [{ id: row.id, count, delaySec }],
    ),
  );
  const byCount = Map.groupBy(cells, ({ count }) => count);
  return new Map(
    [...byCount].flatMap(([count, competing]) => {
      if (competing.length < 2) return [];
      const shortest = Math.min(...competing.map(({ delaySec }) => delaySec));
      return [[count, new Set(competing.filter(({ delaySec }) => delaySec === shortest).map(({ id }) => id))] as const];
    }),
  );
}

/** How many of the ended runs are no rows for being invalid: of those chosen, where some are. */
export function countLeftOut(ended: readonly Pick<RunSummary, 'id' | 'validity'>[], chosenIds: readonly string[] | null): number {
  return ended.filter(({ id, validity }) => !validity.isValid && (chosenIds === null || chosenIds.includes(id))).length;
}

/**
 * Columns of the table: those of the paper, and the others too where all fit or are asked for. A measured row that would be empty with those
 * of the paper brings the first |N| that it was measured at.
 */
export function listShownCounts({ counts, rows }: Pick<Comparison, 'counts' | 'rows'>, showsAll: boolean): number[] {
  if (showsAll || counts.length <= MAX_COUNTS_THAT_FIT) return counts;
  const shown = new Set<number>(TABLE_V_COUNTS);
  for (const row of rows.filter(({ source }) => source === 'measured')) {
    const known = row.delaySec.filter(({ delaySec }) => delaySec !== null).map(({ count }) => count);
    if (known[0] !== undefined && !known.some((count) => shown.has(count))) shown.add(known[0]);
  }
  return counts.filter((count) => shown.has(count));
}
const MAX_COUNTS_THAT_FIT = 5;

/** Where the paper cuts instead of rounding: its printed reduction at |N| = 100, in percent with two digits. */
const PRINTED_REDUCTIONS: Readonly<Record<string, number>> = {
  'paper:midjourney': 94.96,
  'paper:openai': 73.98,
  'paper:replicate': 88.37,
  'paper:deepinfra': 69.89,
  'paper:stability': 29.18,
};

/** What the paper prints for this cell, where that differs from the rounded figure; null elsewhere, and where a figure was changed. */
export function findPrintedReduction(
  reference: ComparisonRow,
  against: ComparisonRow,
  count: number,
  reduction: number | null,
): number | null {
  const printed = PRINTED_REDUCTIONS[against.id];
  if (reference.id !== 'paper:dedgeai' || count !== 100 || printed === undefined || reduction === null) return null;
  const percent = reduction * 100;
  const isOfPaper = Math.abs(percent - printed) < 0.01;
  return isOfPaper && percent.toFixed(2) !== printed.toFixed(2) ? printed : null;
}

/** The composer, set up for what is missing. */
export function composerAddress(row: ComparisonRow | null, count: number | null): { path: string; query: Record<string, string> } {
  const { testbedId, scheduler } = row?.measuredOn ?? {};
  return {
    path: '/runs/new',
    query: {
      ...{ as: 'series', preset: 'table-v' },
      ...(testbedId !== undefined && { testbedId }),
      ...(scheduler !== undefined && { schedulers: scheduler }),
      ...(count !== null && { counts: String(count), count: String(count) }),
    },
  };
}

/** Rows that reductions can be of: ours in the paper, and measured ones. */
export function listReferences(rows: readonly ComparisonRow[]): ComparisonRow[] {
  return rows.filter((row) => row.isEdge);
}

/**
 * The asked reference where it is there, else the measured row with most reductions at the shown |N| (the newest of equals), else the
 * paper's own.
 */
export function chooseReference(
  { rows, reductions }: Pick<Comparison, 'rows' | 'reductions'>,
  shownCounts: readonly number[],
  askedId: string | null,
): ComparisonRow | undefined {
  const references = listReferences(rows);
  const known = reductions.filter(({ count, reduction }) => reduction !== null && shownCounts.includes(count));
  const countKnown = ({ id }: ComparisonRow): number => known.filter(({ referenceRowId }) => referenceRowId === id).length;
  const measured = references.filter(({ source }) => source === 'measured').reverse();
  const fullest = measured.toSorted((left, right) => countKnown(right) - countKnown(left))[0];
  return references.find(({ id }) => id === askedId) ?? fullest ?? references[0];
}

/** Reductions of one reference against every other row, in the order of the counts. */
export function listReductions(comparison: Comparison, referenceId: string): { row: ComparisonRow; reductions: (number | null)[] }[] {
  const byKey = new Map(
    comparison.reductions
      .filter(({ referenceRowId }) => referenceRowId === referenceId)
      .map(({ againstRowId, count, reduction }) => [`${againstRowId} ${count}`, reduction]),
  );
  return comparison.rows
    .filter(({ id }) => id !== referenceId)
    .map((row) => ({ row, reductions: comparison.counts.map((count) => byKey.get(`${row.id} ${count}`) ?? null) }));
}

/** `29.18 %` less delay; `179.84 % slower` where the reference takes longer. */
export function formatReduction(reduction: number | null): string {
  return reduction !== null && reduction < 0 ? `${formatPercent(-reduction, 2)} slower` : formatPercent(reduction, 2);
}

/** Bars of one |N|, in the table's order, for the rows that have it; one series a kind of row, so that kinds differ in color. */
export function toBars(rows: readonly ComparisonRow[], count: number): { labels: string[]; series: ChartSeries[] } {
  const shown = rows.flatMap((row) => {
    const cell = row.delaySec.find((each) => each.count === count);
    return cell?.delaySec == null ? [] : [{ row, delaySec: cell.delaySec, isInvalid: cell.isInvalid ?? false }];
  });
  const names = nameRows(rows);
  const kinds: [name: string, belongs: (row: ComparisonRow) => boolean][] = [
    ['Cloud platforms (paper)', (row) => row.source === 'paper' && !row.isEdge],
    ['DEdgeAI (paper)', (row) => row.source === 'paper' && row.isEdge],
    ['Platforms added here', (row) => row.source === 'own'],
    ['Measured here', (row) => row.source === 'measured' && !row.isSimulated],
    ['Simulated here', (row) => row.isSimulated],
  ];
  return {
    labels: shown.map(({ row, isInvalid }) => `${names.get(row.id) ?? row.platform}${isInvalid ? ' (invalid)' : ''}`),
    series: kinds
      .map(([name, belongs], colorIndex) => ({
        name,
        colorIndex,
        values: shown.map(({ row, delaySec }) => (belongs(row) ? delaySec : null)),
      }))
      .filter(({ values }) => values.some((value) => value !== null)),
  };
}

/** Time scales of the runs behind a measured row, in ascending order. */
export function listTimeScales(row: ComparisonRow, runs: readonly RunSummary[]): number[] {
  const ids = new Set(row.delaySec.flatMap(({ runIds }) => runIds));
  return [...new Set(runs.filter(({ id }) => ids.has(id)).map(({ timeScale }) => timeScale))].sort((left, right) => left - right);
}

/** Without the unit, which is in the head: `free`, `66.00` or an en dash; three decimals under a cent. */
export function formatPrice(usd: number | null): string {
  if (usd === 0) return 'free';
  return formatNumber(usd, usd !== null && usd < 0.01 ? 4 : 2);
}
