// The list of trainings: its columns.
import type { DataColumn } from '../../components/data-column.js';
import { formatCount } from '../../../shared/format.js';
import type { Training } from '../../../shared/training.js';
import { formatDelaySec, formatRatio } from '../../../shared/training-curves.js';
import { nameTraining } from '../../../shared/name-training.js';
import { JOB_STATUS } from '../../components/status.js';

export const TRAINING_COLUMNS: DataColumn<Training>[] = [
  { id: 'select', header: '', value: () => null, isSortable: false, widthPx: 36 },
  {
    id: 'name',
    header: 'Training',
    value: ({ spec }) => nameTraining(spec),
    minWidthPx: 200,
    hint: 'Method, preset with what differs from it, seed',
  },
  { id: 'state', header: 'State', value: ({ state }) => JOB_STATUS[state].label, widthPx: 116 },
  {
    id: 'episodes',
    header: 'Episodes',
    value: (training) => training.doneEpisodes,
    text: ({ doneEpisodes, spec }) => `${formatCount(doneEpisodes)} of ${formatCount(spec.episodes)}`,
    align: 'end',
    widthPx: 96,
    hint: 'Episodes done, of those asked for',
  },
  {
    id: 'delay',
    header: 'Last delay (s)',
    value: ({ last }) => last?.meanDelaySec ?? null,
    text: ({ last }) => formatDelaySec(last?.meanDelaySec),
    align: 'end',
    widthPx: 116,
    hint: 'Mean service delay of the last episode’s tasks',
  },
  {
    id: 'ratio',
    header: 'Last to Opt-TS',
    value: ({ last }) => last?.ratioToOptTs ?? null,
    text: ({ last }) => formatRatio(last?.ratioToOptTs),
    align: 'end',
    widthPx: 124,
    hint: 'That delay divided by the delay of Opt-TS on the same arrivals; below 1 is better than Opt-TS',
  },
  {
    id: 'convergence',
    header: 'Settled at',
    value: (training) => training.convergenceEpisode,
    align: 'end',
    widthPx: 92,
    hint: 'Convergence episode: from it on every mean of 5 episodes lies within 5 % of the mean of the last 10',
  },
  { id: 'created', header: 'Created', value: (training) => training.createdAtMs, widthPx: 112 },
  { id: 'remove', header: '', value: () => null, isSortable: false, widthPx: 44 },
];
