// What a series would take, told before it is started: by what a run of each kind would. Pure.
import { medianOfSorted } from '../../../shared/percentiles.js';
import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import { nodesInUse } from '../../../shared/node-use.js';
import type { RunEstimate, RunSpec, RunSummary } from '../../../shared/run.js';
import type { SeriesEstimate, SeriesSpec } from '../../../shared/series.js';
import type { Testbed } from '../../../shared/testbed.js';
import { specOfCell } from './plan-series.js';

export interface ImageSize {
  sizeBytes: number;
  /** Whether it comes from images on record. */
  isMeasured: boolean;
}

export interface SeriesSurroundings {
  testbed: Pick<Testbed, 'nodes' | 'timeScale'>;
  estimateRun(spec: RunSpec): RunEstimate;
  /** Runs on the testbed. */
  earlierRuns: readonly Pick<RunSummary, 'metrics' | 'state'>[];
  /** What an image takes on disk. */
  image: ImageSize;
  /** Why a training's policy can't learn on the job; null where it can. */
  learningProblem(trainingId: string): string | null;
  freeBytes: number | null;
}

/** Bounds are those of the first repetition's workloads: the others have the same number of tasks, and as many steps on average. */
export function estimateSeries(
  spec: SeriesSpec,
  { testbed, estimateRun, earlierRuns, image, learningProblem, freeBytes }: SeriesSurroundings,
): SeriesEstimate {
  const { schedulers, conditions, repetitions, coolDown } = spec;
  const first = { scheduler: 0, repetition: 1 };
  const byCondition = conditions.map((_, condition) => estimateRun(specOfCell(spec, { ...first, condition })));
  const byScheduler = schedulers.map((_, scheduler) => estimateRun(specOfCell(spec, { ...first, condition: 0, scheduler })));
  const runCount = schedulers.length * conditions.length * repetitions;
  const bounds = byCondition.map(({ lowerBoundMs }) => lowerBoundMs);
  const boundSec = bounds.includes(null) ? null : bounds.reduce<number>((sum, bound) => sum + (bound ?? 0), 0) / 1000;
  const runsSec = boundSec === null ? null : (boundSec * schedulers.length * repetitions) / testbed.timeScale;
  const realSec = (boundMs: number | null): number | null => (boundMs === null ? null : boundMs / 1000 / testbed.timeScale);
  const restSec = (runCount - 1) * coolDown.sec;
  const slowness = usualSlowness(earlierRuns);
  const warmUpTasks = spec.warmUpTasksPerNode * nodesInUse(testbed).length;
  const taskCount = conditions.reduce((sum, condition) => sum + condition.taskCount, 0) * schedulers.length * repetitions + warmUpTasks;
  const learning = schedulers.filter((each) => each.learning !== undefined);
  const diskBytes = taskCount * image.sizeBytes;
  return {
    runCount,
    taskCount,
    conditions: bounds.map((boundMs) => {
      const atLeastSec = realSec(boundMs);
      return { atLeastSec, likelySec: atLeastSec === null || slowness === null ? null : atLeastSec * slowness };
    }),
    atLeastSec: runsSec === null ? null : runsSec + restSec,
    likelySec: runsSec === null || slowness === null ? null : runsSec * slowness + restSec,
    ...{ diskBytes, isImageSizeMeasured: image.isMeasured, freeBytes },
    boundProblem: byCondition.find(({ boundProblem }) => boundProblem !== null)?.boundProblem ?? null,
    problems: unique([
      ...[...byCondition, ...byScheduler].flatMap(({ problems }) => problems),
      ...learning.flatMap(({ trainingId = '' }) => learningProblem(trainingId) ?? []),
    ]),
    overloads: byCondition.flatMap(({ overload }, index) =>
      overload === null ? [] : [`|N| = ${conditions[index]?.taskCount}: ${overload}`],
    ),
    keptTimeScale: lowestOf(byCondition.map(({ keptTimeScale }) => keptTimeScale)),
    warnings: [
      ...commonWarnings(byCondition, conditions),
      ...(freeBytes !== null && diskBytes > freeBytes
        ? [`The images would take about ${formatBytes(diskBytes)}, and ${formatBytes(freeBytes)} are free.`]
        : []),
      ...(learning.length > 0
        ? [
            'Learning on the job is what it measures: runs of a row that learns are a sequence, and have no interval. Each but the first comes after ' +
              'what the ones before it taught, which takes some seconds of this machine.',
          ]
        : []),
      ...(repetitions === 1 ? ['One repetition gives no interval, and no difference can be told from chance.'] : []),
    ],
  };
}

/** Total over bound of the runs that have both, the middle one; null of none. */
function usualSlowness(runs: SeriesSurroundings['earlierRuns']): number | null {
  const ratios = runs.flatMap(({ state, metrics: { efficiency } }) => (state === 'succeeded' && efficiency ? [1 / efficiency] : []));
  return medianOfSorted(ratios.sort((a, b) => a - b));
}

function lowestOf(scales: readonly (number | null)[]): number | null {
  const known = scales.filter((scale) => scale !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** What is true of every condition is said once. */
function commonWarnings(estimates: readonly RunEstimate[], conditions: SeriesSpec['conditions']): string[] {
  const all = unique(estimates.flatMap(({ warnings }) => warnings));
  return all.flatMap((warning) => {
    const where = estimates.flatMap(({ warnings }, index) => (warnings.includes(warning) ? [conditions[index]?.taskCount] : []));
    return where.length === estimates.length ? [warning] : [`|N| = ${where.join(', ')}: ${warning}`];
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Throws `invalid-input` for what can't run, and for an overload that was not allowed. */
export function requireStartable({ problems, overloads }: SeriesEstimate, { allowOverload }: Pick<SeriesSpec, 'allowOverload'>): void {
  const [problem] = problems;
  if (problem !== undefined) throw new AppError('invalid-input', `The series can't start: ${problem}`);
  const [overload] = overloads;
  if (overload === undefined || allowOverload) return;
  throw new AppError(
    'invalid-input',
    `The series can't start: ${overload}`,
    'To start it all the same, allow the overload (--allow-overload).',
  );
}
