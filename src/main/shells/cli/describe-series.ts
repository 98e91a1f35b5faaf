// Series as the terminal shows them.
import { describeImported } from '../../../shared/record.js';
import { describePlannedStart } from '../../../shared/planned-start.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { describeService } from '../../../shared/service.js';
import { formatBytes, formatDuration, formatInterval, formatNumber, formatPercent, formatQuantity } from '../../../shared/format.js';
import { describeLearned } from '../../../shared/describe-learned.js';
import { nameSeriesBlock, nameSeriesScheduler, type SeriesCell, type SeriesDetail, type SeriesEstimate } from '../../../shared/series.js';
import type { SeriesCellResult, SeriesFigure, SeriesPercentile, SeriesResult, SeriesSpec, SeriesSummary } from '../../../shared/series.js';
import { formatTable } from './terminal.js';

/** Cells without a valid run that are named. */
const MAX_NAMED_CELLS = 10;
const MAX_NAMED_BLOCKS = 12;

export function listSeries(series: readonly SeriesSummary[]): string {
  const standing = ({ state, waitsBehind, plannedStart, imported }: SeriesSummary): string => {
    if (plannedStart) return describePlannedStart(plannedStart, Date.now()).toLowerCase();
    return waitsBehind ? `waits behind ${waitsBehind.name}` : `${state}${imported ? ', imported' : ''}`;
  };
  const rows = series.map((each) => [
    ...[each.id, each.spec.name, each.testbedName, standing(each)],
    ...[`${each.counts.valid + each.counts.invalid}/${each.counts.total}`, String(each.counts.invalid)],
  ]);
  return formatTable(['id', 'name', 'testbed', 'state', 'cells', 'invalid'], rows);
}

