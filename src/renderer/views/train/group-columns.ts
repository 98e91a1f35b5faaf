// The table under compared curves: its columns.
import type { DataColumn } from '../../components/data-column.js';
import { formatDuration, formatInterval } from '../../../shared/format.js';
import { formatDelayInterval } from '../../../shared/training-curves.js';
import { LAST_EPISODES, type GroupRow } from './seed-groups.js';

const OVER_SEEDS = `Of the last ${LAST_EPISODES} episodes: mean over the seeds with half of its 95 % interval`;

export const GROUP_COLUMNS: DataColumn<GroupRow>[] = [
  { id: 'name', header: 'Training', value: ({ name }) => name, minWidthPx: 170 },
  {
    id: 'seeds',
    header: 'Seeds',
    value: ({ seeds }) => seeds,
    text: ({ seeds, endedSeeds }) => (endedSeeds === seeds ? String(seeds) : `${seeds}, ${endedSeeds} done`),
    align: 'end',
    widthPx: 92,
  },
  {
    id: 'delay',
    header: `Last ${LAST_EPISODES}: delay (s)`,
    value: ({ delaySec }) => delaySec?.mean ?? null,
    text: ({ delaySec }) => formatDelayInterval(delaySec),
    align: 'end',
    widthPx: 142,
    hint: OVER_SEEDS,
  },
  {
    id: 'ratio',
    header: `Last ${LAST_EPISODES}: to Opt-TS`,
    value: ({ ratioToOptTs }) => ratioToOptTs?.mean ?? null,
    text: ({ ratioToOptTs }) => formatInterval(ratioToOptTs, 3),
    align: 'end',
    widthPx: 146,
    hint: `${OVER_SEEDS}; on the same arrivals, below 1 is better than Opt-TS`,
  },
  {
    id: 'convergence',
    header: 'Settled at',
    value: ({ convergenceEpisode }) => convergenceEpisode,
    text: ({ convergenceEpisode, settledSeeds, seeds }) =>
      convergenceEpisode === null ? '–' : `${Math.round(convergenceEpisode)} (${settledSeeds} of ${seeds})`,
    align: 'end',
    widthPx: 106,
    hint: 'Mean convergence episode of the seeds that settled, and how many did: said when a training ends',
  },
  {
    id: 'cpu',
    header: 'CPU per episode',
    value: ({ episodeCpuMs }) => episodeCpuMs,
    text: ({ episodeCpuMs }) => formatDuration(episodeCpuMs),
    hint: 'CPU time of an episode, mean, without Opt-TS',
    align: 'end',
    widthPx: 142,
  },
];
