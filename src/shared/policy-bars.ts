// From what a policy does on unseen arrivals to its bars; pure.
import type { ChartSeries } from './chart-description.js';
import type { PolicyDetail, WorkClass } from './training.js';

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
      { name: 'Capacity', values: servers.map(({ capacityGigacyclesPerSec }) => (capacityGigacyclesPerSec / total) * 100) },
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
export function nameWorkClass({ fromGigacycles, toGigacycles }: WorkClass): string {
  return `${roundFigure(fromGigacycles)} to ${roundFigure(toGigacycles)}`;
}

function roundFigure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