/** One line of a series in progress. */
export function describeSeriesProgress({ state, counts, phase, remainingSec, waitsBehind, plannedStart }: SeriesSummary): string {
  if (plannedStart) return cleanLine(`${state}: ${describePlannedStart(plannedStart, Date.now())}`);
  if (waitsBehind) return cleanLine(`waits behind series “${waitsBehind.name}” (${waitsBehind.id})`);
  const bad = [
    ...(counts.invalid > 0 ? [`${counts.invalid} invalid`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} without a run`] : []),
  ];
  const done = `${counts.valid + counts.invalid + counts.failed}/${counts.total} cells${bad.length > 0 ? ` (${bad.join(', ')})` : ''}`;
  const left = remainingSec === null || remainingSec === 0 ? [] : [`about ${formatDuration(remainingSec * 1000)} left`];
  return cleanLine([`${state}: ${done}`, ...(phase === null ? [] : [phase]), ...left].join('; '));
}

export function describeSeriesEstimate(estimate: SeriesEstimate): string[] {
  const { runCount, taskCount, atLeastSec, likelySec, diskBytes, isImageSizeMeasured, freeBytes, boundProblem } = estimate;
  const time = atLeastSec === null ? 'how long is not known' : `at least ${formatDuration(atLeastSec * 1000)} of real time`;
  const likely = likelySec === null ? '' : `, likely ${formatDuration(likelySec * 1000)}`;
  const size = isImageSizeMeasured ? 'by images on record' : 'assumed';
  return [
    `${formatQuantity(runCount, 'run')} of ${formatQuantity(taskCount, 'task')} in all: ${time}${likely}.`,
    `Images: about ${formatBytes(diskBytes)} (${size}); free: ${formatBytes(freeBytes)}.`,
    ...(boundProblem === null ? [] : [`${boundProblem} So there is no lower bound and no efficiency.`]),
    ...[...estimate.problems, ...estimate.overloads].map((problem) => `Can't start: ${problem}`),
    ...estimate.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

export function describeSeries(series: SeriesDetail, result: SeriesResult): string {
  const { spec } = series;
  const heads: [string, string][] = [
    ['series', `${series.id} “${spec.name}”`],
    ['state', describeSeriesProgress(series)],
    ['testbed', series.testbedName],
    ['dataset', series.datasetName],
    ['plan', `${spec.schedulers.length} × ${spec.conditions.length} × ${spec.repetitions}, seeds from ${spec.seed}`],
    ...(spec.strength === undefined ? [] : [['service', describeService(spec)] as [string, string]]),
    ...(series.imported ? [['imported', describeImported(series.imported)] as [string, string]] : []),
    ...(series.error ? [['error', series.error.message] as [string, string]] : []),
    ...describeWaiting(series.cells),
  ];
  return [
    heads.map(([label, value]) => cleanLine(`${label.padEnd(12)}${value}`)).join('\n'),
    ...spec.conditions.map((_, condition) => describeCondition(spec, result, condition)),
    ...describeLearning(spec, result),
    ...describeBadCells(spec, series.cells),
    result.notes.map((note) => `Note: ${cleanLine(note)}`).join('\n'),
  ].join('\n\n');
}

function describeWaiting(cells: readonly SeriesCell[]): [string, string][] {
  const blocks = [...new Set(cells.filter(({ state }) => state === 'waiting').map(nameSeriesBlock))];
  if (blocks.length === 0) return [];
  const more = blocks.length > MAX_NAMED_BLOCKS ? ` and ${blocks.length - MAX_NAMED_BLOCKS} more` : '';
  return [['next blocks', `${blocks.slice(0, MAX_NAMED_BLOCKS).join(', ')}${more} (condition.repetition)`]];
}

function describeCondition(spec: SeriesSpec, { cells, differences }: SeriesResult, condition: number): string {
  const here = cells.filter((cell) => cell.condition === condition);
  // Only real nodes have power of their own.
  const hasEnergy = here.some(({ energyWhPer1k }) => energyWhPer1k !== null);
  const rows = here.map((cell) => [...rowOf(spec, cell), ...(hasEnergy ? [formatFigure(cell.energyWhPer1k)] : [])]);
  const heads = [
    'scheduler',
    'runs',
    'total (s)',
    'of bound',
    'control',
    'mean service (s)',
    'median (s)',
    'p95 (s)',
    'p99 (s)',
    ...(hasEnergy ? ['Wh/1K images'] : []),
  ];
  const sentences = differences.filter((each) => each.condition === condition).map(({ sentence }) => `  ${cleanLine(sentence)}`);
  return [`${condition + 1}. ${titleOf(spec, condition)}`, formatTable(heads, rows), ...sentences].join('\n');
}

function rowOf({ schedulers }: SeriesSpec, cell: SeriesCellResult): string[] {
  const scheduler = schedulers[cell.scheduler];
  const invalid = cell.invalid > 0 ? ` (${cell.invalid} invalid)` : '';
  return [
    `${scheduler ? nameSeriesScheduler(scheduler) : '?'}${cell.isSimulated ? ' [simulated]' : ''}`,
    `${cell.counted}${invalid}`,
    formatInterval(cell.totalSec, 1),
    formatPercent(cell.efficiency?.mean, 1),
    formatPercent(cell.controlShare?.mean, 2),
    formatFigure(cell.meanServiceSec),
    ...[cell.medianServiceSec, cell.p95ServiceSec, cell.p99ServiceSec].map(formatPercentile),
  ];
}

function formatFigure(figure: SeriesFigure | null): string {
  return formatInterval(figure, 1);
}

/** An en dash where a run has too few tasks for it. */
function formatPercentile(percentile: SeriesPercentile): string {
  return percentile.figure ? formatFigure(percentile.figure) : '–';
}

function titleOf({ conditions }: SeriesSpec, index: number): string {
  const condition = conditions[index];
  if (!condition) return '?';
  const { taskCount, qualitySteps, arrivals } = condition;
  const steps = qualitySteps.min === qualitySteps.max ? `${qualitySteps.min}` : `${qualitySteps.min}-${qualitySteps.max}`;
  return `|N| = ${taskCount}, ${steps} steps, arrivals ${arrivals.kind}`;
}

/** Run by run, with what was learned after each. */
function describeLearning(spec: SeriesSpec, { learning }: SeriesResult): string[] {
  return learning.map(({ scheduler, steps }) => {
    const rows = steps.map((step, index) => [
      ...[String(index + 1), `${step.condition + 1}.${step.repetition}`, step.runId, `${step.version} (${step.trainingId})`],
      ...[formatNumber(step.totalSec, 1), formatPercent(step.efficiency, 1), describeLearned(step)],
    ]);
    const row = spec.schedulers[scheduler];
    const heads = ['run', 'block', 'id', 'version', 'total (s)', 'of bound', 'learned after it'];
    return `${row ? nameSeriesScheduler(row) : '?'}, run by run:\n${formatTable(heads, rows)}`;
  });
}

function describeBadCells({ schedulers }: SeriesSpec, cells: readonly SeriesCell[]): string[] {
  const bad = cells.filter(({ state }) => state === 'invalid' || state === 'failed');
  if (bad.length === 0) return [];
  const lines = bad.slice(0, MAX_NAMED_CELLS).map((cell) => {
    const scheduler = schedulers[cell.scheduler];
    const name = `block ${nameSeriesBlock(cell)}, ${scheduler ? nameSeriesScheduler(scheduler) : '?'}`;
    return cleanLine(`  ${name}: ${cell.state}, ${formatQuantity(cell.tries, 'run')}, ${cell.runId ?? ''}: ${cell.reasons.join(' ')}`);
  });
  const more = bad.length > MAX_NAMED_CELLS ? [`  and ${bad.length - MAX_NAMED_CELLS} more`] : [];
  return [['Cells without a valid run:', ...lines, ...more].join('\n')];
}
