// What a series that measures learning on the job has of it. A row that learns makes a sequence: each of its runs comes after what the ones
// before it taught, so they are no independent repetitions, and nothing here has an interval. Pure.
import type { SeriesCellResult, SeriesFigure, SeriesLearning, SeriesSpec } from '../../../shared/series.js';
import type { PairedDifference } from './paired-difference.js';
import type { Counted, SeriesRecord } from './series-record.js';

/** In the order of `record.runs`, oldest first. */
export function learningOf(
  spec: SeriesSpec,
  record: Pick<SeriesRecord, 'runs' | 'learnedAfter'>,
  counted: readonly Counted[],
): SeriesLearning[] {
  const positions = new Map(record.runs.map(({ id }, position) => [id, position]));
  return spec.schedulers.flatMap((row, scheduler) => {
    if (row.learning === undefined) return [];
    const own = counted
      .filter(({ cell }) => cell.scheduler === scheduler)
      .toSorted((a, b) => positions.get(a.run.id)! - positions.get(b.run.id)!);
    const learned = record.learnedAfter(own.map(({ run }) => run.id));
    const versions: string[] = [];
    const steps = own.map(({ cell: { condition, repetition }, run, figures }) => {
      const { trainingId = '' } = run.spec;
      if (!versions.includes(trainingId)) versions.push(trainingId);
      return {
        ...{ condition, repetition, runId: run.id, trainingId, version: versions.indexOf(trainingId) + 1 },
        ...{ totalSec: figures.totalSec, efficiency: figures.efficiency, learned: learned.get(run.id) ?? null },
      };
    });
    return [{ scheduler, steps }];
  });
}

/** The means stay: of a sequence, and said so. */
export function withoutIntervals(result: SeriesCellResult): SeriesCellResult {
  const bare = <Figure extends SeriesFigure | null>(figure: Figure): Figure => (figure ? { ...figure, halfWidth95: null } : figure);
  const { totalSec, efficiency, controlShare, meanServiceSec, energyWhPer1k, ...rest } = result;
  const barePercentile = (percentile: SeriesCellResult['p95ServiceSec']): SeriesCellResult['p95ServiceSec'] =>
    percentile.figure ? { figure: bare(percentile.figure) } : percentile;
  return {
    ...rest,
    ...{ totalSec: bare(totalSec), efficiency: bare(efficiency), controlShare: bare(controlShare) },
    ...{ meanServiceSec: bare(meanServiceSec), energyWhPer1k: bare(energyWhPer1k) },
    medianServiceSec: barePercentile(rest.medianServiceSec),
    p95ServiceSec: barePercentile(rest.p95ServiceSec),
    p99ServiceSec: barePercentile(rest.p99ServiceSec),
  };
}

/** The mean alone. */
export function withoutChance(difference: PairedDifference): PairedDifference {
  return { ...difference, halfWidth95: null, effectSize: null, pValue: null };
}
