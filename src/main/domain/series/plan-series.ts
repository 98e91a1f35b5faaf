// In which order the runs of a series are made. Pure: the same specification gives the same plan, and more repetitions only add to it.
import { nameSeriesScheduler, type SeriesSpec } from '../../../shared/series.js';
import type { SeriesCellKey } from '../../../shared/series-cell.js';
import type { RunSpec } from '../../../shared/run.js';
import { createRandom, deriveSeed, type RandomSource } from '../../../random/random.js';

type PlannedSeries = Pick<SeriesSpec, 'schedulers' | 'conditions' | 'repetitions' | 'seed'>;

/**
 * Every cell in its order: repetition by repetition, within each the conditions as listed, within each of those blocks every scheduler once.
 * The orders within the blocks of a condition are the rows of a Williams design with the schedulers drawn into it: over as many repetitions
 * as there are schedulers each of them is equally often first, second, ... and (twice as many repetitions where their number is odd) equally
 * often right after each other one. So neither a machine that warms up nor what a run leaves behind favors one.
 */
export function planSeries({ schedulers, conditions, repetitions, seed }: PlannedSeries): SeriesCellKey[] {
  const count = schedulers.length;
  const orders = conditions.map((_, condition) => ordersOf(count, repetitions, deriveSeed(seed, `series order ${condition}`)));
  return Array.from({ length: repetitions }, (_, index) =>
    conditions.flatMap((_condition, condition) =>
      (orders[condition]?.[index] ?? []).map((scheduler) => ({ condition, scheduler, repetition: index + 1 })),
    ),
  ).flat();
}

/** As many orders of `count` schedulers; each full round of a design has one seed, so that later ones do not change earlier ones. */
function ordersOf(count: number, length: number, seed: number): number[][] {
  const orders: number[][] = [];
  for (let round = 0; orders.length < length; round++) {
    const random = createRandom(deriveSeed(seed, `round ${round}`));
    const names = shuffled(indices(count), random);
    for (const square of williamsSquares(count)) {
      orders.push(...shuffled(square, random).map((row) => row.map((position) => names[position] ?? 0)));
    }
  }
  return orders.slice(0, length);
}

/**
 * E. J. Williams, Experimental designs balanced for the estimation of residual effects of treatments, Australian Journal of Scientific
 * Research A 2 (1949): the rows 0, 1, n - 1, 2, n - 2, ... and their cyclic shifts; for odd n these and their mirror images.
 */
function williamsSquares(count: number): number[][][] {
  const first = indices(count).map((position) => (position % 2 === 1 ? (position + 1) / 2 : (count - position / 2) % count));
  const square = indices(count).map((shift) => first.map((value) => (value + shift) % count));
  return count % 2 === 0 ? [square] : [square, square.map((row) => row.toReversed())];
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Fisher-Yates, on a copy. */
function shuffled<T>(items: readonly T[], random: RandomSource): T[] {
  const drawn = [...items];
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = random.nextInt(0, i);
    [drawn[i], drawn[j]] = [drawn[j] as T, drawn[i] as T];
  }
  return drawn;
}

/**
 * What a cell's run is. Within a repetition the schedulers have the same prompts, steps, image seeds and arrivals: all come from the seed.
 * @param trainingId of the version that decides now, where the row learns on the job
 */
export function specOfCell(spec: SeriesSpec, { condition, scheduler, repetition }: SeriesCellKey, trainingId?: string): RunSpec {
  const [workload, row] = [spec.conditions[condition], spec.schedulers[scheduler]];
  const decider = row && { ...row, ...(trainingId !== undefined && { trainingId }) };
  if (!workload || !decider) throw new Error(`The series has no cell ${condition}, ${scheduler}`);
  return {
    ...commonOf(spec),
    ...workload,
    ...decider,
    name: clip(`${spec.name}: ${nameSeriesScheduler(decider)}, |N| = ${workload.taskCount}, repetition ${repetition}`),
    seed: spec.seed + repetition - 1,
  };
}

/** A run before the first one: `tasks` in turn, so that every node has loaded its model and warmed up. */
export function specOfWarmUp(spec: SeriesSpec, tasks: number): RunSpec {
  const { qualitySteps } = spec.conditions[0] ?? { qualitySteps: { min: 1, max: 1 } };
  return {
    ...commonOf(spec),
    qualitySteps,
    arrivals: { kind: 'all-at-once' },
    scheduler: 'round-robin',
    taskCount: tasks,
    allowRepeatedPrompts: true,
    name: clip(`${spec.name}: warm-up`),
    seed: spec.seed,
  };
}

function commonOf({
  testbedId,
  datasetId,
  allowRepeatedPrompts,
  maxAttempts,
  strength,
}: SeriesSpec): Omit<RunSpec, keyof SeriesSpec['conditions'][number] | 'scheduler' | 'name' | 'seed'> {
  return { testbedId, datasetId, allowRepeatedPrompts, maxAttempts, ...(strength === undefined ? {} : { strength }) };
}

const MAX_NAME = 80;

function clip(name: string): string {
  return name.length <= MAX_NAME ? name : `…${name.slice(name.length - MAX_NAME + 1)}`;
}
