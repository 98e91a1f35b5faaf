// A report as LaTeX: booktabs tables, figures by pgfplots, nothing that needs a shell. It compiles with pdfLaTeX, LuaLaTeX and XeLaTeX.
import { assertNever } from '../../../../shared/errors.js';
import {
  nameColumn,
  nameMark,
  type ReportBlock,
  type ReportDocument,
  type ReportMark,
  type ReportTable,
} from '../../../../shared/report-document.js';
import { cleanDocument } from './clean-document.js';
import { escapeLatex, escapeLatexCode } from './escape-latex.js';
import { chartLatex } from './latex-chart.js';
import { parseText, parseWords, type Words } from './text-parts.js';

/** The entry of the paper stands in the file itself: `filecontents` writes PAPER.bib beside it when it compiles. */
const BIBLIOGRAPHY = String.raw`\begin{filecontents}[overwrite]{dedgeai-paper.bib}
@misc{dedgeai,
  author = {Xu, C. and others},
  title = {Accelerating {AIGC} Services with Latent Action Diffusion Scheduling in Edge Networks},
}
\end{filecontents}`;

const PREAMBLE = String.raw`\documentclass[10pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  % A character that the fonts lack shows its number.
  \newcommand{\dedgeaichar}[1]{{\small U+#1}}
\else
  \usepackage{fontspec}
  \newcommand{\dedgeaichar}[1]{\iffontchar\font"#1 \char"#1 \else{\small U+#1}\fi}
\fi
\usepackage{textcomp}
\usepackage[margin=20mm]{geometry}
\usepackage{array,booktabs,longtable}
\usepackage{pgfplots}
\pgfplotsset{compat=1.16, dedgeai/.style={width=0.9\linewidth, height=6cm, grid=major, grid style={gray!25}, tick label style={font=\small}, label style={font=\small}, legend style={font=\small}}}
\definecolor{seriesa}{HTML}{2F6DE4}
\definecolor{seriesb}{HTML}{692103}
\definecolor{seriesc}{HTML}{0D6A45}
\definecolor{seriesd}{HTML}{D3347B}
\definecolor{seriese}{HTML}{8B730C}
\definecolor{seriesf}{HTML}{48276C}
\definecolor{partupload}{HTML}{247F9E}
\definecolor{partwaiting}{HTML}{976E35}
\definecolor{partcompute}{HTML}{0E3DB7}
\definecolor{partdownload}{HTML}{064113}
\definecolor{partresend}{HTML}{6F7B88}
\definecolor{partcontrol}{HTML}{742C51}
\newcommand{\dedgeaimark}[1]{\textbf{(#1)}}
\setlength{\parindent}{0pt}
\setlength{\parskip}{5pt}
\sloppy`;

export function renderLatex(original: ReportDocument): string {
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
    ...document.blocks.map(blockLatex),
    '\\nocite{dedgeai}\n\\bibliographystyle{plain}\n\\bibliography{dedgeai-paper}',
    '\\end{document}',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function markLatex(mark: ReportMark): string {
  return `\\dedgeaimark{${escapeLatex(nameMark(mark))}}`;
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

function blockLatex(block: ReportBlock): string {
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
      return [
        escapeLatex(`${block.caption} The pictures themselves are in the HTML of this report.`),
        list(block.images.map(({ caption, marks }) => `${marks.map((mark) => `${markLatex(mark)} `).join('')}${escapeLatex(caption)}`)),
      ].join('\n\n');
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

/** Lengths of text that count for the width of a column, in characters. */
const MAX_COUNTED = 36;
const MIN_COUNTED = 7;
/** Of the page, what columns have without the room between them. */
const COLUMNS_SHARE = 0.99;
const GAP_SHARE = 0.0125;

/** The longer the texts of a column, the wider it is; no word of a few letters is cut. */
function tableLatex({ caption, columns, rows }: ReportTable): string {
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
