// Pictures of a report in LaTeX: files beside it, each with its caption.
import type { ReportImage, ReportImageGrid } from '../../../../shared/report-document.js';
import { shorten } from '../../../../shared/drawing.js';
import { escapeLatex } from './escape-latex.js';
import { markLatex } from './latex-table.js';

const IN_A_ROW = 4;
/** Of the line, what a picture and the room after it have. */
const PICTURE_SHARE = 0.235;
const MAX_CAPTION = 160;
const PROMPT_SHARE = 0.2;

function pictureLatex({ sha256 }: ReportImage, paths: ReadonlyMap<string, string>): string {
  const path = paths.get(sha256);
  return path === undefined ? '\\emph{(the image is missing or damaged)}' : `\\dedgeaipicture{${path}}`;
}

function captionLatex({ caption, marks }: ReportImage): string {
  return `${marks.map((mark) => `${markLatex(mark)} `).join('')}${escapeLatex(shorten(caption, MAX_CAPTION))}`;
}

export function imagesLatex(
  { caption, images }: { caption: string; images: readonly ReportImage[] },
  paths: ReadonlyMap<string, string>,
): string {
  const rows = Array.from({ length: Math.ceil(images.length / IN_A_ROW) }, (_, row) => images.slice(row * IN_A_ROW, (row + 1) * IN_A_ROW));
  const cell = (image: ReportImage): string =>
    [
      '\\begin{minipage}',
      `[t]{${PICTURE_SHARE}\\linewidth}\\raggedright\\vspace{0pt}${pictureLatex(image, paths)}`,
      `\\par\\footnotesize ${captionLatex(image)}`,
      '\\end{minipage}',
    ].join('');
  const lines = rows.map((row) => `\\noindent${row.map(cell).join('\\hfill ')}\\hfill\\null\\par\\smallskip`);
  return [escapeLatex(caption), ...lines].join('\n\n');
}

export function gridLatex({ caption, columns, rows }: ReportImageGrid, paths: ReadonlyMap<string, string>): string {
  const share = (0.76 / Math.max(1, columns.length)).toFixed(3);
  const column = (width: string | number): string => `>{\\raggedright\\arraybackslash}p{${width}\\linewidth}`;
  const head = columns.map(({ title, marks }) => `\\textbf{${escapeLatex(shorten(title, MAX_CAPTION))}} ${marks.map(markLatex).join(' ')}`);
  const cell = (image: ReportImage | null): string =>
    image === null ? '\\emph{no image}' : `\\vspace{0pt}${pictureLatex(image, paths)}\\par\\footnotesize ${captionLatex(image)}`;
  return [
    `{\\small\\setlength{\\tabcolsep}{3pt}\\textit{${escapeLatex(caption)}}\\par\\nopagebreak`,
    '\\begin{longtable}',
    `{@{}${[column(PROMPT_SHARE), ...columns.map(() => column(share))].join('')}@{}}`,
    `\\toprule\n${['\\textbf{Prompt}', ...head].join(' & ')} \\\\\n\\midrule\n\\endhead`,
    ...rows.map(({ title, cells }) => `${[escapeLatex(shorten(title, 400)), ...cells.map(cell)].join(' & ')} \\\\`),
    '\\bottomrule',
    '\\end{longtable}}',
  ].join('\n');
}
