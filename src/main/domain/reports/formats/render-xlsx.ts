// A report as a workbook: a sheet a table or figure, with every point. Texts are texts in it, never formulas.
import writeXlsxFile from 'write-excel-file/node';
import { nameColumn, nameMark, type ReportCell, type ReportDocument, type ReportTable } from '../../../../shared/report-document.js';
import { cleanDocument } from './clean-document.js';
import { tabulateDocument } from './tabulate-chart.js';

/** What a cell may hold; a spreadsheet refuses a file with more. */
const MAX_CELL_CHARACTERS = 32_767;
const MAX_ROWS = 1_048_576;
const MAX_SHEET_NAME = 31;
const MAX_WIDTH_CHARACTERS = 60;

export async function renderXlsx(original: ReportDocument): Promise<Uint8Array> {
  const tables = tabulateDocument(cleanDocument(original));
  const names = nameSheets(tables);
  const sheets = tables.map((table, index) => ({
    data: sheetData(table),
    sheet: names[index] ?? `Sheet ${index + 1}`,
    columns: table.columns.map((column, position) => ({ width: widthOf(table, position, nameColumn(column)) })),
    // The caption and the heads stay in sight.
    stickyRowsCount: 2,
  }));
  return writeXlsxFile(sheets).toBuffer();
}

type Value = { value: string; type: StringConstructor; fontWeight?: 'bold' } | { value: number; type: NumberConstructor } | null;

function sheetData({ caption, columns, rows }: ReportTable): Value[][] {
  // A column of marks of its own, so that columns of figures hold figures only.
  const hasMarks = rows.some((row) => row.some(({ marks }) => marks?.length));
  return [
    [textValue(caption, true)],
    [...columns.map((column) => textValue(nameColumn(column), true)), ...(hasMarks ? [textValue('Marks', true)] : [])],
    ...rows.slice(0, MAX_ROWS - 2).map((row) => {
      const marks = [...new Set(row.flatMap((cell) => cell.marks ?? []))].map(nameMark).join(' ');
      return [...row.map(cellValue), ...(hasMarks ? [textValue(marks)] : [])];
    }),
  ];
}

function cellValue({ value }: ReportCell): Value {
  if (value === null) return null;
  return typeof value === 'number' && Number.isFinite(value) ? { value, type: Number } : textValue(String(value));
}

function textValue(text: string, isBold = false): Value {
  return text === ''
    ? null
    : { value: text.slice(0, MAX_CELL_CHARACTERS), type: String, ...(isBold ? { fontWeight: 'bold' as const } : {}) };
}

/** Characters; the caption of a table runs over its neighbors. */
function widthOf({ rows }: ReportTable, column: number, head: string): number {
  const longest = rows.slice(0, 200).reduce((width, row) => Math.max(width, row[column]?.text.length ?? 0), head.length);
  return Math.min(MAX_WIDTH_CHARACTERS, longest + 2);
}

/** Unlike each other, short, and without the characters that names of sheets may not have. */
function nameSheets(tables: readonly ReportTable[]): string[] {
  return tables.map(({ caption }, index) => {
    const plain = caption.replace(/[^\p{L}\p{N} .,()=|-]+/gu, ' ').trim();
    return `${index + 1} ${plain}`.slice(0, MAX_SHEET_NAME).trim();
  });
}
