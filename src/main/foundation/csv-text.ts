import { stringify } from 'csv-stringify/sync';
import { defuseFormulas } from '../../shared/spreadsheet-text.js';

export type CsvCell = string | number | boolean | null;

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. */
function defuse(cell: CsvCell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? defuseFormulas(cell) : String(cell);
}

/** RFC 4180: CRLF, quotes only where needed, the header first. */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return stringify([header.map(defuse), ...rows.map((row) => row.map(defuse))], { record_delimiter: '\r\n' });
}
