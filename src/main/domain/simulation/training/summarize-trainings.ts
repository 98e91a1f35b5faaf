// What several seeds of several methods gave, method by method.
import { meanInterval, type MeanInterval } from '../../../../shared/mean-interval.js';
import type { EpisodeMetrics, Training } from '../../../../shared/training.js';

/** Episodes at the end whose mean counts as the result of a training. */
export const FINAL_EPISODES = 10;

export interface TrainingWithCurve extends Training {
  curve: EpisodeMetrics[];
}

export interface MethodSummary {
  method: string;
  /** Seeds that came to their end. */
  seeds: number;
  /** Means of the last episodes, over the seeds; null where none came to its end. */
  meanDelaySec: MeanInterval | null;
  ratioToOptTs: MeanInterval | null;
  /** Mean over the seeds that settled (see findConvergence); null where none did. */
  convergenceEpisode: number | null;
  settledSeeds: number;
  /** CPU seconds an episode. */
  cpuSec: MeanInterval | null;
}

/** In the order in which the methods come; trainings that did not succeed do not count. */
export function summarizeTrainings(trainings: readonly TrainingWithCurve[]): MethodSummary[] {
  return [...Map.groupBy(trainings, ({ spec }) => spec.method)].map(([method, group]) => {
    const ended = group.filter(({ state, curve }) => state === 'succeeded' && curve.length > 0);
    const settled = ended.flatMap(({ convergenceEpisode }) => (convergenceEpisode === null ? [] : [convergenceEpisode]));
    const overSeeds = (resultOf: (training: TrainingWithCurve) => number): MeanInterval | null =>
      ended.length === 0 ? null : meanInterval(ended.map(resultOf));
    return {
      method,
      seeds: ended.length,
      meanDelaySec: overSeeds(({ curve }) => meanOf(curve.slice(-FINAL_EPISODES), 'meanDelaySec')),
      ratioToOptTs: overSeeds(({ curve }) => meanOf(curve.slice(-FINAL_EPISODES), 'ratioToOptTs')),
      convergenceEpisode: settled.length === 0 ? null : settled.reduce((sum, episode) => sum + episode, 0) / settled.length,
      settledSeeds: settled.length,
      cpuSec: overSeeds(({ curve }) => meanOf(curve, 'cpuMs') / 1000),
    };
  });
}

/** Of at least one point. */
export function meanOf(points: readonly EpisodeMetrics[], field: 'meanDelaySec' | 'ratioToOptTs' | 'cpuMs'): number {
  return points.reduce((sum, point) => sum + point[field], 0) / points.length;
}
