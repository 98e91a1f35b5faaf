// What came of a series: for every scheduler under every condition its figures with intervals over the repetitions, and how the schedulers
// differ on the same workloads. Pure; docs/series.md has every formula with its source.
import { notesOfLearning } from '../../../shared/describe-learned.js';
import { formatQuantity } from '../../../shared/format.js';
import { meanInterval } from '../../../shared/mean-interval.js';
import type { SeriesCell, SeriesCellResult, SeriesDifference, SeriesFigure, SeriesPercentile } from '../../../shared/series.js';
import type { SeriesResult, SeriesSpec } from '../../../shared/series.js';
import { describeDifference, SIGNIFICANCE_LEVEL } from './describe-difference.js';
import { adjustByHolm, pairedDifference } from './paired-difference.js';
import { learningOf, withoutChance, withoutIntervals } from './learning-result.js';
import { explainDashes, minSampleFor } from '../../../shared/percentiles.js';
import { PERCENTILES, type SeriesRunFigures } from './run-figures-of-series.js';
import type { Counted, SeriesRecord } from './series-record.js';

export function buildSeriesResult({ id, spec }: { id: string; spec: SeriesSpec }, record: SeriesRecord): SeriesResult {
  const counted = countedRuns(record);
  const cells = spec.conditions.flatMap((_, condition) =>
    spec.schedulers.map(({ learning }, scheduler) => {
      const isHere = (cell: SeriesCell): boolean => cell.condition === condition && cell.scheduler === scheduler;
      const here = counted.filter(({ cell }) => isHere(cell)).sort((a, b) => a.cell.repetition - b.cell.repetition);
      const result = cellResult({ condition, scheduler }, here, record.cells.filter(isHere));
      return learning === undefined ? result : withoutIntervals(result);
    }),
  );
  const nodeSets = new Map(counted.map(({ run }) => [run.id, record.nodesOf(run.id).join(' ')]));
  const differences = spec.conditions.flatMap((_, condition) =>
    differencesOf(
      spec,
      condition,
      counted.filter(({ cell }) => cell.condition === condition),
      nodeSets,
    ),
  );
  const learning = learningOf(spec, record, counted);
  const notes = [...notesOf(cells, counted, nodeSets), ...notesOfLearning(spec)];
  return { seriesId: id, includesInvalid: record.includeInvalid, cells, differences, learning, notes };
}

function countedRuns({ cells, runs, figuresOf, includeInvalid }: SeriesRecord): Counted[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return cells.flatMap((cell) => {
    const run = cell.runId === null ? undefined : byId.get(cell.runId);
    const counts = cell.state === 'valid' || (includeInvalid && cell.state === 'invalid');
    const figures = run && counts ? figuresOf(run) : null;
    return run && figures ? [{ cell, run, figures }] : [];
  });
}

function cellResult(
  key: Pick<SeriesCellResult, 'condition' | 'scheduler'>,
  counted: readonly Counted[],
  cells: readonly SeriesCell[],
): SeriesCellResult {
  const figures = counted.map((each) => each.figures);
  const [median, p95, p99] = PERCENTILES.map((_, index) => percentileOfRuns(index, figures));
  const invalid = cells.filter(({ state }) => state === 'invalid').length;
  const ended = new Set(['valid', 'invalid']);
  return {
    ...key,
    counted: counted.length,
    invalid,
    missing: cells.filter(({ state }) => !ended.has(state)).length,
    isSimulated: counted.some(({ run }) => run.isSimulated),
    runIds: counted.map(({ run }) => run.id),
    totalSec: figureOf(figures.map(({ totalSec }) => totalSec)),
    efficiency: figureOf(figures.map(({ efficiency }) => efficiency)),
    controlShare: figureOf(figures.map(({ controlShare }) => controlShare)),
    meanServiceSec: figureOf(figures.map(({ meanServiceSec }) => meanServiceSec)),
    medianServiceSec: median ?? NO_RUN,
    p95ServiceSec: p95 ?? NO_RUN,
    p99ServiceSec: p99 ?? NO_RUN,
    ...energyOf(counted),
  };
}

function energyOf(counted: readonly Counted[]): Pick<SeriesCellResult, 'energyWhPer1k' | 'energySource'> {
  const known = counted.flatMap(({ run: { energy } }) => (energy?.whPer1kImages == null ? [] : [energy]));
  const sources = [...new Set(known.map(({ source }) => source))];
  return {
    energyWhPer1k: figureOf(known.map(({ whPer1kImages }) => whPer1kImages)),
    energySource: sources.length > 1 ? 'mixed' : (sources[0] ?? null),
  };
}

