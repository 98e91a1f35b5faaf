// A report as Markdown (GitHub's tables). Figures are their numbers: a text has no pictures of its own.
import { assertNever } from '../../../../shared/errors.js';
import {
  nameColumn,
  nameMark,
  type ReportBlock,
  type ReportCell,
  type ReportDocument,
  type ReportTable,
} from '../../../../shared/report-document.js';
import { cleanDocument } from './clean-document.js';
import { tabulateChart, tabulateGrid } from './tabulate-chart.js';
import { parseText, type Words } from '../../../../shared/text-parts.js';

export function renderMarkdown(original: ReportDocument): string {
  const document = cleanDocument(original);
  const parts = [
    `# ${escape(document.title)}`,
    escape(document.subtitle),
    document.caveats.map(({ mark, text }) => `- **${nameMark(mark)}** ${escape(text)}`).join('\n'),
    document.facts.map(({ label, value }) => `- ${escape(label)}: **${escape(value)}**`).join('\n'),
    ...document.blocks.map(blockText),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What opens a block where a line starts: a heading, a list, a rule, a quotation, code. */
const AT_A_START = /^\s*(?:[-+#=]|\d{1,9}(?=[.)]))/;

/** Whatever Markdown or HTML would take for markup, with a backslash or as an entity. A line end would end the block: it becomes a space. */
function escape(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_[\]|~$@]/g, '\\$&')
    .replace(/:(?=\/\/)|\.(?<=\bwww\.)/gi, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .trim()
    .replace(AT_A_START, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

function blockText(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `## ${escape(block.text)}`;
    case 'text':
      return parseText(block.text)
        .map((part) => (part.kind === 'list' ? part.items.map((words) => `- ${wordsText(words)}`).join('\n') : wordsText(part.words)))
        .join('\n\n');
    case 'table':
      return tableText(block);
    case 'chart': {
      const note = block.note === undefined ? [] : [escape(block.note)];
      return [tableText(tabulateChart(block.chart)), ...note].join('\n\n');
    }
    case 'images':
      return [
        escape(block.caption),
        block.images
          .map(
            ({ caption, marks, sha256 }) =>
              `- ${marks.map((mark) => `**${nameMark(mark)}** `).join('')}${escape(caption)} (SHA-256 \`${sha256}\`)`,
          )
          .join('\n'),
      ].join('\n\n');
    case 'image-grid':
      return tableText(tabulateGrid(block));
    case 'code':
      return `${escape(block.caption)}\n\n${block.text
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n')}`;
    case 'notes':
      return block.items.map((item) => `- ${escape(item)}`).join('\n');
    default:
      return assertNever(block);
  }
}

function wordsText(words: readonly Words[]): string {
  return words
    .map(({ kind, text }) => {
      if (kind === 'strong') return `**${escape(text)}**`;
      return kind === 'code' ? `<code>${escape(text)}</code>` : escape(text);
    })
    .join('');
}

function cellText({ text, marks = [] }: ReportCell): string {
  return [escape(text), ...marks.map((mark) => `**${nameMark(mark)}**`)].join(' ');
}

function tableText({ caption, columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `*${escape(caption)}*`,
    '',
    line(columns.map((column) => escape(nameColumn(column)))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(cellText))),
  ].join('\n');
}
