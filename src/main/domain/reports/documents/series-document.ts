// A series as parts of a report: what was planned, what came of it with intervals, how schedulers differ, and every run.
import { describeLearned } from '../../../../shared/describe-learned.js';
import { formatInterval, formatNumber, formatQuantity } from '../../../../shared/format.js';
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import {
  numberCell,
  textCell,
  type ReportBlock,
  type ReportCell,
  type ReportColumn,
  type ReportMark,
} from '../../../../shared/report-document.js';
import { type RunSummary } from '../../../../shared/run.js';
import {
  nameSeriesScheduler,
  type SeriesCellResult,
  type SeriesDetail,
  type SeriesFigure,
  type SeriesPercentile,
  type SeriesResult,
  type SeriesSpec,
} from '../../../../shared/series.js';
import { describeArrivals, describeSteps } from '../../comparison/measured-rows.js';
import { toSeriesCommand } from '../../../../shared/series-command-line.js';
import { nameOrigin, reportCommand, type ReportSection } from './report-section.js';

export interface SeriesReportData {
  series: SeriesDetail;
  /** Of valid runs. */
  result: SeriesResult;
  /** Of the cells, those that are still on record. */
  runs: readonly RunSummary[];
}

/** Table V of the series is a part of its comparison's report. */
export type SeriesPart = Exclude<keyof (typeof REPORT_PARTS)['series'], 'table-v'>;

/** A chart whose longest bar is so many times the shortest is read on a logarithmic axis. */
const LOGARITHMIC_FROM = 30;

const PARTS: Record<SeriesPart, (data: SeriesReportData) => ReportBlock[]> = {
  plan: planBlocks,
  figures: figureBlocks,
  chart: chartBlocks,
  differences: differenceBlocks,
  runs: runBlocks,
  again: againBlocks,
};

export function buildSeriesPart(data: SeriesReportData, part: SeriesPart): ReportSection {
  return { caveats: caveatsOf(data), blocks: PARTS[part](data), asOfMs: asOfSeries(data) };
}

function asOfSeries({ series, runs }: SeriesReportData): number {
  return runs.reduce((newest, { finishedAtMs }) => Math.max(newest, finishedAtMs ?? 0), series.finishedAtMs ?? series.createdAtMs);
}

function caveatsOf({ series: { counts }, result }: SeriesReportData): ReportSection['caveats'] {
  const missing = counts.failed + counts.running + counts.waiting;
  const simulated = { mark: 'simulated' as const, text: 'Images and times of cells with this mark come from simulated nodes.' };
  const invalid = {
    mark: 'invalid' as const,
    text: `${formatQuantity(counts.invalid, 'cell')} of ${counts.total} have an invalid run, which is in no figure.`,
  };
  const limited = {
    mark: 'limited' as const,
    text: `${formatQuantity(missing, 'cell')} of ${counts.total} have no run yet, or none that succeeded.`,
  };
  return [
    ...(result.cells.some(({ isSimulated }) => isSimulated) ? [simulated] : []),
    ...(counts.invalid > 0 ? [invalid] : []),
    ...(missing > 0 ? [limited] : []),
  ];
}

function titleOf({ conditions }: SeriesSpec, index: number): string {
  const condition = conditions[index];
  if (!condition) return '?';
  return `|N| = ${formatNumber(condition.taskCount, 0)}, ${describeSteps(condition.qualitySteps)}, ${describeArrivals(condition.arrivals)}`;
}

const nameOf = ({ schedulers }: SeriesSpec, index: number): string => nameSeriesScheduler(schedulers[index] ?? { scheduler: 'random' });

const left = (title: string): ReportColumn => ({ title, align: 'left' });
const right = (title: string, unit?: string): ReportColumn => ({ title, align: 'right', ...(unit === undefined ? {} : { unit }) });

function planBlocks({ series }: SeriesReportData): ReportBlock[] {
  const { spec } = series;
  const last = spec.seed + spec.repetitions - 1;
  const facts: [string, string][] = [
    ['Testbed', series.testbedName],
    ['Dataset', series.datasetName],
    ['Schedulers', spec.schedulers.map(nameSeriesScheduler).join(', ')],
    ['Conditions', spec.conditions.map((_, index) => titleOf(spec, index)).join('; ')],
    ['Repetitions', String(spec.repetitions)],
    ['Seeds', spec.repetitions === 1 ? String(spec.seed) : `${spec.seed} to ${last}, one a repetition`],
    ['Warm-up', spec.warmUpTasksPerNode === 0 ? 'none' : `${formatQuantity(spec.warmUpTasksPerNode, 'task')} a node, in no figure`],
    ['Rest between runs', describeRest(spec)],
    ['Cells', `${series.counts.total}: ${series.counts.valid} valid, ${series.counts.invalid} invalid, ${series.counts.failed} failed`],
  ];
  return [
    {
      kind: 'text',
      text: 'Within a repetition every scheduler has the same prompts, steps, image seeds and arrivals. The order of schedulers is balanced over the repetitions and drawn from the seed.',
    },
    {
      kind: 'table',
      caption: `The plan of series “${spec.name}”.`,
      columns: [left('What'), left('Value')],
      rows: facts.map(([label, value]) => [textCell(label), textCell(value)]),
    },
  ];
}

