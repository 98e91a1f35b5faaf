import type { ChartAxis, EcdfDescription, EcdfSeries, LinesDescription } from '../../../../shared/chart-description.js';
import { nameAxis } from '../../../../shared/chart-description.js';
import { formatTick, scaleFor, type Scale } from './axes.js';
import {
  drawLegend,
  type DrawnItem,
  type Drawing,
  type Point,
  MAX_AXIS_TITLE,
  seriesDash,
  seriesInk,
  seriesMarker,
  SHEET_WIDTH_PX,
  shorten,
} from '../../../../shared/drawing.js';
import { ecdfSteps } from '../../../../shared/ecdf.js';

const LEFT_PX = 74;
const RIGHT_PX = 20;
const PLOT_PX = 260;
const LEVEL_DASH = [2, 4];
const MAX_POINTS_WITH_MARKERS = 60;
const CAP_PX = 4;

type LegendEntry = Parameters<typeof drawLegend>[0][number];

interface Frame {
  items: DrawnItem[];
  x: Scale;
  y: Scale;
  height: number;
}

function drawFrame(
  axes: { x: ChartAxis; y: ChartAxis },
  values: { xs: number[]; ys: number[] },
  legend: Parameters<typeof drawLegend>[0],
): Frame {
  const names = drawLegend(legend, LEFT_PX, 4);
  const top = names.height + 10;
  const bottom = top + PLOT_PX;
  const right = SHEET_WIDTH_PX - RIGHT_PX;
  const x = scaleFor(axes.x, values.xs, LEFT_PX, right);
  const y = scaleFor(axes.y, values.ys, bottom, top);
  const items: DrawnItem[] = [...names.items];
  for (const tick of y.ticks) {
    const at = y.place(tick) ?? bottom;
    items.push({
      kind: 'line',
      points: [
        [LEFT_PX, at],
        [right, at],
      ],
      ink: 'grid',
      width: 1,
    });
    items.push({ kind: 'text', x: LEFT_PX - 6, y: at + 4, text: formatTick(tick), anchor: 'end', ink: 'soft' });
  }
  for (const tick of x.ticks) {
    const at = x.place(tick) ?? LEFT_PX;
    items.push({
      kind: 'line',
      points: [
        [at, bottom],
        [at, bottom + 4],
      ],
      ink: 'soft',
      width: 1,
    });
    items.push({ kind: 'text', x: at, y: bottom + 17, text: formatTick(tick), anchor: 'middle', ink: 'soft' });
  }
  items.push({
    kind: 'line',
    points: [
      [LEFT_PX, bottom],
      [right, bottom],
    ],
    ink: 'soft',
    width: 1,
  });
  items.push({
    kind: 'text',
    x: (LEFT_PX + right) / 2,
    y: bottom + 35,
    text: shorten(nameAxis(axes.x), MAX_AXIS_TITLE),
    anchor: 'middle',
    ink: 'soft',
  });
  items.push({
    kind: 'text',
    x: 14,
    y: (top + bottom) / 2,
    text: shorten(nameAxis(axes.y), MAX_AXIS_TITLE),
    anchor: 'middle',
    ink: 'soft',
    isUpright: true,
  });
  return { items, x, y, height: bottom + 44 };
}

export function drawLines(chart: LinesDescription): Drawing {
  const points = chart.series.flatMap((series) => series.points);
  const known = points.flatMap(({ y, halfWidth }) => (y === null ? [] : [y - (halfWidth ?? 0), y + (halfWidth ?? 0)]));
  const inkOf = (index: number): DrawnItem['ink'] =>
    chart.series[index]?.look === 'level' ? 'reference' : seriesInk(chart.series[index]?.colorIndex ?? index);
  const dashOf = (index: number): readonly number[] => (chart.series[index]?.look === 'level' ? LEVEL_DASH : seriesDash(index));
  const legend = chart.series.map(({ name }, index) => ({ name, ink: inkOf(index), dash: dashOf(index) }));
  const frame = drawFrame(chart, { xs: points.map(({ x }) => x), ys: known }, legend);
  chart.series.forEach((series, index) => {
    const ink = inkOf(index);
    const runs: Point[][] = [[]];
    for (const { x, y, halfWidth } of series.points) {
      const [px, py] = [frame.x.place(x), y === null ? null : frame.y.place(y)];
      // Gaps stay gaps.
      if (px === null || py === null || y === null) {
        runs.push([]);
        continue;
      }
      runs.at(-1)?.push([px, py]);
      if (halfWidth != null) frame.items.push(...drawInterval(frame, px, y, halfWidth, ink));
    }
    const isPoints = series.look === 'points';
    const isSteps = series.look === 'steps';
    if (!isPoints) {
      for (const run of runs.filter(({ length }) => length > 1)) {
        frame.items.push({ kind: 'line', points: isSteps ? toSteps(run) : run, ink, width: 1.75, dash: dashOf(index) });
      }
    }
    if (isPoints || (!isSteps && series.look !== 'level' && series.points.length <= MAX_POINTS_WITH_MARKERS)) {
      for (const at of runs.flat()) frame.items.push({ kind: 'marker', at, shape: seriesMarker(index), ink });
    }
  });
  return { title: chart.title, width: SHEET_WIDTH_PX, height: frame.height, items: frame.items };
}

