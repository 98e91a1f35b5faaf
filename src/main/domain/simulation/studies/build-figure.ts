// From cells to the lines of a figure: means over seeds with their 95 % intervals.
import { meanInterval } from '../../../../shared/mean-interval.js';
import { nameMethod } from '../../../../shared/name-method.js';
import type { FigureSeries, FigureValue, StudyCell, StudyDefinition } from '../../../../shared/study.js';
import { learns } from './cells/study-cells.js';

/** One line a method, in the study's order; a method without a cell has a line without points. */
export function buildFigure(study: StudyDefinition, cells: readonly StudyCell[]): FigureSeries[] {
  return study.methods.map((method) => {
    const own = cells.filter((cell) => cell.method === method);
    return study.kind === 'curves'
      ? { method, title: nameMethod(method), points: curvePoints(own), convergence: learns(method) ? convergenceOf(own) : null }
      : { method, title: nameMethod(method), points: sweepPoints(study, own), convergence: null };
  });
}

function sweepPoints(study: StudyDefinition, cells: readonly StudyCell[]): FigureSeries['points'] {
  return study.points.flatMap(({ x }, pointIndex) => {
    const here = cells.filter((cell) => cell.pointIndex === pointIndex);
    if (here.length === 0) return [];
    const over = (field: 'meanDelaySec' | 'ratioToOptTs' | 'episodeCpuSec'): FigureValue => overSeeds(here.map((cell) => cell[field]));
    return [{ x, delaySec: over('meanDelaySec'), ratioToOptTs: over('ratioToOptTs'), episodeCpuSec: over('episodeCpuSec') }];
  });
}

function curvePoints(cells: readonly StudyCell[]): FigureSeries['points'] {
  const curves = cells.flatMap(({ curveSec }) => (curveSec ? [curveSec] : []));
  const episodes = Math.max(0, ...curves.map((curve) => curve.length));
  return Array.from({ length: episodes }, (_, index) => {
    const values = curves.flatMap((curve) => curve[index] ?? []);
    return { x: index + 1, delaySec: overSeeds(values), ratioToOptTs: null, episodeCpuSec: null };
  });
}

function convergenceOf(cells: readonly StudyCell[]): FigureSeries['convergence'] {
  const settled = cells.flatMap(({ convergenceEpisode }) => convergenceEpisode ?? []);
  const meanEpisode = settled.length > 0 ? meanInterval(settled).mean : null;
  return { meanEpisode, settledSeeds: settled.length, seeds: cells.length };
}

function overSeeds(values: readonly number[]): FigureValue {
  return { ...meanInterval(values), seeds: values.length };
}