function describeRest({ coolDown: { sec, belowCelsius } }: SeriesSpec): string {
  const until = belowCelsius === null ? [] : [`until no sensor is above ${belowCelsius} °C`];
  return [...(sec > 0 ? [`${sec} s`] : []), ...until].join(', ') || 'none';
}

function figureCell(figure: SeriesFigure | null, decimals: number, factor = 1): ReportCell {
  if (figure === null) return numberCell(null, decimals);
  const [mean, halfWidth95] = [figure.mean * factor, figure.halfWidth95 === null ? null : figure.halfWidth95 * factor];
  return { value: mean, text: formatInterval({ mean, halfWidth95 }, decimals) };
}

function percentileCell(percentile: SeriesPercentile): ReportCell {
  return percentile.figure ? figureCell(percentile.figure, 1) : textCell('–');
}

function marksOf({ isSimulated }: SeriesCellResult): ReportMark[] {
  return isSimulated ? ['simulated'] : [];
}

function figureBlocks({ series: { spec }, result }: SeriesReportData): ReportBlock[] {
  const columns = [
    left('Scheduler'),
    right('Runs'),
    right('Total', 's'),
    right('Efficiency', '%'),
    right('Control', '%'),
    ...['Mean service', 'Median', 'p95', 'p99'].map((title) => right(title, 's')),
  ];
  const tables = spec.conditions.map((_, condition): ReportBlock => {
    const rows = result.cells
      .filter((cell) => cell.condition === condition)
      .map((cell) => [
        textCell(nameOf(spec, cell.scheduler), marksOf(cell)),
        numberCell(cell.counted, 0),
        figureCell(cell.totalSec, 1),
        figureCell(cell.efficiency, 1, 100),
        figureCell(cell.controlShare, 2, 100),
        figureCell(cell.meanServiceSec, 1),
        ...[cell.medianServiceSec, cell.p95ServiceSec, cell.p99ServiceSec].map(percentileCell),
      ]);
    return {
      kind: 'table',
      caption: `${titleOf(spec, condition)}. Means over repetitions with 95 % intervals; model time.`,
      columns,
      rows,
    };
  });
  return [...tables, ...learningBlocks(spec, result), { kind: 'notes', items: result.notes }];
}

/** Of each row that learns on the job, its runs in their order. */
function learningBlocks(spec: SeriesSpec, { learning }: SeriesResult): ReportBlock[] {
  return learning.map(({ scheduler, steps }) => ({
    kind: 'table',
    caption: `${nameOf(spec, scheduler)}: a sequence, run by run, each after what the ones before it taught.`,
    columns: [
      right('Run'),
      left('Condition'),
      right('Repetition'),
      right('Version'),
      right('Total', 's'),
      right('Efficiency', '%'),
      left('Learned after it'),
    ],
    rows: steps.map((step, index) => [
      numberCell(index + 1, 0),
      textCell(titleOf(spec, step.condition)),
      numberCell(step.repetition, 0),
      textCell(`${step.version} (${step.trainingId})`),
      numberCell(step.totalSec, 1),
      numberCell(step.efficiency === null ? null : step.efficiency * 100, 1),
      textCell(describeLearned(step)),
    ]),
  }));
}

function originOf({ series }: SeriesReportData): string {
  return nameOrigin(`series ${series.id}`, reportCommand('series', series.id));
}

