// Runs beside each other as parts of a report: what the page Compare shows, in its order, with its charts.
import type { RunComparisonRequest } from '../../../../shared/api/run-comparison-inputs.js';
import { toCompareCommand } from '../../../../shared/compare-command.js';
import { countedRuns, describeComparisonChart, nameGroup } from '../../../../shared/describe-run-comparison.js';
import { formatInterval, formatPercent, formatQuantity } from '../../../../shared/format.js';
import type { MeanInterval } from '../../../../shared/mean-interval.js';
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import {
  numberCell,
  type ReportBlock,
  type ReportCell,
  type ReportColumn,
  type ReportMark,
  textCell,
} from '../../../../shared/report-document.js';
import {
  COMPARED_PERCENTILES,
  type ComparedRun,
  type ComparisonChart,
  type RunComparison,
  type RunGroup,
  type RunTimeline,
} from '../../../../shared/run-comparison.js';
import { nameOrigin, type ReportSection } from './report-section.js';

export type RunComparisonPart = keyof (typeof REPORT_PARTS)['comparison'];

export interface RunComparisonData {
  comparison: RunComparison;
  /** Of the runs that count, for the part that draws them. */
  timelines: readonly RunTimeline[];
  input: RunComparisonRequest;
}

const PARTS: Record<RunComparisonPart, (data: RunComparisonData) => ReportBlock[]> = {
  differs: ({ comparison }) => [settingsTable(comparison), notesOf(comparison)],
  results: ({ comparison }) => [resultTable(comparison), notesOf(comparison)],
  ecdf: (data) => [chartBlock(data, 'ecdf')],
  boxes: (data) => [chartBlock(data, 'boxes')],
  parts: (data) => [chartBlock(data, 'parts')],
  timeline: (data) => [chartBlock(data, 'timeline')],
  pairs: ({ comparison }) => [pairTable(comparison), { kind: 'notes', items: sentencesOf(comparison) }],
  nodes: ({ comparison }) => [nodeTable(comparison)],
  again: ({ input }) => [{ kind: 'code', caption: 'This comparison again, with the data of this program:', text: toCompareCommand(input) }],
};

/** One part of a comparison of runs. */
export function buildRunComparisonPart(data: RunComparisonData, part: RunComparisonPart): ReportSection {
  const { comparison } = data;
  const counted = countedRuns(comparison);
  const nothing: ReportBlock = { kind: 'text', text: 'None of these runs counts: each is open, left out, or without a result.' };
  return {
    caveats: caveatsOf(comparison),
    blocks: counted.length === 0 && part !== 'again' ? [nothing] : PARTS[part](data),
    asOfMs: counted.reduce<number | null>((newest, { finishedAtMs }) => Math.max(newest ?? 0, finishedAtMs ?? 0), null),
  };
}

function caveatsOf(comparison: RunComparison): ReportSection['caveats'] {
  const counted = countedRuns(comparison);
  const invalid = counted.filter(({ isValid }) => !isValid);
  const missing = comparison.missingIds.length;
  return [
    ...(counted.some(({ isSimulated }) => isSimulated)
      ? [{ mark: 'simulated' as const, text: 'Runs with this mark come from simulated nodes.' }]
      : []),
    ...(invalid.length > 0
      ? [{ mark: 'invalid' as const, text: `Not valid, yet counted: ${invalid.map(({ name }) => name).join(', ')}.` }]
      : []),
    ...(missing > 0
      ? [{ mark: 'limited' as const, text: `${formatQuantity(missing, 'run')} of the comparison ${missing === 1 ? 'is' : 'are'} gone.` }]
      : []),
  ];
}

function notesOf({ notes }: RunComparison): ReportBlock {
  return { kind: 'notes', items: notes };
}

function chartBlock({ comparison, timelines, input }: RunComparisonData, chart: ComparisonChart): ReportBlock {
  return {
    kind: 'chart',
    chart: describeComparisonChart(comparison, chart, { timelines }),
    note: nameOrigin(
      `runs ${countedRuns(comparison)
        .map(({ id }) => id)
        .join(', ')}`,
      toCompareCommand(input),
    ),
  };
}

function settingsTable(comparison: RunComparison): ReportBlock {
  const runs = countedRuns(comparison);
  const { differing, identical } = comparison;
  return {
    kind: 'table',
    caption: `What differs: ${differing.length} of ${formatQuantity(differing.length + identical.length, 'setting')}`,
    columns: [left('Setting'), ...runs.map(({ name }) => left(name))],
    rows: differing.map(({ title, values }) => [textCell(title), ...runs.map((_run, index) => textCell(values[index] ?? null))]),
  };
}

