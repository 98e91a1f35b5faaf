// Reports that are kept: what they are composed of, not what came of it. Figures are read anew whenever one is shown or written.
import type { ComparisonInput } from './api/inputs.js';
import type { RunComparisonRequest } from './api/run-comparison-inputs.js';
import type { Drawing } from './drawing.js';
import type { BinItem } from './bin.js';
import type { ReportBlock, ReportDocument, ReportTemplate } from './report-document.js';

/** What can be shown of each kind of record, in the order of its template. */
export const REPORT_PARTS = {
  run: {
    figures: 'Figures',
    delays: 'Delays',
    timeline: 'Timeline',
    images: 'Images',
    nodes: 'Nodes',
    failures: 'Failures',
    prediction: 'Prediction of the digital twin',
    again: 'How to reproduce it',
  },
  'table-v': { table: 'Table V', charts: 'Charts', reductions: 'Reductions', again: 'How to reproduce it' },
  series: {
    plan: 'Plan',
    figures: 'Figures with intervals',
    chart: 'Chart',
    differences: 'Paired differences',
    'table-v': 'Table V',
    runs: 'Runs',
    again: 'How to reproduce it',
  },
  training: { figures: 'Figures', curve: 'Learning curve', settings: 'Settings', policy: 'Policy', again: 'How to reproduce it' },
  study: { figure: 'Figure', table: 'Table', seeds: 'Seeds', again: 'How to reproduce it' },
  testbed: { topology: 'Topology and nodes', facts: 'Facts of the nodes' },
  comparison: {
    differs: 'What differs',
    results: 'Results beside each other',
    ecdf: 'Distributions',
    boxes: 'Quartiles',
    parts: 'Where the time goes',
    timeline: 'Utilization of the nodes',
    pairs: 'The same tasks in pairs',
    nodes: 'Figures of each node',
    again: 'How to reproduce it',
  },
  gallery: { grid: 'Images side by side' },
} as const satisfies Record<string, Record<string, string>>;

export type ReportSourceKind = keyof typeof REPORT_PARTS;
/** Kinds whose blocks are about one record, by its id. */
export type ReportRecordKind = Exclude<ReportSourceKind, 'table-v' | 'comparison' | 'gallery'>;
type PartOf<Kind extends ReportSourceKind> = Extract<keyof (typeof REPORT_PARTS)[Kind], string>;
type RecordSource = { [Kind in ReportRecordKind]: { kind: Kind; id: string; part: PartOf<Kind> } }[ReportRecordKind];

/** Where a block's content comes from. */
export type ReportSource =
  | RecordSource
  | { kind: 'table-v'; part: PartOf<'table-v'>; comparison: ComparisonInput }
  /** Runs beside each other, as the page Compare has them. */
  | { kind: 'comparison'; part: PartOf<'comparison'>; comparison: RunComparisonRequest }
  /** Images of the same prompts from several runs; `prompts` null: the first that all runs have, `rows` of them. */
  | { kind: 'gallery'; part: 'grid'; runIds: string[]; prompts: string[] | null; rows: number }
  /** Free text; a part of Markdown (docs/reports.md). `title` stands over it, where it has one. */
  | { kind: 'text'; title: string; text: string };

export interface StoredReportBlock {
  /** Within its report. */
  id: string;
  source: ReportSource;
  /** What its record was called when the block was added, for the case that it is gone; null of texts. */
  recordName: string | null;
}

export interface StoredReport {
  id: string;
  title: string;
  /** What it was started from; null of an empty one. */
  template: ReportTemplate | null;
  blocks: StoredReportBlock[];
  /** Grows with every change; who changes a report says which one they saw. */
  revision: number;
  createdAtMs: number;
  updatedAtMs: number;
}

/** What a report is started from. */
export type ReportSubject =
  { template: 'run' | 'series' | 'training' | 'study'; id: string } | { template: 'table-v'; comparison: ComparisonInput };

/** What a window shows of a document: its blocks, with charts drawn as in every other format. */
export type ShownBlock = Exclude<ReportBlock, { kind: 'chart' }> | { kind: 'drawing'; drawing: Drawing; caption: string };

/** A block of a report as it stands now. */
export interface ShownReportBlock {
  id: string;
  /** As an outline names it. */
  title: string;
  /** As it is headed in the document; empty where it is not. */
  heading: string;
  /** Why there is nothing to show; null where there is. */
  problem: string | null;
  /** Its records that are in the bin: shown until the bin is emptied. */
  inBin: BinItem[];
  content: ShownBlock[];
}

/** A report with the figures of this moment. */
export interface ReportPreview {
  title: string;
  subtitle: string;
  caveats: ReportDocument['caveats'];
  blocks: ShownReportBlock[];
  /** Wall clock, epoch ms, at which its figures were read. */
  readAtMs: number;
}

/** What a block is called in an outline: `Night: Paired differences`. */
export function nameReportBlock({ source, recordName }: Pick<StoredReportBlock, 'source' | 'recordName'>): string {
  if (source.kind === 'text') return source.title.trim() || firstWords(source.text) || 'Text';
  const part: string = (REPORT_PARTS[source.kind] as Record<string, string>)[source.part] ?? source.part;
  return recordName === null ? part : `${recordName}: ${part}`;
}

function firstWords(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
