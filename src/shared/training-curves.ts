// From episodes to the lines of the charts; pure.
import type { LineSeries } from './chart-description.js';
import { formatInterval, formatNumber, formatQuantity } from './format.js';
import type { MeanInterval } from './mean-interval.js';
import type { EpisodeMetrics, TrainingBaselines } from './training.js';

type MetricName = Exclude<keyof EpisodeMetrics, 'episode'>;

/** A chart of one metric or of a few that share an axis. */
interface CurveChart {
  /** Tab and title. */
  title: string;
  /** Names the values with their unit. */
  valueTitle: string;
  lines: readonly { metric: MetricName; name: string }[];
  /** One sentence that says how to read it. */
  meaning: string;
}

export const CURVE_CHARTS = {
  delay: {
    title: 'Delay',
    valueTitle: 'Mean service delay (s)',
    lines: [
      { metric: 'meanDelaySec', name: 'Policy' },
      { metric: 'optTsDelaySec', name: 'Opt-TS, same arrivals' },
    ],
    meaning: 'Mean service delay of each episode’s tasks (paper Eq. 2); Opt-TS decides on the same arrivals.',
  },
  ratio: {
    title: 'Ratio to Opt-TS',
    valueTitle: 'Delay / delay of Opt-TS',
    lines: [{ metric: 'ratioToOptTs', name: 'Ratio to Opt-TS' }],
    meaning: 'Does not depend on how hard an episode’s arrivals are. Below 1 the policy beats Opt-TS.',
  },
  loss: {
    title: 'Loss',
    valueTitle: 'Loss',
    lines: [
      { metric: 'criticLoss', name: 'Critic' },
      { metric: 'actorLoss', name: 'Actor' },
    ],
    meaning: 'Means over agents and updates. There is none until learning starts; DQN-TS has no actor.',
  },
  entropy: {
    title: 'Entropy',
    valueTitle: 'Entropy of the action probabilities (nats)',
    lines: [{ metric: 'entropy', name: 'Entropy' }],
    meaning: 'ln B when every edge server is as likely, 0 when one is certain.',
  },
  temperature: {
    title: 'Temperature',
    valueTitle: 'Entropy temperature alpha',
    lines: [{ metric: 'temperature', name: 'Temperature' }],
    meaning: 'How much entropy counts against delay.',
  },
  q: {
    title: 'Q',
    valueTitle: 'Mean Q of the policy’s action (scaled seconds, negative)',
    lines: [{ metric: 'meanQ', name: 'Mean Q' }],
    meaning: 'What the critics expect of the policy: the discounted sum of rewards, each the negative delay.',
  },
} as const satisfies Record<string, CurveChart>;

export type CurveChartName = keyof typeof CURVE_CHARTS;
export const CURVE_CHART_NAMES = Object.keys(CURVE_CHARTS) as CurveChartName[];

/** Every line of a chart for one training, then the levels to read it against; a line without any value is left out. */
export function toCurveSeries(curve: readonly EpisodeMetrics[], chart: CurveChartName, baselines?: TrainingBaselines): LineSeries[] {
  const lines = CURVE_CHARTS[chart].lines.map(({ metric, name }) => toLine(curve, metric, name)).filter(hasValue);
  const levels = baselines ? listLevels(chart, baselines) : [];
  return [...lines, ...levels.map(({ name, y }, index) => toLevel(curve, name, y, FIRST_LEVEL_COLOR + index))];
}

/** What the levels of a chart are means of; null where it has none. */
export function describeLevels(chart: CurveChartName, baselines: TrainingBaselines | undefined): string | null {
  if (!baselines || listLevels(chart, baselines).length === 0) return null;
  return `Levels are means over the first ${formatQuantity(baselines.episodes, 'episode')}, on the same arrivals.`;
}

/** The palette's grayish and violet: the policies' own colors stay theirs. */
const FIRST_LEVEL_COLOR = 6;

/** Means over the training's first episodes, as levels of a chart of delays or ratios; the other charts have none. */
function listLevels(chart: CurveChartName, baselines: TrainingBaselines): { name: string; y: number }[] {
  const { capacityProportionalDelaySec, limitDelaySec, optTsDelaySec } = baselines;
  if (chart !== 'delay' && chart !== 'ratio') return [];
  const unit = chart === 'delay' ? 1 : optTsDelaySec;
  return [
    { name: 'Capacity-proportional, mean', y: capacityProportionalDelaySec / unit },
    { name: 'Limit, mean: no policy gets below', y: limitDelaySec / unit },
  ];
}

function toLevel(curve: readonly EpisodeMetrics[], name: string, y: number, colorIndex: number): LineSeries {
  return { name, look: 'level', colorIndex, points: curve.map(({ episode }) => ({ x: episode, y })) };
}

export interface NamedCurve {
  name: string;
  curve: readonly EpisodeMetrics[];
}

/** A chart's first line of several trainings, for comparison. Trainings without a value of it keep their color free. */
export function toComparisonSeries(curves: readonly NamedCurve[], chart: CurveChartName): LineSeries[] {
  const { metric } = CURVE_CHARTS[chart].lines[0];
  return curves.map(({ name, curve }, colorIndex) => ({ ...toLine(curve, metric, name), colorIndex })).filter(hasValue);
}

/** Joins what was known with newer points; a point that both have is taken from the newer. */
export function joinCurve(known: readonly EpisodeMetrics[], newer: readonly EpisodeMetrics[]): EpisodeMetrics[] {
  const first = newer[0]?.episode;
  return first === undefined ? [...known] : [...known.filter(({ episode }) => episode < first), ...newer];
}

/** `0.987`; an en dash for what is not known. */
export function formatRatio(ratio: number | null | undefined): string {
  return ratio == null || !Number.isFinite(ratio) ? '–' : ratio.toFixed(3);
}

/** Three figures that count: delays of some presets are fractions of a tenth, and their ratio shows what two decimals hide. `7.82`, `0.0664` */
export function formatDelaySec(sec: number | null | undefined): string {
  return formatNumber(sec, sec == null ? 0 : decimalsOf(sec));
}

/** `7.82 ± 0.12`, `0.0664 ± 0.0031`: the interval as fine as the mean. */
export function formatDelayInterval(value: Pick<MeanInterval, 'mean' | 'halfWidth95'> | null | undefined): string {
  return formatInterval(value, value == null ? 0 : decimalsOf(value.mean));
}

/** Decimals for three figures that count; two for zero, six at the most. */
function decimalsOf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 2;
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

/** Four figures that count, so that a loss of thousands and a temperature of thousandths both read well. */
export function formatMetric(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}

function toLine(curve: readonly EpisodeMetrics[], metric: MetricName, name: string): LineSeries {
  return { name, points: curve.map((point) => ({ x: point.episode, y: point[metric] })) };
}

function hasValue({ points }: LineSeries): boolean {
  return points.some(({ y }) => y !== null);
}
