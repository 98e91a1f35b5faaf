// A chart of every form that comparisons of runs have.
import type { BarsDescription, BoxesDescription, EcdfDescription, LinesDescription } from '../../src/shared/chart-description.js';

export const BOXES: BoxesDescription = {
  ...{ kind: 'boxes', title: 'Quartiles', category: 'Group', whiskers: '5 % and 95 %', value: { title: 'Delay', unit: 's' } },
  boxes: [
    { label: 'LAD-TS', low: 1, q1: 2, median: 3, q3: 4, high: 5 },
    { label: 'Few tasks', low: null, q1: 2, median: 3, q3: 4, high: null },
  ],
};
export const STACK: BarsDescription = {
  ...{ kind: 'bars', title: 'Parts', isStacked: true, category: { title: 'Group', labels: ['A'] }, value: { title: 'Delay', unit: 's' } },
  series: [
    { name: 'Waiting', part: 'waiting', values: [30] },
    { name: 'Compute', part: 'compute', values: [10] },
  ],
};
export const ECDF: EcdfDescription = {
  ...{ kind: 'ecdf', title: 'Delays', x: { title: 'Delay', unit: 's' } },
  series: [
    {
      name: 'A',
      samples: [1, 2, 3],
      colorIndex: 2,
      band: [
        { share: 0.5, low: 1, high: 2 },
        { share: 1, low: 2, high: 4 },
      ],
    },
    { name: 'B', samples: [2, 3], isMuted: true },
  ],
};
export const STEPS: LinesDescription = {
  ...{ kind: 'lines', title: 'Histogram', x: { title: 'Delay', unit: 's' }, y: { title: 'Share', unit: '' } },
  series: [
    {
      name: 'A',
      look: 'steps',
      points: [
        { x: 0, y: 0.5 },
        { x: 1, y: 0.25 },
        { x: 2, y: 0 },
      ],
    },
  ],
};
