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
import { findReduction, referenceRows } from './comparison-exports.js';

export interface ComparisonMarks {
  /** Runs that are not valid, where such are shown. */
  invalidRunIds: ReadonlySet<string>;
  /** Wall clock of the newest run, epoch milliseconds; null without runs. */
  asOfMs: number | null;
  /** Options of `report make` that chose what is compared. */
  commandOptions: string;
}

export function buildComparisonDocument(comparison: Comparison, marks: ComparisonMarks): ReportDocument {
  const { cloudConcurrency, rows } = comparison;
  const isInvalid = rows.some((row) => marksOf(row, marks).includes('invalid'));
  return {
    title: 'Total generation delay by platform',
    subtitle: `Table V of the DEdgeAI paper and measured runs. Requests that a cloud platform serves at once: ${cloudConcurrency}.`,
    caveats: [
      ...(rows.some((row) => row.isSimulated)
        ? [{ mark: 'simulated' as const, text: 'Rows with this mark come from simulated nodes.' }]
        : []),
      ...(rows.some((row) => row.isImported)
        ? [{ mark: 'imported' as const, text: 'Rows with this mark have runs that were made on another machine.' }]
        : []),
      ...(isInvalid ? [{ mark: 'invalid' as const, text: 'Figures with this mark come from runs that are not valid.' }] : []),
    ],
    facts: [],
    blocks: [
      delayTable(comparison, marks),
      { kind: 'notes', items: comparison.notes },
      { kind: 'heading', text: 'Charts' },
      ...chartBlocks(comparison),
      { kind: 'heading', text: 'Reductions' },
      ...referenceRows(comparison).map((reference) => reductionTable(comparison, reference)),
      { kind: 'heading', text: 'How to make it again' },
      {
        kind: 'code',
        caption: 'This report again, with the data of this program:',
        text: `npm run cli -- report make --template table-v${marks.commandOptions} --format pdf`,
      },
    ],
    asOfMs: marks.asOfMs,
  };
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

function delayTable({ counts, rows }: Comparison, marks: ComparisonMarks): ReportBlock {
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
      textCell(row.notes.join(' ')),
    ]),
  };
}

/** A chart for each |N| of which something is known. */
function chartBlocks({ counts, rows }: Comparison): ReportBlock[] {
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
    return [{ kind: 'chart', chart }];
  });
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
