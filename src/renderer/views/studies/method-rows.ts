// One row a method of a study with a single point: what its cells gave, beside the paper's value. Pure.
import type { DataColumn } from '../../components/data-column.js';
import { formatCount, formatDuration } from '../../../shared/format.js';
import { meanInterval, type MeanInterval } from '../../../shared/mean-interval.js';
import type { StudyCell, StudyFigure } from '../../../shared/study.js';
import { formatFigure } from '../../../shared/study-figure.js';

export interface MethodRow {
  method: string;
  title: string;
  seeds: number;
  delaySec: MeanInterval | null;
  ratioToOptTs: MeanInterval | null;
  convergence: StudyFigure['series'][number]['convergence'];
  episodeCpuSec: number | null;
  /** The paper's value, where it is printed and at which x. */
  paper: string | null;
}

export function toMethodRows({ series, paper, run }: StudyFigure, cells: readonly StudyCell[]): MethodRow[] {
  return series.map(({ method, title, convergence }) => {
    const own = cells.filter((cell) => cell.method === method);
    const over = (field: 'meanDelaySec' | 'ratioToOptTs' | 'episodeCpuSec'): MeanInterval | null =>
      own.length === 0 ? null : meanInterval(own.map((cell) => cell[field]));
    const printed = paper.find((value) => value.method === method);
    const at = run.study.kind === 'curves' && printed ? ` at ${run.study.axisLabel.toLowerCase()} ${printed.x}` : '';
    return {
      method,
      title,
      seeds: own.length,
      delaySec: over('meanDelaySec'),
      ratioToOptTs: over('ratioToOptTs'),
      convergence,
      episodeCpuSec: over('episodeCpuSec')?.mean ?? null,
      paper: printed ? `${printed.delaySec.toFixed(2)}${at}` : null,
    };
  });
}

const PAPER_COLUMN: DataColumn<MethodRow> = {
  id: 'paper',
  header: 'Paper (s)',
  value: ({ paper }) => paper,
  align: 'end',
  minWidthPx: 140,
};

/** `hasPaper`: whether the paper has a value of any method. */
export function toMethodColumns({ lastEpisodes }: { lastEpisodes: number }, hasPaper: boolean): DataColumn<MethodRow>[] {
  return [
    { id: 'title', header: 'Method', value: ({ title }) => title, minWidthPx: 190 },
    { id: 'seeds', header: 'Seeds', value: ({ seeds }) => seeds, text: ({ seeds }) => formatCount(seeds), align: 'end', minWidthPx: 70 },
    {
      id: 'delay',
      header: 'Mean delay (s)',
      value: ({ delaySec }) => delaySec?.mean ?? null,
      text: ({ delaySec }) => formatFigure(delaySec, 'delay'),
      align: 'end',
      minWidthPx: 120,
      hint: `Of the last ${lastEpisodes} episodes: mean over the seeds with half of its 95 % interval`,
    },
    ...(hasPaper ? [PAPER_COLUMN] : []),
    {
      id: 'ratio',
      header: 'To Opt-TS',
      value: ({ ratioToOptTs }) => ratioToOptTs?.mean ?? null,
      text: ({ ratioToOptTs }) => formatFigure(ratioToOptTs, 'ratio'),
      align: 'end',
      minWidthPx: 130,
      hint: 'On the same arrivals; below 1 is better than Opt-TS',
    },
    {
      id: 'convergence',
      header: 'Settled at',
      value: ({ convergence }) => convergence?.meanEpisode ?? null,
      text: ({ convergence }) => describeConvergence(convergence),
      align: 'end',
      minWidthPx: 130,
      hint: 'Mean convergence episode of the seeds that settled, and how many did',
    },
    {
      id: 'cpu',
      header: 'CPU per episode',
      value: ({ episodeCpuSec }) => episodeCpuSec,
      text: ({ episodeCpuSec }) => formatDuration(episodeCpuSec === null ? null : episodeCpuSec * 1000),
      align: 'end',
      minWidthPx: 110,
    },
  ];
}

/** `15 (3 of 3)`, `none of 3`. */
export function describeConvergence(convergence: { meanEpisode: number | null; settledSeeds: number; seeds: number } | null): string {
  if (convergence === null || convergence.seeds === 0) return '–';
  const { meanEpisode, settledSeeds, seeds } = convergence;
  return meanEpisode === null ? `none of ${seeds}` : `${Math.round(meanEpisode)} (${settledSeeds} of ${seeds})`;
}
