// A table of a report as LaTeX: booktabs, over as many pages as it takes.
import { nameColumn, nameMark, type ReportMark, type ReportTable } from '../../../../shared/report-document.js';
import { escapeLatex } from './escape-latex.js';

export function markLatex(mark: ReportMark): string {
  return `\\dedgeaimark{${escapeLatex(nameMark(mark))}}`;
}

/** Lengths of text that count for the width of a column, in characters. */
const MAX_COUNTED = 36;
const MIN_COUNTED = 7;
/** Of the page, what columns have without the room between them. */
const COLUMNS_SHARE = 0.99;
const GAP_SHARE = 0.0125;

/** The longer the texts of a column, the wider it is; no word of a few letters is cut. */
export function tableLatex({ caption, columns, rows }: ReportTable): string {
  const heads = columns.map((column) => `\\textbf{${escapeLatex(nameColumn(column))}}`);
  const lengths = columns.map((column, position) => {
    const longestHead = Math.max(...column.title.split(' ').map((word) => word.length));
    const longest = rows.reduce((most, row) => Math.max(most, row[position]?.text.length ?? 0), longestHead);
    return Math.max(MIN_COUNTED, Math.min(MAX_COUNTED, longest)) + 2;
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const room = COLUMNS_SHARE - GAP_SHARE * columns.length;
  const widths = columns.map(({ align }, position) => {
    const share = ((lengths[position] ?? 0) / total) * room;
    return `>{\\${align === 'left' ? 'raggedright' : 'raggedleft'}\\arraybackslash}p{${share.toFixed(3)}\\linewidth}`;
  });
  const head = `${heads.join(' & ')} \\\\`;
  const lines = rows.map((row) => {
    const cells = row.map(({ text, marks = [] }) => [escapeLatex(text), ...marks.map(markLatex)].join(' '));
    return `${cells.join(' & ')} \\\\`;
  });
  return [
    `{\\small\\setlength{\\tabcolsep}{3pt}\\textit{${escapeLatex(caption)}}\\par\\nopagebreak`,
    '\\begin{longtable}',
    `{@{}${widths.join('')}@{}}`,
    `\\toprule\n${head}\n\\midrule\n\\endhead`,
    ...lines,
    '\\bottomrule',
    '\\end{longtable}}',
  ].join('\n');
}
