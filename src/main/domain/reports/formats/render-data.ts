// Every point that a report shows, for programs: CSV in long form, one value a line, and JSON of the whole document.
import { nameMark, type ReportDocument } from '../../../../shared/report-document.js';
import { toCsv } from '../../../foundation/csv-text.js';
import { cleanDocument } from './clean-document.js';
import { tabulateDocument } from './tabulate-chart.js';

const SCHEMA_VERSION = 1;

/** `row` is the first cell of its line, `line` its number from 1. Texts that a spreadsheet would take for formulas are made harmless. */
export function renderCsv(original: ReportDocument): string {
  const document = cleanDocument(original);
  const documentMarks = document.caveats.map(({ mark }) => mark);
  const lines = tabulateDocument(document).flatMap(({ caption, columns, rows }, table) =>
    rows.flatMap((row, index) =>
      row.map((cell, position) => {
        const column = columns[position];
        const marks = [...new Set([...documentMarks, ...row.flatMap((each) => each.marks ?? [])])].map(nameMark).join(' ');
        return [table + 1, caption, index + 1, row[0]?.text ?? '', column?.title ?? '', column?.unit ?? '', cell.value, marks];
      }),
    ),
  );
  return toCsv(['table', 'caption', 'line', 'row', 'column', 'unit', 'value', 'marks'], lines);
}

/** The document as it is, charts with every point. */
export function renderJson(document: ReportDocument): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind: 'dedgeai-report', ...cleanDocument(document) }, null, 2)}\n`;
}
