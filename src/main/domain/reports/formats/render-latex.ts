// A report as LaTeX: booktabs tables, figures by pgfplots, nothing that needs a shell. It compiles with pdfLaTeX, LuaLaTeX and XeLaTeX.
import { assertNever } from '../../../../shared/errors.js';
import type { ReportBlock, ReportDocument } from '../../../../shared/report-document.js';
import { cleanDocument } from './clean-document.js';
import { escapeLatex, escapeLatexCode } from './escape-latex.js';
import { chartLatex } from './latex-chart.js';
import { gridLatex, imagesLatex } from './latex-images.js';
import { BIBLIOGRAPHY, PREAMBLE } from './latex-preamble.js';
import { markLatex, tableLatex } from './latex-table.js';
import { parseText, parseWords, type Words } from '../../../../shared/text-parts.js';

/** `picturePaths`: by SHA-256, where the pictures lie that are shown, relative to the file, in letters, digits, `-`, `/` and `.` alone. */
export function renderLatex(original: ReportDocument, picturePaths: ReadonlyMap<string, string> = new Map()): string {
  const document = cleanDocument(original);
  const parts = [
    '% Made by DEdgeAI Control Center. Compile twice, with -no-shell-escape; then bibtex for the entry of the paper.',
    BIBLIOGRAPHY,
    PREAMBLE,
    '\\begin{document}',
    `{\\Large\\bfseries ${escapeLatex(document.title)}\\par}`,
    escapeLatex(document.subtitle),
    list(document.caveats.map(({ mark, text }) => `${markLatex(mark)} ${escapeLatex(text)}`)),
    factsLatex(document.facts),
    ...document.blocks.map((block) => blockLatex(block, picturePaths)),
    '\\nocite{dedgeai}\n\\bibliographystyle{plain}\n\\bibliography{dedgeai-paper}',
    '\\end{document}',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : ['\\begin{itemize}', ...items.map((item) => `\\item ${item}`), '\\end{itemize}'].join('\n');
}

function factsLatex(facts: ReportDocument['facts']): string {
  if (facts.length === 0) return '';
  const rows = facts.map(({ label, value }) => `${escapeLatex(label)} & ${escapeLatex(value)} \\\\`);
  return [
    '\\begin{tabular}{@{}>{\\raggedright\\arraybackslash}p{0.5\\linewidth}>{\\raggedright\\arraybackslash}p{0.4\\linewidth}@{}}',
    '\\toprule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

function blockLatex(block: ReportBlock, picturePaths: ReadonlyMap<string, string>): string {
  switch (block.kind) {
    case 'heading':
      return `\\section*{${escapeLatex(block.text)}}`;
    case 'text':
      return parseText(block.text)
        .map((part) => (part.kind === 'list' ? list(part.items.map(wordsLatex)) : wordsLatex(part.words)))
        .join('\n\n');
    case 'table':
      return tableLatex(block);
    case 'chart': {
      const caption = [block.chart.title, ...(block.note === undefined ? [] : [block.note])].join('. ');
      return ['\\begin{center}', chartLatex(block.chart), `\\par\\small ${escapeLatex(caption)}`, '\\end{center}'].join('\n');
    }
    case 'images':
      return imagesLatex(block, picturePaths);
    case 'image-grid':
      return gridLatex(block, picturePaths);
    case 'code':
      return `${escapeLatex(block.caption)}\n\n{\\raggedright\\small\\ttfamily ${escapeLatexCode(block.text)}\\par}`;
    case 'notes':
      return list(block.items.map((item) => wordsLatex(parseWords(item))));
    default:
      return assertNever(block);
  }
}

function wordsLatex(words: readonly Words[]): string {
  return words
    .map(({ kind, text }) => {
      const escaped = escapeLatex(text);
      if (kind === 'strong') return `\\textbf{${escaped}}`;
      return kind === 'code' ? `\\texttt{${escaped}}` : escaped;
    })
    .join('');
}
