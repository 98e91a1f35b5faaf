// Every cell of a study run as a table, for CSV.
import type { ChartTable } from '../../charts/chart-data.js';
import type { StudyCell, StudyDefinition } from '../../../shared/study.js';

/** One row a cell; the curve, where it is kept, as one text of numbers. */
export function tabulateCells({ name, axisLabel, points, kind }: StudyDefinition, cells: readonly StudyCell[]): ChartTable {
  return {
    header: [
      'Study',
      ...(kind === 'sweep' ? [axisLabel] : []),
      'Method',
      'Seed',
      'Mean delay (s)',
      'Opt-TS, same arrivals (s)',
      'Ratio to Opt-TS',
      'Convergence episode',
      'CPU time (s)',
      'CPU time of an episode (s)',
      'Ran',
      'Program version',
      ...(kind === 'curves' ? ['Mean delay of each episode (s)'] : []),
    ],
    rows: cells.map((cell) => [
      name,
      ...(kind === 'sweep' ? [points[cell.pointIndex]?.x ?? null] : []),
      cell.method,
      cell.seed,
      cell.meanDelaySec,
      cell.optTsDelaySec,
      cell.ratioToOptTs,
      cell.convergenceEpisode,
      cell.cpuSec,
      cell.episodeCpuSec,
      cell.origin,
      cell.programVersion,
      ...(kind === 'curves' ? [cell.curveSec?.join(' ') ?? null] : []),
    ]),
  };
}
