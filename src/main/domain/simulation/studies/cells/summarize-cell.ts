import type { StudyCell, StudyDefinition } from '../../../../../shared/study.js';
import type { EpisodeMetrics } from '../../../../../shared/training.js';
import { findConvergence } from '../../training/find-convergence.js';
import { learns } from './study-cells.js';

export type CellNumbers = Omit<StudyCell, 'pointIndex' | 'seed' | 'method' | 'origin' | 'programVersion'>;

/** What a cell gave, of the curve of all its episodes. */
export function summarizeCell(study: StudyDefinition, method: string, curve: readonly EpisodeMetrics[]): CellNumbers {
  const last = curve.slice(-study.lastEpisodes);
  const [meanDelaySec, optTsDelaySec] = [meanOf(last, 'meanDelaySec'), meanOf(last, 'optTsDelaySec')];
  return {
    meanDelaySec,
    optTsDelaySec,
    ratioToOptTs: meanDelaySec / optTsDelaySec,
    convergenceEpisode: learns(method) ? findConvergence(curve.map((point) => point.ratioToOptTs)) : null,
    cpuSec: (meanOf(curve, 'cpuMs') * curve.length) / 1000,
    episodeCpuSec: meanOf(last, 'cpuMs') / 1000,
    curveSec: study.kind === 'curves' ? curve.map((point) => point.meanDelaySec) : null,
  };
}

function meanOf(points: readonly EpisodeMetrics[], field: 'meanDelaySec' | 'optTsDelaySec' | 'cpuMs'): number {
  return points.reduce((sum, point) => sum + point[field], 0) / points.length;
}
