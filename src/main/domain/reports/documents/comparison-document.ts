// Table V as a report: platforms of the paper and measured runs, a chart for each |N|, and who is faster by how much.
import type { Comparison, ComparisonCell, ComparisonRow } from '../../../../shared/comparison.js';
import { formatInterval, formatNumber } from '../../../../shared/format.js';
import {
  nameMark,
  numberCell,
  textCell,
  type ReportBlock,
  type ReportCell,
  type ReportDocument,
  type ReportMark,
} from '../../../../shared/report-document.js';
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import { nameOrigin, type ReportSection } from './report-section.js';
import { findReduction, referenceRows } from './comparison-exports.js';

/** Runs of a chart that its caption names. */
const MAX_NAMED_RUNS = 6;

export interface ComparisonMarks {
  /** Runs that are not valid, where such are shown. */
  invalidRunIds: ReadonlySet<string>;
  /** Wall clock of the newest run, epoch milliseconds; null without runs. */
  asOfMs: number | null;
  /** Options of `report make` that chose what is compared. */
  commandOptions: string;
}

export function buildComparisonDocument(comparison: Comparison, marks: ComparisonMarks): ReportDocument {
  const { cloudConcurrency } = comparison;
  return {
    title: 'Total generation delay by platform',
    subtitle: `Table V of the DEdgeAI paper and measured runs. Requests that a cloud platform serves at once: ${cloudConcurrency}.`,
    caveats: caveatsOf(comparison, marks),
    facts: [],
    blocks: [
      ...PARTS.table(comparison, marks),
      { kind: 'heading', text: 'Charts' },
      ...PARTS.charts(comparison, marks),
      { kind: 'heading', text: 'Reductions' },
      ...PARTS.reductions(comparison, marks),
      { kind: 'heading', text: 'How to reproduce it' },
      ...PARTS.again(comparison, marks),
    ],
    asOfMs: marks.asOfMs,
  };
}

type TableVPart = keyof (typeof REPORT_PARTS)['table-v'];

const PARTS: Record<TableVPart, (comparison: Comparison, marks: ComparisonMarks) => ReportBlock[]> = {
  table: (comparison, marks) => [
    delayTable(comparison, marks),
    { kind: 'notes', items: [...listRowNotes(comparison).map((note, index) => `Note ${index + 1}: ${note}`), ...comparison.notes] },
  ],
  charts: chartBlocks,
  reductions: (comparison) => referenceRows(comparison).map((reference) => reductionTable(comparison, reference)),
  again: (_comparison, marks) => [{ kind: 'code', caption: 'This report again, with the data of this program:', text: commandOf(marks) }],
};

/** One part of the report of Table V. */
export function buildComparisonPart(comparison: Comparison, part: TableVPart, marks: ComparisonMarks): ReportSection {
  return { caveats: caveatsOf(comparison, marks), blocks: PARTS[part](comparison, marks), asOfMs: marks.asOfMs };
}

function commandOf({ commandOptions }: ComparisonMarks): string {
  return `npm run cli -- report make --template table-v${commandOptions} --format pdf`;
}

function caveatsOf({ rows }: Comparison, marks: ComparisonMarks): { mark: ReportMark; text: string }[] {
  const isInvalid = rows.some((row) => marksOf(row, marks).includes('invalid'));
  return [
    ...(rows.some((row) => row.isSimulated)
      ? [{ mark: 'simulated' as const, text: 'Rows with this mark come from simulated nodes.' }]
      : []),
    ...(rows.some((row) => row.isImported)
      ? [{ mark: 'imported' as const, text: 'Rows with this mark have runs that were made on another machine.' }]
      : []),
    ...(isInvalid ? [{ mark: 'invalid' as const, text: 'Figures with this mark come from runs that are not valid.' }] : []),
  ];
}

function marksOf(row: ComparisonRow, { invalidRunIds }: ComparisonMarks): ReportMark[] {
  const isInvalid = row.delaySec.some(({ runIds }) => runIds.some((id) => invalidRunIds.has(id)));
  return [...originMarks(row), ...(isInvalid ? (['invalid'] as const) : [])];
}

function originMarks({ isSimulated, isImported }: ComparisonRow): ReportMark[] {
  return [...(isSimulated ? (['simulated'] as const) : []), ...(isImported ? (['imported'] as const) : [])];
}