function resultTable({ groups, referenceGroupId }: RunComparison): ReportBlock {
  const reference = groups.find(({ id }) => id === referenceGroupId);
  return {
    kind: 'table',
    caption: `Results${reference ? `, against ${nameGroup(reference)}` : ''}; means over the runs of a group with their 95 % interval`,
    columns: [
      left('Group'),
      ...[right('Runs'), right('Total', 's'), right('vs. bound', '%')],
      ...COMPARED_PERCENTILES.map((percentile) => right(`p${percentile * 100}`, 's')),
      ...[right('Images', '1/min'), right('Failed'), right('Re-sent'), right('Control', '%'), right('Difference', '%')],
    ],
    rows: groups.map((group) => {
      const { figures } = group;
      const { efficiency, controlShare, difference } = figures;
      return [
        textCell(group.name, marksOf(group)),
        ...[numberCell(figures.runCount, 0), intervalCell(figures.totalSec, 1), intervalCell(inPercent(efficiency), 1)],
        ...figures.percentiles.map(({ figure }) => intervalCell(figure, 1)),
        intervalCell(figures.imagesPerMin, 1),
        ...[numberCell(figures.failed, 0), numberCell(figures.resent, 0), intervalCell(inPercent(controlShare), 2)],
        numberCell(difference === null ? null : difference.share * 100, 1),
      ];
    }),
  };
}

function pairTable({ pairings, groups }: RunComparison): ReportBlock {
  const nameOf = (id: string): string => groups.find((group) => group.id === id)?.name ?? id;
  return {
    kind: 'table',
    caption: 'The same tasks in pairs: differences are the group’s less the reference’s',
    columns: [
      left('Group'),
      ...[right('Pairs of runs'), right('Pairs of tasks'), right('Median difference', 's'), right('Faster', '%'), right('Slower', '%')],
    ],
    rows: pairings.map((pairing) => [
      textCell(nameOf(pairing.groupId)),
      ...[numberCell(pairing.runPairs, 0), numberCell(pairing.taskPairs, 0), numberCell(pairing.medianSec, 2)],
      ...[pairing.fasterShare, pairing.slowerShare].map((share) => numberCell(share === null ? null : share * 100, 1)),
    ]),
  };
}

function sentencesOf({ pairings }: RunComparison): string[] {
  return pairings.flatMap(({ sentence, totalSentence }) => [sentence, ...(totalSentence === null ? [] : [totalSentence])]);
}

function nodeTable(comparison: RunComparison): ReportBlock {
  const rowsOf = (run: ComparedRun): ReportCell[][] =>
    run.nodes.map((node) => [
      textCell(run.name, [...(run.isSimulated ? (['simulated'] as const) : []), ...(run.isValid ? [] : (['invalid'] as const))]),
      textCell(node.name),
      numberCell(node.executed, 0),
      { value: node.utilization, text: formatPercent(node.utilization, 1) },
      ...[numberCell(node.busySec, 1), numberCell(node.meanServiceSec, 2)],
    ]);
  return {
    kind: 'table',
    caption: 'What each node did in each run',
    columns: [left('Run'), left('Node'), right('Executed'), right('Utilization'), right('Busy', 's'), right('Mean service delay', 's')],
    rows: countedRuns(comparison).flatMap(rowsOf),
  };
}

function marksOf({ isSimulated, invalid }: RunGroup): ReportMark[] {
  return [...(isSimulated ? (['simulated'] as const) : []), ...(invalid > 0 ? (['invalid'] as const) : [])];
}

function intervalCell(figure: MeanInterval | null, decimals: number): ReportCell {
  return figure === null ? numberCell(null, decimals) : { value: figure.mean, text: formatInterval(figure, decimals) };
}

/** Shares as percent, the interval with them. */
function inPercent(figure: MeanInterval | null): MeanInterval | null {
  return figure && { ...figure, mean: figure.mean * 100, halfWidth95: figure.halfWidth95 === null ? null : figure.halfWidth95 * 100 };
}

function left(title: string): ReportColumn {
  return { title, align: 'left' };
}

function right(title: string, unit?: string): ReportColumn {
  return { title, align: 'right', ...(unit === undefined ? {} : { unit }) };
}
