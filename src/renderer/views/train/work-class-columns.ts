// The table of what a policy does, by the size of tasks.
import type { DataColumn } from '../../components/data-column.js';
import { formatCount } from '../../../shared/format.js';
import { nameWorkClass } from '../../../shared/policy-bars.js';
import type { WorkClass } from '../../../shared/training.js';
import { formatDelaySec, formatRatio } from '../../../shared/training-curves.js';

export const WORK_CLASS_COLUMNS: DataColumn<WorkClass>[] = [
  { id: 'work', header: 'Work (Gigacycles)', value: ({ toGigacycles }) => toGigacycles, text: nameWorkClass, minWidthPx: 130 },
  { id: 'count', header: 'Tasks', value: ({ count }) => count, text: ({ count }) => formatCount(count), align: 'end', minWidthPx: 80 },
  {
    id: 'mean',
    header: 'Mean delay (s)',
    value: ({ meanDelaySec }) => meanDelaySec,
    text: ({ meanDelaySec }) => formatDelaySec(meanDelaySec),
    align: 'end',
    minWidthPx: 100,
  },
  {
    id: 'p95',
    header: 'p95 (s)',
    value: ({ p95DelaySec }) => p95DelaySec,
    text: ({ p95DelaySec }) => formatDelaySec(p95DelaySec),
    align: 'end',
    minWidthPx: 100,
    hint: 'The smallest delay that at least 95 % of these tasks do not exceed',
  },
  {
    id: 'opt',
    header: 'Opt-TS, mean (s)',
    value: ({ optTsMeanDelaySec }) => optTsMeanDelaySec,
    text: ({ optTsMeanDelaySec }) => formatDelaySec(optTsMeanDelaySec),
    align: 'end',
    minWidthPx: 110,
  },
  {
    id: 'ratio',
    header: 'To Opt-TS',
    value: ({ meanDelaySec, optTsMeanDelaySec }) => meanDelaySec / optTsMeanDelaySec,
    text: ({ meanDelaySec, optTsMeanDelaySec }) => formatRatio(meanDelaySec / optTsMeanDelaySec),
    align: 'end',
    minWidthPx: 90,
    hint: 'Below 1 these tasks are served sooner than by Opt-TS',
  },
];