/** Conditions that differ in |N| only share a chart. */
function chartBlocks(data: SeriesReportData): ReportBlock[] {
  const { spec } = data.series;
  const indexed = spec.conditions.map((condition, index) => ({ ...condition, index }));
  const groups = [...Map.groupBy(indexed, ({ qualitySteps, arrivals }) => JSON.stringify([qualitySteps, arrivals])).values()];
  return groups.flatMap((group): ReportBlock[] => {
    const figureOf = (scheduler: number, condition: number): SeriesFigure | null =>
      data.result.cells.find((cell) => cell.scheduler === scheduler && cell.condition === condition)?.totalSec ?? null;
    const series = spec.schedulers.map((_, scheduler) => {
      const figures = group.map(({ index }) => figureOf(scheduler, index));
      const isSimulated = data.result.cells.some((cell) => cell.scheduler === scheduler && cell.isSimulated);
      return {
        name: `${nameOf(spec, scheduler)}${isSimulated ? ' (simulated)' : ''}`,
        values: figures.map((figure) => figure?.mean ?? null),
        halfWidths: figures.map((figure) => figure?.halfWidth95 ?? null),
      };
    });
    const known = series.flatMap(({ values }) => values.filter((value) => value !== null && value > 0)) as number[];
    const [first] = group;
    if (known.length === 0 || !first) return [];
    const scale = Math.max(...known) / Math.min(...known) >= LOGARITHMIC_FROM ? ('logarithmic' as const) : ('linear' as const);
    const title = `Total generation delay, ${describeSteps(first.qualitySteps)}, ${describeArrivals(first.arrivals)}`;
    const labels = group.map(({ taskCount }) => `|N| = ${formatNumber(taskCount, 0)}`);
    const chart = {
      ...{ kind: 'bars' as const, title, category: { title: 'Tasks', labels } },
      value: { title: 'Total generation delay', unit: 's', scale },
      series,
    };
    return [{ kind: 'chart', chart, note: originOf(data) }];
  });
}

function differenceBlocks({ series: { spec }, result }: SeriesReportData): ReportBlock[] {
  if (result.differences.length === 0) return [{ kind: 'text', text: 'No two schedulers have a repetition in common yet.' }];
  const isSimulated = (scheduler: number, condition: number): boolean =>
    result.cells.some((cell) => cell.scheduler === scheduler && cell.condition === condition && cell.isSimulated);
  const rows = result.differences.map((each) => [
    textCell(
      `${nameOf(spec, each.first)} against ${nameOf(spec, each.second)}`,
      isSimulated(each.first, each.condition) || isSimulated(each.second, each.condition) ? ['simulated'] : [],
    ),
    textCell(titleOf(spec, each.condition)),
    numberCell(each.pairs, 0),
    { value: each.meanSec, text: formatInterval({ mean: each.meanSec, halfWidth95: each.halfWidth95Sec }, 2) },
    numberCell(each.reduction === null ? null : each.reduction * 100, 2),
    numberCell(each.effectSize, 2),
    { value: each.adjustedP, text: each.adjustedP === null ? '–' : each.adjustedP.toPrecision(2) },
    textCell(each.adjustedP === null ? 'one pair' : each.isSignificant ? 'significant' : 'not significant'),
  ]);
  return [
    {
      kind: 'table',
      caption:
        'Differences of the totals on the same workload, the first less the second: negative where the first is faster. 95 % intervals; p adjusted by Holm; effect: Hedges’ g.',
      columns: [
        left('Schedulers'),
        left('Condition'),
        right('Pairs'),
        right('Difference', 's'),
        right('Reduction', '%'),
        right('Effect'),
        right('p'),
        left('Finding'),
      ],
      rows,
    },
    { kind: 'notes', items: result.differences.map(({ sentence, condition }) => `${titleOf(spec, condition)}: ${sentence}`) },
  ];
}

function runBlocks({ series, runs }: SeriesReportData): ReportBlock[] {
  const { spec } = series;
  const byId = new Map(runs.map((run) => [run.id, run]));
  const rows = series.cells.map((cell) => {
    const run = cell.runId === null ? undefined : byId.get(cell.runId);
    const marks: ReportMark[] = [
      ...(run?.isSimulated ? (['simulated'] as const) : []),
      ...(cell.state === 'invalid' ? (['invalid'] as const) : []),
    ];
    const totalMs = run?.metrics.totalGenerationDelayMs ?? null;
    return [
      textCell(nameOf(spec, cell.scheduler), marks),
      numberCell(spec.conditions[cell.condition]?.taskCount ?? null, 0),
      numberCell(cell.repetition, 0),
      textCell(cell.state),
      numberCell(totalMs === null ? null : totalMs / 1000, 1),
      numberCell(run?.metrics.efficiency == null ? null : run.metrics.efficiency * 100, 1),
      textCell(cell.runId),
      textCell(cell.reasons.join(' ')),
    ];
  });
  return [
    {
      kind: 'table',
      caption: 'Every cell in the order of execution.',
      columns: [
        left('Scheduler'),
        right('|N|'),
        right('Repetition'),
        left('State'),
        right('Total', 's'),
        right('Efficiency', '%'),
        left('Run'),
        left('Why not valid'),
      ],
      rows,
    },
  ];
}

function againBlocks({ series }: SeriesReportData): ReportBlock[] {
  return [
    { kind: 'code', caption: 'The same series again:', text: toSeriesCommand(series.spec) },
    {
      kind: 'code',
      caption: `Series ${series.id}, made by version ${series.programVersion}.`,
      text: JSON.stringify(series.spec, null, 2),
    },
    { kind: 'code', caption: 'This report again, with the data of this program:', text: reportCommand('series', series.id) },
  ];
}