const LEFT_OUT = explainDashes(PERCENTILES);

const NO_RUN: SeriesPercentile = { figure: null, hidden: 'No run counts.' };

/** Of those that are known; null of none. */
function figureOf(values: readonly (number | null)[]): SeriesFigure | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { ...meanInterval(known), repetitions: known.length };
}

function percentileOfRuns(index: number, figures: readonly SeriesRunFigures[]): SeriesPercentile {
  const values = figures.map(({ percentilesSec }) => percentilesSec[index] ?? null);
  const figure = values.includes(null) ? null : figureOf(values);
  if (figure) return { figure };
  const percentile = PERCENTILES[index] ?? 0.5;
  return values.length === 0 ? NO_RUN : { figure: null, hidden: `A run has too few tasks: it takes ${minSampleFor(percentile)}.` };
}

/** Every pair of schedulers once; a repetition counts where both have a run on the same nodes, which then had the same workload. */
function differencesOf(
  spec: SeriesSpec,
  condition: number,
  counted: readonly Counted[],
  nodeSets: ReadonlyMap<string, string>,
): SeriesDifference[] {
  const runOf = (scheduler: number, repetition: number): Counted | undefined =>
    counted.find(({ cell }) => cell.scheduler === scheduler && cell.repetition === repetition);
  const repetitions = [...new Set(counted.map(({ cell }) => cell.repetition))].sort((a, b) => a - b);
  const found = spec.schedulers.flatMap((_, first) =>
    spec.schedulers.flatMap((_other, second) => {
      if (second <= first) return [];
      const pairs = repetitions.flatMap((repetition) => {
        const [one, other] = [runOf(first, repetition), runOf(second, repetition)];
        const areAlike = one && other && nodeSets.get(one.run.id) === nodeSets.get(other.run.id);
        return areAlike ? [[one.figures.totalSec, other.figures.totalSec] as const] : [];
      });
      const difference = pairedDifference(pairs);
      const isSequence = [first, second].some((index) => spec.schedulers[index]?.learning !== undefined);
      return difference ? [{ first, second, difference: isSequence ? withoutChance(difference) : difference }] : [];
    }),
  );
  const adjusted = adjustByHolm(found.map(({ difference }) => difference.pValue));
  return found.map(({ first, second, difference }, index) => {
    const adjustedP = adjusted[index] ?? null;
    const figures = {
      ...{ condition, first, second, pairs: difference.pairs },
      meanSec: difference.mean,
      halfWidth95Sec: difference.halfWidth95,
      reduction: difference.reduction,
      effectSize: difference.effectSize,
      adjustedP,
      isSignificant: adjustedP !== null && adjustedP < SIGNIFICANCE_LEVEL,
    };
    return { ...figures, sentence: describeDifference(spec, figures) };
  });
}

function notesOf(cells: readonly SeriesCellResult[], counted: readonly Counted[], nodeSets: ReadonlyMap<string, string>): string[] {
  const notes = [
    'Intervals hold the true mean in 95 of 100 series (Student t over repetitions). Percentiles are those of each run, then averaged.',
    'Differences are paired: both schedulers had the same prompts, steps, seeds and arrivals. p-values are adjusted by Holm for all pairs under one |N|.',
  ];
  // The last takes the most tasks; a cell without a run has none for another reason.
  if (cells.some((cell) => cell.counted > 0 && cell.p99ServiceSec.figure === null)) notes.push(LEFT_OUT);
  if (counted.some(({ run }) => run.isSimulated)) notes.push('Simulated: the workers waited the time of a model instead of making images.');
  const scales = [...new Set(counted.map(({ run }) => run.timeScale))].filter((scale) => scale !== 1);
  if (scales.length > 0) notes.push(`Model time: measured ${scales.join('-fold and ')}-fold faster than real time.`);
  const [invalid, missing] = [sumOf(cells, 'invalid'), sumOf(cells, 'missing')];
  const isCounted = counted.some(({ cell }) => cell.state === 'invalid');
  if (invalid > 0) notes.push(`Invalid: ${formatQuantity(invalid, 'run')}, ${isCounted ? 'counted all the same' : 'not counted'}.`);
  if (missing > 0) notes.push(`Without a run: ${formatQuantity(missing, 'cell')}.`);
  if (new Set(nodeSets.values()).size > 1) notes.push('The testbed changed between runs: differences are only of runs on the same nodes.');
  return notes;
}

function sumOf(cells: readonly SeriesCellResult[], key: 'invalid' | 'missing'): number {
  return cells.reduce((sum, cell) => sum + cell[key], 0);
}
