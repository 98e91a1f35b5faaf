// The comparison as CSV, JSON and HTML. The rows come as they are shown; nothing is computed here.
import type { Comparison, ComparisonCell, ComparisonRow } from '../../../shared/comparison.js';
import { type CsvCell, toCsv } from '../../foundation/csv-text.js';
import { formatInterval, formatNumber, formatPercent } from '../../../shared/format.js';
import { type Html, html, htmlTable } from './html.js';
import { badge, htmlPage } from './html-page.js';

const SCHEMA_VERSION = 1;
const BARS_WIDTH_PX = 1000;
const BARS_LABEL_PX = 320;
const BAR_PX = 26;

function referenceRows({ rows }: Comparison): ComparisonRow[] {
  return rows.filter((row) => row.isEdge);
}

function findReduction({ reductions }: Comparison, reference: ComparisonRow, against: ComparisonRow, count: number): number | null {
  const found = reductions.find((each) => each.referenceRowId === reference.id && each.againstRowId === against.id && each.count === count);
  return found?.reduction ?? null;
}

/** Of rows that are made of a series. */
const INTERVAL_HEADS = ['half_width_95_s', 'repetitions', 'invalid_runs', 'missing_runs'] as const;

function intervalCells({ delaySec }: ComparisonRow): CsvCell[] {
  return (['halfWidth95Sec', 'repetitions', 'invalid', 'missing'] as const).flatMap((key) =>
    delaySec.map(({ series }) => series?.[key] ?? null),
  );
}

/** One line a row of the table; reductions of each edge row follow as columns of their own. */
export function buildComparisonCsv(comparison: Comparison): string {
  const { counts, rows, cloudConcurrency } = comparison;
  const references = referenceRows(comparison);
  const hasIntervals = rows.some(({ delaySec }) => delaySec.some(({ series }) => series !== undefined));
  const header = [
    'platform',
    'model',
    'source',
    'is_simulated',
    ...counts.map((count) => `total_generation_delay_s_n${count}`),
    ...(hasIntervals ? INTERVAL_HEADS.flatMap((head) => counts.map((count) => `${head}_n${count}`)) : []),
    'price_per_1k_images_usd',
    'cloud_concurrency',
    ...references.flatMap((reference) => counts.map((count) => `reduction_fraction_of_${reference.platform}_n${count}`)),
    'notes',
  ];
  const lines = rows.map((row): CsvCell[] => [
    row.platform,
    row.model,
    row.source,
    row.isSimulated,
    ...row.delaySec.map((cell) => cell.delaySec),
    ...(hasIntervals ? intervalCells(row) : []),
    row.pricePer1kUsd,
    cloudConcurrency,
    ...references.flatMap((reference) => counts.map((count) => findReduction(comparison, reference, row, count))),
    row.notes.join(' '),
  ]);
  return toCsv(header, lines);
}