function priceCell(value: number | null): ReportCell {
  if (value === 0) return { value, text: 'Free' };
  return value === null ? numberCell(null, 2) : { value, text: `$${formatNumber(value, 2)}` };
}

/** A mean over repetitions comes with its interval. */
function delayCell({ delaySec, series }: ComparisonCell): ReportCell {
  if (!series || delaySec === null) return numberCell(delaySec, 1);
  return { value: delaySec, text: formatInterval({ mean: delaySec, halfWidth95: series.halfWidth95Sec }, 1) };
}

const countTitle = (count: number): string => `|N| = ${formatNumber(count, 0)}`;

/** Rows share most of them, and beside so many figures there is no room for an address: they stand below the table, by their numbers here. */
function listRowNotes({ rows }: Comparison): string[] {
  return [...new Set(rows.flatMap(({ notes }) => notes))];
}

function delayTable(comparison: Comparison, marks: ComparisonMarks): ReportBlock {
  const { counts, rows } = comparison;
  const notes = listRowNotes(comparison);
  return {
    kind: 'table',
    caption: 'Total generation delay in seconds',
    columns: [
      { title: 'Platform or system', align: 'left' },
      { title: 'Model', align: 'left' },
      ...counts.map((count) => ({ title: countTitle(count), unit: 's', align: 'right' as const })),
      { title: 'Price per 1K images', unit: 'USD', align: 'right' },
      { title: 'Notes', align: 'left' },
    ],
    rows: rows.map((row) => [
      textCell(row.platform, marksOf(row, marks)),
      textCell(row.model),
      ...row.delaySec.map((cell) => ({
        ...delayCell(cell),
        marks: cell.runIds.some((id) => marks.invalidRunIds.has(id)) ? (['invalid'] as const) : [],
      })),
      priceCell(row.pricePer1kUsd),
      textCell(row.notes.map((note) => notes.indexOf(note) + 1).join(', ')),
    ]),
  };
}

/** A chart for each |N| of which something is known. */
function chartBlocks({ counts, rows }: Comparison, marks: ComparisonMarks): ReportBlock[] {
  return counts.flatMap((count, index): ReportBlock[] => {
    const known = rows.filter((row) => row.delaySec[index]?.delaySec != null);
    if (known.length === 0) return [];
    const values = known.map((row) => row.delaySec[index]?.delaySec ?? null);
    const halfWidths = known.map((row) => row.delaySec[index]?.series?.halfWidth95Sec ?? null);
    const chart = {
      kind: 'bars' as const,
      title: countTitle(count),
      category: {
        title: 'Platform or system',
        labels: known.map(
          (row) =>
            `${row.platform}${originMarks(row)
              .map((mark) => ` (${mark})`)
              .join('')}`,
        ),
      },
      value: { title: 'Total generation delay', unit: 's' },
      series: [{ name: 'Total generation delay', values, ...(halfWidths.some((each) => each !== null) ? { halfWidths } : {}) }],
    };
    const runIds = [...new Set(known.flatMap((row) => row.delaySec[index]?.runIds ?? []))];
    return [{ kind: 'chart', chart, note: nameOrigin(nameRunIds(runIds), commandOf(marks)) }];
  });
}

function nameRunIds(ids: readonly string[]): string {
  if (ids.length === 0) return 'the paper';
  const more = ids.length > MAX_NAMED_RUNS ? ` and ${ids.length - MAX_NAMED_RUNS} more` : '';
  return `the paper and ${ids.length === 1 ? 'run' : 'runs'} ${ids.slice(0, MAX_NAMED_RUNS).join(', ')}${more}`;
}

function reductionTable(comparison: Comparison, reference: ComparisonRow): ReportBlock {
  const { counts, rows } = comparison;
  return {
    kind: 'table',
    caption: `How much less delay ${reference.platform}${originMarks(reference)
      .map((mark) => ` (${nameMark(mark)})`)
      .join('')} has; negative where it is slower`,
    columns: [
      { title: 'Against', align: 'left' },
      ...counts.map((count) => ({ title: countTitle(count), unit: '%', align: 'right' as const })),
    ],
    rows: rows
      .filter((row) => row !== reference)
      .map((row) => [
        textCell(row.platform, originMarks(row)),
        ...counts.map((count) => {
          const reduction = findReduction(comparison, reference, row, count);
          return numberCell(reduction === null ? null : reduction * 100, 2);
        }),
      ]),
  };
}
