// What a report is, before it is a file: one document that every format is written from. Texts are as they came; formats make them harmless.
import type { ChartDescription } from './chart-description.js';
import { formatNumber } from './format.js';

/** What a reader must know of a figure; it goes with the figure into every format. */
export type ReportMark = 'simulated' | 'invalid' | 'imported' | 'limited' | 'model-time';

const MARK_WORDS: Record<ReportMark, string> = {
  simulated: 'SIMULATED',
  invalid: 'INVALID',
  imported: 'IMPORTED',
  limited: 'Limited',
  'model-time': 'Model time',
};

export function nameMark(mark: ReportMark): string {
  return MARK_WORDS[mark];
}

export interface ReportColumn {
  title: string;
  /** Absent for texts, counts and where every cell has its own. */
  unit?: string;
  align: 'left' | 'right';
}

export interface ReportCell {
  /** The value itself, for CSV, JSON and spreadsheets; null is not known. */
  value: string | number | null;
  /** As it is shown. */
  text: string;
  marks?: readonly ReportMark[];
}

export interface ReportTable {
  kind: 'table';
  caption: string;
  columns: readonly ReportColumn[];
  /** One cell a column; the first names its row. */
  rows: readonly (readonly ReportCell[])[];
}

export interface ReportImage {
  sha256: string;
  caption: string;
  /** What the picture shows, for those who do not see it. */
  alt: string;
  marks: readonly ReportMark[];
}

/** Images side by side: a row a prompt, a column a run or model. */
export interface ReportImageGrid {
  kind: 'image-grid';
  caption: string;
  columns: readonly { title: string; marks: readonly ReportMark[] }[];
  /** One cell a column; null where that run has no image of the prompt. */
  rows: readonly { title: string; cells: readonly (ReportImage | null)[] }[];
}

export type ReportBlock =
  | { kind: 'heading'; text: string }
  /** Paragraphs between empty lines; within them `**strong**` and `` `code` `` of Markdown, and lines that begin with `- `. */
  | { kind: 'text'; text: string }
  | ReportTable
  | { kind: 'chart'; chart: ChartDescription; note?: string }
  | { kind: 'images'; caption: string; images: readonly ReportImage[] }
  | ReportImageGrid
  | { kind: 'code'; caption: string; text: string }
  | { kind: 'notes'; items: readonly string[] };

export interface ReportDocument {
  title: string;
  /** One sentence on what this is about. */
  subtitle: string;
  /** Printed before everything else, never left out. */
  caveats: readonly { mark: ReportMark; text: string }[];
  facts: readonly { label: string; value: string }[];
  blocks: readonly ReportBlock[];
  /** Wall clock, epoch milliseconds, of the newest of what is reported; null where nothing has one. The same data gives the same bytes. */
  asOfMs: number | null;
}

export const REPORT_FORMATS = ['pdf', 'html', 'tex', 'md', 'csv', 'json', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORT_TEMPLATES = [
  {
    name: 'run',
    title: 'Report on a run',
    sentence: 'One run: figures, distribution of delays, timeline, images, nodes, failures, and how to reproduce it.',
  },
  { name: 'table-v', title: 'Table V report', sentence: 'The platforms of the paper and measured runs, with reductions and charts.' },
  {
    name: 'series',
    title: 'Report on a series',
    sentence: 'One series: plan, figures with intervals, chart, paired differences, Table V from it, its runs, and how to reproduce it.',
  },
  {
    name: 'training',
    title: 'Report on a training',
    sentence: 'One training: figures, learning curve, settings that differ from the preset, what its policy does, and how to reproduce it.',
  },
  {
    name: 'study',
    title: 'Report on a study',
    sentence: 'One run of a study: its figure with the paper’s values, the same as a table, seeds, and how to reproduce it.',
  },
] as const;
export type ReportTemplate = (typeof REPORT_TEMPLATES)[number]['name'];

/** Every image of a document, in order. */
export function listImages({ blocks }: Pick<ReportDocument, 'blocks'>): ReportImage[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'images') return block.images;
    return block.kind === 'image-grid' ? block.rows.flatMap(({ cells }) => cells.filter((cell) => cell !== null)) : [];
  });
}

export function textCell(text: string | null, marks: readonly ReportMark[] = []): ReportCell {
  return { value: text, text: text ?? '–', marks };
}

/** A figure with fixed decimals; the column has its unit. */
export function numberCell(value: number | null | undefined, decimals: number): ReportCell {
  return { value: value ?? null, text: formatNumber(value, decimals) };
}

/** `Total (s)` */
export function nameColumn({ title, unit }: ReportColumn): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

/** What a column is called, in pieces between which a line may end: `|N| = 1` is one, its unit another. */
export function splitColumnName(column: ReportColumn): string[] {
  return nameColumn(column).split(/(?<!=) (?!=)/);
}
