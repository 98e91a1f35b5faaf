// What a chart shows, as a table: the source of the CSV and of the text alternative.
import type { ChartSeries, LinePoint, LineSeries } from '../../shared/chart-description.js';
import { defuseFormulas } from '../../shared/spreadsheet-text.js';

export interface ChartTable {
  header: string[];
  rows: (string | number | null)[][];
}

/** One row a label, one column a series, and one more for its intervals where it has any. */
export function tabulateSeries(labelHeader: string, labels: readonly string[], series: readonly ChartSeries[]): ChartTable {
  const columns = series.flatMap(({ name, values, halfWidths }) => [
    { header: name, values },
    ...(halfWidths?.some((halfWidth) => halfWidth !== null) ? [{ header: nameInterval(name), values: halfWidths }] : []),
  ]);
  return {
    header: [labelHeader, ...columns.map(({ header }) => header)],
    rows: labels.map((label, index) => [label, ...columns.map(({ values }) => values[index] ?? null)]),
  };
}

/** One row a distinct x in ascending order; a column a series, and one more each for its intervals and its sources where it has any. */
export function tabulateLines(xHeader: string, series: readonly LineSeries[]): ChartTable {
  const columns = series.flatMap(({ name, points }) => [
    { header: name, points, read: ({ y }: LinePoint) => y },
    ...(points.some(({ halfWidth }) => halfWidth != null)
      ? [{ header: nameInterval(name), points, read: ({ halfWidth }: LinePoint) => halfWidth ?? null }]
      : []),
    ...(points.some(({ note }) => note !== undefined)
      ? [{ header: `${name}: source`, points, read: ({ note }: LinePoint) => note ?? null }]
      : []),
  ]);
  const byX = new Map<number, (string | number | null)[]>();
  columns.forEach(({ points, read }, column) => {
    for (const point of points) {
      const row = byX.get(point.x) ?? new Array<string | number | null>(columns.length).fill(null);
      row[column] = read(point);
      byX.set(point.x, row);
    }
  });
  const rows = [...byX].sort(([left], [right]) => left - right).map(([x, values]) => [x, ...values]);
  return { header: [xHeader, ...columns.map(({ header }) => header)], rows };
}

function nameInterval(series: string): string {
  return `${series}: half of the 95 % interval`;
}

/** RFC 4180 text. Text cells that a spreadsheet would run as a formula get a leading apostrophe. */
export function toCsv(table: ChartTable): string {
  return [table.header, ...table.rows].map((cells) => cells.map(quoteCell).join(',')).join('\r\n') + '\r\n';
}

const spokenFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** A cell as it is read out: figures rounded, a gap named. The CSV has them whole. */
export function speakCell(cell: string | number | null): string {
  if (cell === null) return 'no value';
  return typeof cell === 'number' ? spokenFormat.format(cell) : cell;
}

function quoteCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = defuseFormulas(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
