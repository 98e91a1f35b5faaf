import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | boolean | null;

/** What makes a spreadsheet take a text for a formula. */
const FORMULA_START = /^[\s]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u;

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. */
function defuse(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return FORMULA_START.test(cell) ? `'${cell}` : cell;
  return String(cell);
}

/** RFC 4180: CRLF, quotes only where needed, the header first. */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return stringify([header.map(defuse), ...rows.map((row) => row.map(defuse))], { record_delimiter: '\r\n' });
}