export function buildComparisonJson(comparison: Comparison): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind: 'dedgeai-comparison', ...comparison }, null, 2)}\n`;
}

function nameOf(row: ComparisonRow): Html {
  return html`${row.platform}${row.isSimulated ? html` ${badge('warn', 'SIMULATED')}` : null}`;
}

function formatCell({ delaySec, series }: ComparisonCell): string {
  return series
    ? formatInterval(delaySec === null ? null : { mean: delaySec, halfWidth95: series.halfWidth95Sec }, 1)
    : formatNumber(delaySec, 1);
}

function delayTable({ counts, rows }: Comparison): Html {
  const heads = counts.map((count) => html`<th class="number">|N| = ${formatNumber(count, 0)}</th>`);
  const lines = rows.map((row) => {
    const cells = row.delaySec.map((cell) => html`<td class="number">${formatCell(cell)}</td>`);
    const price = row.pricePer1kUsd === null ? '–' : row.pricePer1kUsd === 0 ? 'Free' : `$${formatNumber(row.pricePer1kUsd, 2)}`;
    return html`<tr>
      <th scope="row">${nameOf(row)}</th>
      <td>${row.model}</td>
      ${cells}
      <td class="number">${price}</td>
      <td class="soft">${row.notes.join(' ')}</td>
    </tr>`;
  });
  return htmlTable({
    caption: html`Total generation delay in seconds`,
    heads: html`<th>Platform or system</th>
      <th>Model</th>
      ${heads}
      <th class="number">Price per 1K images (USD)</th>
      <th>Notes</th>`,
    rows: lines,
  });
}

function reductionTable(comparison: Comparison, reference: ComparisonRow): Html {
  const heads = comparison.counts.map((count) => html`<th class="number">|N| = ${formatNumber(count, 0)}</th>`);
  const lines = comparison.rows
    .filter((row) => row !== reference)
    .map((row) => {
      const cells = comparison.counts.map((count) => {
        const reduction = findReduction(comparison, reference, row, count);
        return html`<td class="number">${reduction === null ? '–' : formatPercent(reduction, 2)}</td>`;
      });
      return html`<tr>
        <th scope="row">${nameOf(row)}</th>
        ${cells}
      </tr>`;
    });
  return htmlTable({
    caption: html`How much less delay ${nameOf(reference)} has; negative where it is slower`,
    heads: html`<th>Against</th>
      ${heads}`,
    rows: lines,
  });
}

/** Bars for one |N|, longest delay the full width. */
function barsSvg({ rows }: Comparison, count: number, index: number): Html | null {
  const known = rows.flatMap((row) => {
    const delaySec = row.delaySec[index]?.delaySec ?? null;
    return delaySec === null ? [] : [{ row, delaySec }];
  });
  const maxDelaySec = Math.max(...known.map(({ delaySec }) => delaySec));
  if (known.length === 0 || maxDelaySec <= 0) return null;
  const bars = known.map(({ row, delaySec }, line) => {
    const widthPx = Math.max(1, (delaySec / maxDelaySec) * (BARS_WIDTH_PX - BARS_LABEL_PX - 90));
    const label = `${row.platform}${row.isSimulated ? ' (simulated)' : ''}`;
    const y = line * BAR_PX;
    return html`<text x="0" y="${y + 17}">${label.length > 46 ? `${label.slice(0, 45)}…` : label}</text
      ><rect
        x="${BARS_LABEL_PX}"
        y="${y + 4}"
        width="${widthPx.toFixed(1)}"
        height="${BAR_PX - 8}"
        fill="var(${row.isEdge ? '--bar' : '--bar-soft'})"
      /><text x="${(BARS_LABEL_PX + widthPx + 6).toFixed(1)}" y="${y + 17}">${formatNumber(delaySec, 1)} s</text>`;
  });
  return html`<h3>|N| = ${formatNumber(count, 0)}</h3>
    <svg
      viewBox="0 0 ${BARS_WIDTH_PX} ${known.length * BAR_PX}"
      role="img"
      aria-label="Total generation delay by platform for ${count} tasks"
    >
      ${bars}
    </svg>`;
}

export function buildComparisonHtml(comparison: Comparison): string {
  const charts = comparison.counts.flatMap((count, index) => barsSvg(comparison, count, index) ?? []);
  const body = html`<h1>Total generation delay by platform</h1>
    <p class="soft">
      Table V of the DEdgeAI paper and measured runs. Requests that a cloud platform serves at once: ${comparison.cloudConcurrency}.
    </p>
    ${delayTable(comparison)}
    <ul class="soft">
      ${comparison.notes.map((note) => html`<li>${note}</li>`)}
    </ul>
    <h2>Charts</h2>
    ${charts}
    <h2>Reductions</h2>
    ${referenceRows(comparison).map((reference) => reductionTable(comparison, reference))}`;
  return htmlPage('DEdgeAI comparison', body);
}
