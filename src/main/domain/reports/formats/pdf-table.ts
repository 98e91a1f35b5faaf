// A table on pages: heads again on every page, rows never cut, figures at the right.
import { nameColumn, nameMark, type ReportCell, type ReportTable } from '../../../../shared/report-document.js';
import { shorten } from '../../../../shared/drawing.js';
import type { PdfSheet } from './pdf-sheet.js';

const SIZE = 7.5;
const PADDING = 3;
/** A row has to fit on a page. */
const MAX_TEXT = 700;
const MAX_FIGURE = 60;
/** Lengths of text that count for the width of a column. */
const MAX_COUNTED = 44;
/** Longer words are broken. */
const MAX_WORD = 18;
/** Rows that count for it; measuring letters is slow. */
const MAX_MEASURED_ROWS = 100;

export function drawTable(sheet: PdfSheet, { caption, columns, rows }: ReportTable): void {
  const { pdf } = sheet;
  const heads = columns.map((column) => shorten(nameColumn(column), MAX_FIGURE));
  const texts = rows.map((row) => row.map((cell, column) => textOf(cell, columns[column]?.align === 'right')));
  const widths = shareWidth(sheet, heads, texts);
  sheet.ensureRoom(70);
  sheet.use('regular', 8.5, '#4f5967').write('Caption', shorten(caption, 400));
  sheet.gap(3);
  const table = pdf.struct('Table');
  sheet.structure.add(table);
  const drawRow = (cells: readonly string[], isHead: boolean): void => {
    sheet.use(isHead ? 'bold' : 'regular', SIZE);
    const printed = cells.map((text) => sheet.printable(text));
    const height =
      Math.max(...printed.map((text, column) => pdf.heightOfString(text, { width: (widths[column] ?? 0) - 2 * PADDING }))) + 2 * PADDING;
    if (pdf.y + height > sheet.bottom) {
      pdf.addPage();
      if (!isHead) drawRow(heads, true);
      sheet.use(isHead ? 'bold' : 'regular', SIZE);
    }
    const top = pdf.y;
    const line = pdf.struct('TR');
    table.add(line);
    let x = sheet.left;
    printed.forEach((text, column) => {
      const width = widths[column] ?? 0;
      const options = { width: width - 2 * PADDING, align: columns[column]?.align ?? 'left' };
      const left = x + PADDING;
      const cell = pdf.struct(isHead || column === 0 ? 'TH' : 'TD', {}, () => pdf.text(text, left, top + PADDING, options));
      line.add(cell);
      cell.end();
      x += width;
    });
    line.end();
    pdf.markContent('Artifact', { type: 'Layout' });
    pdf
      .lineWidth(isHead ? 0.8 : 0.3)
      .moveTo(sheet.left, top + height)
      .lineTo(sheet.left + sheet.width, top + height)
      .stroke('#768291');
    pdf.endMarkedContent();
    pdf.x = sheet.left;
    pdf.y = top + height;
  };
  drawRow(heads, true);
  for (const cells of texts) drawRow(cells, false);
  table.end();
  sheet.gap(8);
}

function textOf({ text, marks = [] }: ReportCell, isFigure: boolean): string {
  const words = [shorten(text, isFigure ? MAX_FIGURE : MAX_TEXT), ...marks.map((mark) => `(${nameMark(mark)})`)];
  return words.join(' ').replace(/\n/g, ' ');
}

/**
 * Every column gets the width of its longest word, so that no figure is cut in two, as far as the page has room; what is left goes to those
 * with long texts.
 */
function shareWidth(sheet: PdfSheet, heads: readonly string[], texts: readonly (readonly string[])[]): number[] {
  const columns = heads.map((head, column) => [head, ...texts.slice(0, MAX_MEASURED_ROWS).map((row) => row[column] ?? '')]);
  sheet.use('bold', SIZE);
  const widthOf = (text: string): number => sheet.pdf.widthOfString(sheet.printable(text)) + 2 * PADDING + 1;
  const least = columns.map((cells) => Math.max(...cells.map((text) => widthOf(longestWord(text)))));
  const whole = columns.map((cells, column) => Math.max(least[column] ?? 0, ...cells.map((text) => widthOf(text.slice(0, MAX_COUNTED)))));
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  if (sum(least) >= sheet.width) return least.map((width) => (width / sum(least)) * sheet.width);
  const wish = sum(whole) - sum(least);
  const rest = sheet.width - sum(least);
  return least.map((width, column) => width + (wish === 0 ? rest / heads.length : (((whole[column] ?? 0) - width) / wish) * rest));
}

function longestWord(text: string): string {
  return text.split(' ').reduce((longest, word) => (word.length > longest.length ? word.slice(0, MAX_WORD) : longest), '');
}