/** Each value holds until the next point. */
function toSteps(points: readonly Point[]): Point[] {
  return points.flatMap(([x, y], index): Point[] => {
    const before = points[index - 1];
    return before
      ? [
          [x, before[1]],
          [x, y],
        ]
      : [[x, y]];
  });
}

function drawInterval(frame: Frame, px: number, y: number, halfWidth: number, ink: DrawnItem['ink']): DrawnItem[] {
  const [low, high] = [frame.y.place(y - halfWidth), frame.y.place(y + halfWidth)];
  if (low === null || high === null) return [];
  const bar = (points: readonly Point[]): DrawnItem => ({ kind: 'line', points, ink, width: 1.25 });
  return [
    bar([
      [px, low],
      [px, high],
    ]),
    ...[low, high].map((end) =>
      bar([
        [px - CAP_PX, end],
        [px + CAP_PX, end],
      ]),
    ),
  ];
}

const SHARE: ChartAxis = { title: 'Share of tasks', unit: '' };

export function drawEcdf(chart: EcdfDescription): Drawing {
  const looks = chart.series.map(({ colorIndex, isMuted = false }, index) => {
    const position = colorIndex ?? index;
    return { isMuted, ink: isMuted ? ('soft' as const) : seriesInk(position), dash: seriesDash(position), width: isMuted ? 0.75 : 1.75 };
  });
  const legend = chart.series.flatMap(({ name, isMuted }, index) => (isMuted ? [] : [{ name, ...inkAndDash(looks[index]) }]));
  const xs = chart.series.flatMap(({ samples, band = [] }) => [...samples, ...band.flatMap(({ low, high }) => [low, high])]);
  const frame = drawFrame({ x: chart.x, y: SHARE }, { xs, ys: [0, 1] }, legend);
  chart.series.forEach(({ samples, band }, index) => {
    const look = looks[index];
    if (!look) return;
    if (band) frame.items.push({ kind: 'area', points: bandOutline(frame, band), ink: look.ink });
    const points = ecdfSteps(samples).flatMap(({ x, below, share }): Point[] => {
      const [px, from, to] = [frame.x.place(x), frame.y.place(below), frame.y.place(share)];
      return px === null || from === null || to === null
        ? []
        : [
            [px, from],
            [px, to],
          ];
    });
    frame.items.push({ kind: 'line', points, ink: look.ink, width: look.width, dash: look.isMuted ? [] : look.dash });
  });
  return { title: chart.title, width: SHEET_WIDTH_PX, height: frame.height, items: frame.items };
}

function inkAndDash(look: { ink: DrawnItem['ink']; dash: readonly number[] } | undefined): Pick<LegendEntry, 'ink' | 'dash'> {
  return { ink: look?.ink ?? 'text', dash: look?.dash ?? [] };
}

function bandOutline(frame: Frame, band: NonNullable<EcdfSeries['band']>): Point[] {
  const side = (read: (at: (typeof band)[number]) => number): Point[] =>
    band.flatMap((at): Point[] => {
      const [px, py] = [frame.x.place(read(at)), frame.y.place(at.share)];
      return px === null || py === null ? [] : [[px, py]];
    });
  return [...side(({ low }) => low), ...side(({ high }) => high).reverse()];
}
