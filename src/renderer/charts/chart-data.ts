// What a chart shows, as a table: the source of the CSV and of the text alternative.

export interface ChartSeries {
  name: string;
  /** One value a label; null is a gap. */
  values: readonly (number | null)[];
  /** Position in the palette; the series' own position when absent. */
  colourIndex?: number;
}

export interface LineSeries {
  name: string;
  points: readonly { x: number; y: number | null }[];
  colourIndex?: number;
}

export interface ChartTable {
  header: string[];
  rows: (string | number | null)[][];
}

/** One row a label, one column a series. */
export function tabulateSeries(labelHeader: string, labels: readonly string[], series: readonly ChartSeries[]): ChartTable {
  return {
    header: [labelHeader, ...series.map(({ name }) => name)],
    rows: labels.map((label, index) => [label, ...series.map(({ values }) => values[index] ?? null)]),
  };
}

/** One row a distinct x in ascending order, one column a series. */
export function tabulateLines(xHeader: string, series: readonly LineSeries[]): ChartTable {
  const byX = new Map<number, (number | null)[]>();
  series.forEach(({ points }, column) => {
    for (const { x, y } of points) {
      const row = byX.get(x) ?? new Array<number | null>(series.length).fill(null);
      row[column] = y;
      byX.set(x, row);
    }
  });
  const rows = [...byX].sort(([left], [right]) => left - right).map(([x, values]) => [x, ...values]);
  return { header: [xHeader, ...series.map(({ name }) => name)], rows };
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
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
