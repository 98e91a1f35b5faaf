// Trainings that differ in their seed only, taken together: one line with a band, one row of a table. Pure.
import type { LineSeries } from '../../../shared/chart-description.js';
import { formatQuantity } from '../../../shared/format.js';
import { meanInterval, type MeanInterval } from '../../../shared/mean-interval.js';
import type { EpisodeMetrics, Training } from '../../../shared/training.js';
import { nameApartBy } from './describe-training.js';
import { nameWithoutSeed } from '../../../shared/name-training.js';
import { CURVE_CHARTS, type CurveChartName } from '../../../shared/training-curves.js';

export interface TrainingCurve {
  training: Training;
  curve: readonly EpisodeMetrics[];
}

export interface SeedGroup {
  /** What its trainings have in common. */
  name: string;
  /** One a seed: of equal ones that which has come farthest. */
  members: TrainingCurve[];
}

/** Episodes at the end of a curve that its figures are the mean of. */
export const LAST_EPISODES = 10;

/** In the order in which the trainings come; each in one group. */
export function groupBySeed(curves: readonly TrainingCurve[]): SeedGroup[] {
  const groups = new Map<string, TrainingCurve[]>();
  for (const each of curves) {
    const key = keyOf(each.training);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const members = [...groups.values()].map(oneASeed);
  const names = nameApartBy(members, ([first]) => (first ? nameWithoutSeed(first.training.spec) : ''));
  return members.map((each, index) => ({ name: names[index] ?? '', members: each }));
}

/**
 * The mean of each episode over the seeds that have started with its 95 % interval, up to where the first of those ends: a mean of fewer would
 * jump.
 */
export function toGroupSeries(groups: readonly SeedGroup[], chart: CurveChartName): LineSeries[] {
  const { metric } = CURVE_CHARTS[chart].lines[0];
  const series = groups.map(({ name, members }, colorIndex): LineSeries => {
    const started = members.filter(({ curve }) => curve.length > 0);
    const length = started.length === 0 ? 0 : Math.min(...started.map(({ curve }) => curve.length));
    const points = Array.from({ length }, (_, index) => {
      const values = started.flatMap(({ curve }) => curve[index]?.[metric] ?? []);
      const { mean, halfWidth95 } = meanInterval(values);
      return { x: index + 1, y: values.length === 0 ? null : mean, halfWidth: halfWidth95 };
    });
    const seeds = formatQuantity(members.length, 'seed');
    return { name: `${name} (${started.length < members.length ? `${started.length} of ` : ''}${seeds})`, colorIndex, points };
  });
  return series.filter(({ points }) => points.some(({ y }) => y !== null));
}

export interface GroupRow {
  name: string;
  seeds: number;
  /** Of the last episodes' means; null before the first episode. */
  delaySec: MeanInterval | null;
  ratioToOptTs: MeanInterval | null;
  /** Of the seeds that settled. */
  convergenceEpisode: number | null;
  settledSeeds: number;
  /** Trainings that are done. */
  endedSeeds: number;
  episodeCpuMs: number | null;
}

export function toGroupRow({ name, members }: SeedGroup): GroupRow {
  const started = members.filter(({ curve }) => curve.length > 0);
  const over = (read: (points: readonly EpisodeMetrics[]) => number): MeanInterval | null =>
    started.length === 0 ? null : meanInterval(started.map(({ curve }) => read(curve.slice(-LAST_EPISODES))));
  const settled = members.flatMap(({ training }) => training.convergenceEpisode ?? []);
  return {
    name,
    seeds: members.length,
    delaySec: over((points) => meanOf(points, 'meanDelaySec')),
    ratioToOptTs: over((points) => meanOf(points, 'meanDelaySec') / meanOf(points, 'optTsDelaySec')),
    convergenceEpisode: settled.length === 0 ? null : meanInterval(settled).mean,
    settledSeeds: settled.length,
    endedSeeds: members.filter(({ training }) => training.state === 'succeeded').length,
    episodeCpuMs: started.length === 0 ? null : meanInterval(started.map(({ curve }) => meanOf(curve, 'cpuMs'))).mean,
  };
}

/** The settings by name, in no particular order, so that equal ones have equal keys. */
function keyOf({ spec }: Training): string {
  const { method, preset, twin, changes, episodes, settings } = spec;
  const sorted = (values: object): unknown => Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([method, preset, twin ?? null, sorted(changes), episodes, sorted(settings)]);
}

function oneASeed(curves: readonly TrainingCurve[]): TrainingCurve[] {
  const bySeed = new Map<number, TrainingCurve>();
  for (const each of curves) {
    const other = bySeed.get(each.training.spec.seed);
    if (!other || each.curve.length > other.curve.length) bySeed.set(each.training.spec.seed, each);
  }
  return [...bySeed.values()];
}

function meanOf(points: readonly EpisodeMetrics[], field: 'meanDelaySec' | 'optTsDelaySec' | 'cpuMs'): number {
  return points.reduce((sum, point) => sum + point[field], 0) / points.length;
}
