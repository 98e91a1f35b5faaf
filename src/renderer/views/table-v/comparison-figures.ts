// What the table and the chart draw from a comparison; pure.
import type { ChartSeries } from '../../../shared/chart-description.js';
import type { Comparison, ComparisonRow } from '../../../shared/comparison.js';
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

/** Row ids with the shortest delay per |N|; equal ones all count, a lone value has nothing to beat. */
export function findBestRows(rows: readonly ComparisonRow[]): Map<number, ReadonlySet<string>> {
  const best = new Map<number, { sec: number; ids: Set<string>; known: number }>();
  for (const row of rows) {
    for (const { count, delaySec } of row.delaySec) {
      if (delaySec === null) continue;
      const entry = best.get(count);
      if (!entry || delaySec < entry.sec) best.set(count, { sec: delaySec, ids: new Set([row.id]), known: (entry?.known ?? 0) + 1 });
      else {
        entry.known += 1;
        if (delaySec === entry.sec) entry.ids.add(row.id);
      }
    }
  }
  return new Map([...best].filter(([, entry]) => entry.known > 1).map(([count, entry]) => [count, entry.ids]));
}

/** Rows that reductions can be of: ours in the paper, and measured ones. */
export function listReferences(rows: readonly ComparisonRow[]): ComparisonRow[] {
  return rows.filter((row) => row.isEdge);
}

/** The asked reference where it is there, else the measured row that has most |N| (the newest of equals), else the paper's own. */
export function chooseReference(rows: readonly ComparisonRow[], askedId: string | null): ComparisonRow | undefined {
  const references = listReferences(rows);
  const countKnown = (row: ComparisonRow): number => row.delaySec.filter(({ delaySec }) => delaySec !== null).length;
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

/** Bars of one |N|, in the table's order, for the rows that have it; one series a kind of row, so that kinds differ in color. */
export function toBars(rows: readonly ComparisonRow[], count: number): { labels: string[]; series: ChartSeries[] } {
  const shown = rows.flatMap((row) => {
    const delaySec = row.delaySec.find((cell) => cell.count === count)?.delaySec ?? null;
    return delaySec === null ? [] : [{ row, delaySec }];
  });
  const names = nameRows(rows);
  const kinds: [name: string, belongs: (row: ComparisonRow) => boolean][] = [
    ['Cloud platforms (paper)', (row) => row.source === 'paper' && !row.isEdge],
    ['DEdgeAI (paper)', (row) => row.source === 'paper' && row.isEdge],
    ['Measured here', (row) => row.source === 'measured'],
  ];
  return {
    labels: shown.map(({ row }) => names.get(row.id) ?? row.platform),
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

/** `free`, `$66.00` or an en dash. */
export function formatPrice(usd: number | null): string {
  if (usd === null) return '–';
  return usd === 0 ? 'free' : `$${usd.toFixed(2)}`;
}
