// The charts of a comparison of runs, one description for window, terminal and reports. Pure.
import type {
  BarsDescription,
  BoxesDescription,
  ChartDescription,
  EcdfDescription,
  EcdfSeries,
  LinesDescription,
} from './chart-description.js';
import type { TimelineDescription } from './chart-description.js';
import { assertNever } from './errors.js';
import {
  type ComparedRun,
  type ComparisonChart,
  DELAY_PARTS,
  type RunComparison,
  type RunGroup,
  type RunTimeline,
} from './run-comparison.js';

/** Up to so many runs each has its own curve; of more, groups and bands are drawn, and a single run where someone asks for it. */
export const MAX_SINGLE_CURVES = 8;

const DELAY = 'Service delay';

export interface ChartChoices {
  /** The run that is looked at among many. */
  focusedRunId?: string | null;
  isLogarithmic?: boolean;
  /** For the timeline alone. */
  timelines?: readonly RunTimeline[];
}

export function describeComparisonChart(comparison: RunComparison, chart: ComparisonChart, choices: ChartChoices = {}): ChartDescription {
  switch (chart) {
    case 'ecdf':
      return describeEcdf(comparison, choices);
    case 'histogram':
      return describeHistogram(comparison);
    case 'boxes':
      return describeBoxes(comparison, choices);
    case 'parts':
    case 'parts-share':
      return describeParts(comparison, chart === 'parts-share');
    case 'timeline':
      return describeTimelines(comparison, choices.timelines ?? []);
    default:
      return assertNever(chart);
  }
}

type MarkedGroup = Pick<RunGroup, 'name' | 'isSimulated' | 'invalid' | 'runIds'>;

/** `simulated`, `2 invalid`; of a single run `invalid`. */
export function marksOf({ isSimulated, invalid, runIds }: Omit<MarkedGroup, 'name'>): string[] {
  const wrong = invalid === 0 ? [] : [runIds.length === 1 ? 'invalid' : `${invalid} invalid`];
  return [...(isSimulated ? ['simulated'] : []), ...wrong];
}

/** The group's name with what must be known of it. */
export function nameGroup(group: MarkedGroup): string {
  const { name } = group;
  const marks = marksOf(group);
  return marks.length === 0 ? name : `${name} (${marks.join(', ')})`;
}

export function countedRuns({ runs }: RunComparison): ComparedRun[] {
  return runs.filter(({ leftOut }) => leftOut === null);
}

export function describeEcdf(comparison: RunComparison, { focusedRunId = null, isLogarithmic = false }: ChartChoices): EcdfDescription {
  return {
    ...{
      kind: 'ecdf',
      title: 'Distribution of service delays',
      x: { title: DELAY, unit: 's', scale: isLogarithmic ? 'logarithmic' : 'linear' },
    },
    series: countedRuns(comparison).length <= MAX_SINGLE_CURVES ? singleCurves(comparison) : manyCurves(comparison, focusedRunId),
  };
}

function singleCurves(comparison: RunComparison): EcdfSeries[] {
  const positions = positionsOf(comparison);
  return countedRuns(comparison).map(({ name, groupId, distribution }) => ({
    ...{ name, samples: distribution?.quantilesSec ?? [], colorIndex: positions.get(groupId) ?? 0 },
  }));
}

function manyCurves(comparison: RunComparison, focusedRunId: string | null): EcdfSeries[] {
  const positions = positionsOf(comparison);
  const focused = countedRuns(comparison).filter(({ id }) => id === focusedRunId);
  const isManyGroups = comparison.groups.length > MAX_SINGLE_CURVES;
  const groups = comparison.groups.map((group): EcdfSeries => {
    const band = group.band.map(({ share, lowSec, highSec }) => ({ share, low: lowSec, high: highSec }));
    return {
      ...{ name: nameGroup(group), samples: group.distribution.quantilesSec, colorIndex: group.position },
      ...(isManyGroups ? { isMuted: true } : band.length > 0 ? { band } : {}),
    };
  });
  return [
    ...groups,
    ...focused.map(({ name, groupId, distribution }) => ({
      ...{ name, samples: distribution?.quantilesSec ?? [], colorIndex: (positions.get(groupId) ?? 0) + (isManyGroups ? 0 : 1) },
    })),
  ];
}

function positionsOf({ groups }: RunComparison): Map<string, number> {
  return new Map(groups.map(({ id, position }) => [id, position]));
}

export function describeHistogram({ groups, histogram }: RunComparison): LinesDescription {
  const { binSec, binCount } = histogram ?? { binSec: 1, binCount: 0 };
  const edges = Array.from({ length: binCount + 1 }, (_, index) => Number((index * binSec).toPrecision(12)));
  return {
    ...{ kind: 'lines', title: 'Histogram of service delays' },
    ...{ x: { title: `${DELAY}, bins of ${binSec} s`, unit: 's' }, y: { title: 'Share of tasks in the bin', unit: '' } },
    series: groups.map((group) => ({
      ...{ name: nameGroup(group), colorIndex: group.position, look: 'steps' },
      points: edges.map((x, index) => ({ x, y: group.distribution.binShares[index] ?? 0 })),
    })),
  };
}

export function describeBoxes(comparison: RunComparison, { isLogarithmic = false }: ChartChoices): BoxesDescription {
  return {
    ...{ kind: 'boxes', title: 'Quartiles of service delays', category: 'Group', whiskers: '5 % and 95 %' },
    value: { title: DELAY, unit: 's', scale: isLogarithmic ? 'logarithmic' : 'linear' },
    boxes: comparison.groups.flatMap((group) => {
      const { box } = group.distribution;
      return box ? [{ ...box, label: nameGroup(group), colorIndex: group.position }] : [];
    }),
  };
}

export function describeParts({ groups }: RunComparison, isShare: boolean): BarsDescription {
  const sums = groups.map(({ parts }) => DELAY_PARTS.reduce((sum, { part }) => sum + parts[part], 0));
  const percent = (value: number, sum: number): number => (sum === 0 ? 0 : (value / sum) * 100);
  return {
    ...{ kind: 'bars', title: 'Where the time of a task goes', isStacked: true },
    category: { title: 'Group', labels: groups.map(nameGroup) },
    value: isShare ? { title: 'Share of the service delay', unit: '%' } : { title: 'Mean service delay', unit: 's' },
    series: DELAY_PARTS.map(({ part, title }) => ({
      ...{ name: title, part },
      values: groups.map(({ parts }, index) => (isShare ? percent(parts[part], sums[index] ?? 0) : parts[part])),
    })),
  };
}

/** One lane a node, under each other on the axis of the longest run. */
export function describeTimelines(comparison: RunComparison, timelines: readonly RunTimeline[]): TimelineDescription {
  const names = new Map(comparison.runs.map(({ id, name }) => [id, name]));
  return {
    ...{
      kind: 'timeline',
      title: 'When nodes were busy, and for what share of their own run',
      totalMs: Math.max(1, ...timelines.map(({ totalMs }) => totalMs)),
    },
    rows: timelines.flatMap(({ runId, nodes }) =>
      nodes.map(({ name, utilization, spans }) => ({ label: `${names.get(runId) ?? runId}: ${name}`, utilization, intervals: spans })),
    ),
  };
}
