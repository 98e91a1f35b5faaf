// Charts of costs and of requests at once, for window and reports alike. Pure.
import type { LinePoint, LinesDescription, LineSeries } from './chart-description.js';
import type { Comparison, ComparisonRow } from './comparison.js';
import { type CostReport, formatImages } from './cost.js';
import { cloudDelaySec, findCrossing } from './crossings.js';

/** Axis of the cost chart where nothing crosses, and the most it reaches. */
const MIN_DECADES = 6;
const MAX_DECADES = 9;
export const MAX_AT_ONCE = 100;

/** Lines that are nowhere further apart than this factor lie on each other where an axis has six decades. */
const SAME_LINE_FACTOR = 1.1;

/** `Stability.AI SD3`; where the model has the platform's name in it, the model. */
export function namePlatform({ platform, model }: Pick<ComparisonRow, 'platform' | 'model'>): string {
  return model.startsWith(platform) ? model : `${platform} ${model}`;
}

/** US dollars over images, both logarithmic: n x price / 1000 of each platform, hardware + n x cost / 1000 of one's own, and where they cross. */
export function chartCosts(report: CostReport): LinesDescription {
  const crossings = report.breakEvens.flatMap(({ platform, breakEven }) =>
    breakEven.kind === 'after' ? [{ platform, images: breakEven.images }] : [],
  );
  const largest = Math.max(0, ...crossings.map(({ images }) => images));
  const decades = Math.min(MAX_DECADES, Math.max(MIN_DECADES, Math.ceil(Math.log10(largest + 1))));
  const xs = [...decadeSteps(decades), ...crossings.map(({ images }) => Math.ceil(images))].sort((a, b) => a - b);
  const ownAt = (images: number): number | null =>
    report.usdPer1k === null ? null : report.upfrontUsd + (images * report.usdPer1k) / 1000;
  const platforms = report.breakEvens.flatMap(({ platform, usdPer1k }): LineSeries[] =>
    usdPer1k === null || usdPer1k === 0 ? [] : [{ name: platform, points: xs.map((x) => ({ x, y: (x * usdPer1k) / 1000 })) }],
  );
  const own = xs.map((x) => ({ x, y: ownAt(x) })).filter(({ y }) => y === null || y > 0);
  const lines = widenBelow([...(report.usdPer1k === null ? [] : [{ name: report.name, points: own }]), ...platforms]);
  const points = crossings.map(({ platform, images }): LinePoint => {
    const x = Math.ceil(images);
    const note = `cheaper than ${platform} after ${formatImages(images)} images`;
    return { x, y: ownAt(x), note, label: formatImages(images), of: lines.findLastIndex(({ name }) => name === platform) };
  });
  return {
    kind: 'lines',
    title: 'Cost of images',
    x: { title: 'Images', unit: '', scale: 'logarithmic' },
    y: { title: 'Cost', unit: 'USD', scale: 'logarithmic' },
    series: [
      ...lines,
      ...(points.length === 0 ? [] : [{ name: 'Break-even', points: largestFirst(points, lines), look: 'points' as const }]),
    ],
  };
}

/** Lines that earlier ones lie on, with how many do. */
function widenBelow(lines: readonly LineSeries[]): LineSeries[] {
  return lines.map((line, index) => {
    const linesAbove = lines.slice(0, index).filter((other) => isSameLine(line, other)).length;
    return linesAbove === 0 ? line : { ...line, linesAbove };
  });
}

function isSameLine(one: LineSeries, other: LineSeries): boolean {
  const yByX = new Map(other.points.map(({ x, y }) => [x, y]));
  return one.points.every(({ x, y }) => {
    const theirs = yByX.get(x);
    return y !== null && theirs != null && Math.max(y / theirs, theirs / y) < SAME_LINE_FACTOR;
  });
}

/** Markers in the order in which they are drawn: those of wide lines below the others. */
function largestFirst(points: readonly LinePoint[], lines: readonly LineSeries[]): LinePoint[] {
  const linesAbove = ({ of }: LinePoint): number => (of === undefined ? 0 : (lines[of]?.linesAbove ?? 0));
  return points.toSorted((a, b) => linesAbove(b) - linesAbove(a));
}

/** 1, 2, 5, 10, 20, ... up to ten to the power of `decades`. */
function decadeSteps(decades: number): number[] {
  return [...Array.from({ length: decades }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat(), 10 ** decades];
}

/** Total generation delay of each cloud platform for `count` images over requests at once, with the edge rows as levels and the crossings. */
export function chartRequestsAtOnce({ rows }: Comparison, count: number): LinesDescription {
  const single = (row: ComparisonRow): number | null => row.delaySec.find((cell) => cell.count === 1)?.delaySec ?? null;
  const atOnce = Array.from({ length: MAX_AT_ONCE }, (_, index) => index + 1);
  const clouds = rows.filter(({ isEdge }) => !isEdge);
  const references = rows.flatMap((row) => {
    const cell = row.isEdge ? row.delaySec.find((each) => each.count === count) : undefined;
    return cell?.delaySec == null ? [] : [{ row, delaySec: cell.delaySec, isInvalid: cell.isInvalid ?? false }];
  });
  const [main] = references;
  const lines = widenBelow(
    clouds.flatMap((row): LineSeries[] => {
      const singleSec = single(row);
      if (singleSec === null) return [];
      return [{ name: namePlatform(row), points: atOnce.map((x) => ({ x, y: cloudDelaySec(singleSec, count, x) })) }];
    }),
  );
  const crossings = clouds.flatMap((row): LinePoint[] => {
    const singleSec = single(row);
    if (singleSec === null || !main) return [];
    const crossing = findCrossing(singleSec, count, main.delaySec, MAX_AT_ONCE);
    if (crossing.kind !== 'at') return [];
    const at = crossing.atOnce.toFixed(2);
    const [name, of] = [namePlatform(row), lines.findIndex((line) => line.name === namePlatform(row))];
    return [{ x: crossing.atOnce, y: main.delaySec, note: `${name} at ${at} requests at once`, label: at, of }];
  });
  return {
    kind: 'lines',
    title: 'Delay against requests at once',
    x: { title: 'Requests that a platform serves at once', unit: '', scale: 'logarithmic' },
    y: { title: 'Total generation delay', unit: 's', scale: 'logarithmic' },
    series: [
      ...lines,
      ...references.map(({ row, delaySec, isInvalid }): LineSeries => ({
        name: `${row.platform}${row.isSimulated ? ' (simulated)' : ''}${isInvalid ? ' (invalid)' : ''}`,
        look: 'level',
        points: [1, MAX_AT_ONCE].map((x) => ({ x, y: delaySec })),
      })),
      ...(crossings.length === 0
        ? []
        : [{ name: `Passes ${main?.row.platform ?? ''}`, points: largestFirst(crossings, lines), look: 'points' as const }]),
    ],
  };
}
