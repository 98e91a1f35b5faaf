// A composed report as a window shows it: cleaned as every format is, charts drawn, and long tables cut.
import { formatQuantity } from '../../../shared/format.js';
import type { ReportPreview, ShownBlock } from '../../../shared/report-composition.js';
import type { ReportBlock } from '../../../shared/report-document.js';
import { drawChart } from './charts/draw-chart.js';
import type { ComposedReport } from './compose-report.js';
import { cleanDeep, cleanDocument } from './formats/clean-document.js';

/** Of a table; files have all of them. */
const MAX_ROWS_SHOWN = 200;

export function showReport({ document, parts }: ComposedReport, readAtMs: number): ReportPreview {
  const { title, subtitle, caveats } = cleanDocument(document);
  const blocks = cleanDeep(parts.map(({ blocks: own, ...part }) => ({ ...part, content: own.flatMap(show) })));
  return { title, subtitle, caveats, blocks, readAtMs };
}

function show(block: ReportBlock): ShownBlock[] {
  if (block.kind === 'chart') {
    const caption = [block.chart.title, ...(block.note === undefined ? [] : [block.note])].join('. ');
    return [{ kind: 'drawing', drawing: drawChart(block.chart), caption }];
  }
  if (block.kind !== 'table' || block.rows.length <= MAX_ROWS_SHOWN) return [block];
  const left = block.rows.length - MAX_ROWS_SHOWN;
  return [
    { ...block, rows: block.rows.slice(0, MAX_ROWS_SHOWN) },
    { kind: 'notes', items: [`${formatQuantity(left, 'more row')} in the files.`] },
  ];
}
