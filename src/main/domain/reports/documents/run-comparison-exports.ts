// A comparison of runs as files: every table and chart of it as CSV, every chart as SVG. The charts are those that the window draws. Pure.
import type { ChartDescription } from '../../../../shared/chart-description.js';
import { countedRuns, describeComparisonChart, nameGroup } from '../../../../shared/describe-run-comparison.js';
import { AppError } from '../../../../shared/errors.js';
import type { MeanInterval } from '../../../../shared/mean-interval.js';
import {
  COMPARED_PERCENTILES,
  COMPARISON_CHARTS,
  type ComparedFigures,
  type ComparedRun,
  type ComparisonChart,
  type ComparisonExport,
  type RunComparison,
  type RunTimeline,
} from '../../../../shared/run-comparison.js';
import { type CsvCell, toCsv } from '../../../foundation/csv-text.js';
import type { ExportedDocument } from '../../../foundation/exported-document.js';
import { drawChart } from '../charts/draw-chart.js';
import { drawingSvgFile } from '../formats/chart-svg.js';
import { tabulateChart } from '../formats/tabulate-chart.js';

export interface ComparisonExportOptions {
  what: ComparisonExport;
  format: 'csv' | 'svg';
  /** Of the runs that count; needed by the timeline alone. */
  timelines?: readonly RunTimeline[];
}

/** Throws `invalid-input` for the picture of a table. */
export function exportRunComparison(
  comparison: RunComparison,
  { what, format, timelines = [] }: ComparisonExportOptions,
): ExportedDocument {
  const fileName = `compared-runs-${what}.${format}`;
  const chart = isChart(what) ? describeComparisonChart(comparison, what, { timelines }) : null;
  if (format === 'csv') return { fileName, mediaType: 'text/csv', body: chart ? chartCsv(chart) : tableCsv(comparison, what) };
  if (chart) return { fileName, mediaType: 'image/svg+xml', body: drawingSvgFile(drawChart(chart)) };
  const charts = COMPARISON_CHARTS.join(', ');
  throw new AppError('invalid-input', `${what} is a table and has no picture`, `Take it as CSV, or one of the charts: ${charts}.`);
}

function isChart(what: ComparisonExport): what is ComparisonChart {
  return COMPARISON_CHARTS.some((chart) => chart === what);
}

function chartCsv(chart: ChartDescription): string {
  const { columns, rows } = tabulateChart(chart, true);
  return toCsv(
    columns.map(({ title }) => title),
    rows.map((row) => row.map(({ value }) => value)),
  );
}

function tableCsv(comparison: RunComparison, what: ComparisonExport): string {
  switch (what) {
    case 'settings':
      return settingsCsv(comparison);
    case 'pairs':
      return pairsCsv(comparison);
    case 'nodes':
      return nodesCsv(comparison);
    default:
      return resultsCsv(comparison);
  }
}

function settingsCsv(comparison: RunComparison): string {
  const runs = countedRuns(comparison);
  const rows = [...comparison.differing, ...comparison.identical].map((setting): CsvCell[] => [
    ...[setting.kind, setting.title, comparison.differing.includes(setting)],
    ...setting.values,
  ]);
  return toCsv(['kind', 'setting', 'differs', ...runs.map(({ name }) => name)], rows);
}

const WITH_INTERVALS: readonly [name: string, read: (figures: ComparedFigures) => MeanInterval | null][] = [
  ['total_s', ({ totalSec }) => totalSec],
  ['efficiency', ({ efficiency }) => efficiency],
  ...COMPARED_PERCENTILES.map((percentile, index): [string, (figures: ComparedFigures) => MeanInterval | null] => [
    `p${percentile * 100}_service_s`,
    ({ percentiles }) => percentiles[index]?.figure ?? null,
  ]),
  ['images_per_min', ({ imagesPerMin }) => imagesPerMin],
  ['control_share', ({ controlShare }) => controlShare],
];

/** A row a group, then a row a run; `half_width` is half of the 95 % interval. Seconds are model time. */
function resultsCsv(comparison: RunComparison): string {
  const names = new Map(comparison.groups.map(({ id, name }) => [id, name]));
  const heads = ['row', 'name', 'group', 'id', 'simulated', 'invalid', 'runs'];
  const figureHeads = WITH_INTERVALS.flatMap(([name]) => [name, `${name}_half_width`]);
  const rows = [
    ...comparison.groups.map((group): CsvCell[] => [
      ...['group', group.name, group.name, group.id, group.isSimulated, group.invalid],
      ...figureCells(group.figures),
    ]),
    ...countedRuns(comparison).flatMap((run): CsvCell[][] =>
      run.figures
        ? [['run', run.name, names.get(run.groupId) ?? '', run.id, run.isSimulated, run.isValid ? 0 : 1, ...figureCells(run.figures)]]
        : [],
    ),
  ];
  return toCsv([...heads, ...figureHeads, 'failed', 'canceled', 'resent', 'difference_s', 'difference_share'], rows);
}

function figureCells(figures: ComparedFigures): CsvCell[] {
  const { runCount, failed, canceled, resent, difference } = figures;
  const pairs = WITH_INTERVALS.flatMap(([, read]) => [read(figures)?.mean ?? null, read(figures)?.halfWidth95 ?? null]);
  return [runCount, ...pairs, failed, canceled, resent, difference?.sec ?? null, difference?.share ?? null];
}

/** Differences are the group's less the reference's. */
function pairsCsv({ pairings, groups, referenceGroupId }: RunComparison): string {
  const nameOf = (id: string | null): string => {
    const group = groups.find((each) => each.id === id);
    return group ? nameGroup(group) : '';
  };
  const heads = ['group', 'reference', 'run_pairs', 'task_pairs', 'median_difference_s', 'faster_share', 'slower_share'];
  const rows = pairings.map((pairing): CsvCell[] => [
    ...[nameOf(pairing.groupId), nameOf(referenceGroupId), pairing.runPairs, pairing.taskPairs],
    ...[pairing.medianSec, pairing.fasterShare, pairing.slowerShare],
    ...[pairing.totals?.meanSec ?? null, pairing.totals?.halfWidth95Sec ?? null, pairing.totals?.pValue ?? null, pairing.sentence],
  ]);
  return toCsv([...heads, 'total_difference_s', 'total_half_width_s', 'total_p', 'sentence'], rows);
}

function nodesCsv(comparison: RunComparison): string {
  const cells = ({ name, nodes }: ComparedRun): CsvCell[][] =>
    nodes.map((node) => [name, node.name, node.executed, node.utilization, node.busySec, node.meanServiceSec]);
  return toCsv(['run', 'node', 'executed', 'utilization', 'busy_s', 'mean_service_s'], countedRuns(comparison).flatMap(cells));
}
