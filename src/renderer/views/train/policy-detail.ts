// From a policy's detail to its bars and its table; pure.
import type { ChartSeries } from '../../../shared/chart-description.js';
import type { DataColumn } from '../../components/data-column.js';
import { formatCount, formatSeconds } from '../../../shared/format.js';
import type { PolicyDetail, WorkClass } from '../../../shared/training.js';
import { formatRatio } from './training-curves.js';

export interface Bars {
  labels: string[];
  series: ChartSeries[];
}

/** Shares of tasks, work and capacity in percent, from the slowest edge server to the fastest. */
export function toServerBars({ perServer }: PolicyDetail): Bars {
  const servers = [...perServer].sort((left, right) => left.capacityGigacyclesPerSec - right.capacityGigacyclesPerSec);
  const total = servers.reduce((sum, { capacityGigacyclesPerSec }) => sum + capacityGigacyclesPerSec, 0);
  return {
    labels: servers.map(({ server, capacityGigacyclesPerSec }) => `ES ${server + 1}: ${roundFigure(capacityGigacyclesPerSec)}`),
    series: [
      { name: 'Tasks', values: servers.map(({ share }) => share * 100) },
      { name: 'Work', values: servers.map(({ shareOfWork }) => shareOfWork * 100) },
      { name: 'Capacity', values: servers.map(({ capacityGigacyclesPerSec }) => (capacityGigacyclesPerSec / total) * 100), colorIndex: 6 },
    ],
  };
}

/** Mean delay of each class of tasks in seconds, the policy's beside that of Opt-TS. */
export function toWorkBars({ byWork }: PolicyDetail, policyName: string): Bars {
  return {
    labels: byWork.map(nameWorkClass),
    series: [
      { name: policyName, values: byWork.map(({ meanDelaySec }) => meanDelaySec) },
      { name: 'Opt-TS, same arrivals', values: byWork.map(({ optTsMeanDelaySec }) => optTsMeanDelaySec) },
    ],
  };
}

/** `0.1 to 0.5` */
function nameWorkClass({ fromGigacycles, toGigacycles }: WorkClass): string {
  return `${roundFigure(fromGigacycles)} to ${roundFigure(toGigacycles)}`;
}

export const WORK_CLASS_COLUMNS: DataColumn<WorkClass>[] = [
  { id: 'work', header: 'Work (Gigacycles)', value: ({ toGigacycles }) => toGigacycles, text: nameWorkClass, minWidthPx: 130 },
  { id: 'count', header: 'Tasks', value: ({ count }) => count, text: ({ count }) => formatCount(count), align: 'end', minWidthPx: 80 },
  {
    id: 'mean',
    header: 'Mean delay',
    value: ({ meanDelaySec }) => meanDelaySec,
    text: ({ meanDelaySec }) => formatSeconds(meanDelaySec * 1000, 2),
    align: 'end',
    minWidthPx: 100,
  },
  {
    id: 'p95',
    header: 'p95',
    value: ({ p95DelaySec }) => p95DelaySec,
    text: ({ p95DelaySec }) => formatSeconds(p95DelaySec * 1000, 2),
    align: 'end',
    minWidthPx: 100,
    hint: 'The smallest delay that at least 95 % of these tasks do not exceed',
  },
  {
    id: 'opt',
    header: 'Opt-TS, mean',
    value: ({ optTsMeanDelaySec }) => optTsMeanDelaySec,
    text: ({ optTsMeanDelaySec }) => formatSeconds(optTsMeanDelaySec * 1000, 2),
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

function roundFigure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
