// A chart as pgfplots draws it from its coordinates, so that a paper's own style applies and every number is in the source.
import {
  type BarsDescription,
  type BoxesDescription,
  type ChartSeries,
  type ChartAxis,
  type ChartDescription,
  type EcdfDescription,
  type EcdfSeries,
  type LinesDescription,
  nameAxis,
  type TimelineDescription,
} from '../../../../shared/chart-description.js';
import { assertNever } from '../../../../shared/errors.js';
import { layOutBars } from '../../../../shared/timeline-layout.js';
import { MAX_AXIS_TITLE, shorten } from '../../../../shared/drawing.js';
import { shortenMiddle } from '../../../../shared/shorten-name.js';
import { ecdfSteps } from '../../../../shared/ecdf.js';
import { escapeLatex } from './escape-latex.js';

const TIMELINE_PARTS = 600;
const LOOKS = ['seriesa', 'seriesb', 'seriesc', 'seriesd', 'seriese', 'seriesf'];
const STYLES = ['solid', 'dashed', 'densely dotted', 'dash dot'];

export function chartLatex(chart: ChartDescription): string {
  const lines = ['\\begin{tikzpicture}', ...axisLatex(chart), '\\end{tikzpicture}'];
  return lines.join('\n');
}

function axisLatex(chart: ChartDescription): string[] {
  switch (chart.kind) {
    case 'bars':
      return barsLatex(chart);
    case 'boxes':
      return boxesLatex(chart);
    case 'lines':
      return linesLatex(chart);
    case 'ecdf':
      return ecdfLatex(chart);
    case 'timeline':
      return timelineLatex(chart);
    default:
      return assertNever(chart);
  }
}

function axis(options: readonly string[], body: readonly string[]): string[] {
  return ['\\begin{axis}', `[dedgeai, ${options.join(', ')}]`, ...body, '\\end{axis}'];
}

function named(key: 'x' | 'y', chartAxis: ChartAxis): string[] {
  return [
    `${key}label={${escapeLatex(shorten(nameAxis(chartAxis), MAX_AXIS_TITLE))}}`,
    ...(chartAxis.scale === 'logarithmic' ? [`${key}mode=log`] : []),
  ];
}

function legend(names: readonly string[]): string[] {
  return names.length > 1 ? names.map((name) => `\\addlegendentry{${escapeLatex(shortenMiddle(name, 40))}}`) : [];
}

function look(index: number): string {
  return `${LOOKS[index % LOOKS.length] ?? 'seriesa'}, ${STYLES[index % STYLES.length] ?? 'solid'}`;
}

/** Rows from the top; categories are numbers with labels, since names may hold what pgfplots reads. */
function barsLatex({ category, value, series, isStacked = false }: BarsDescription): string[] {
  const rows = category.labels.map((_, index) => index);
  const height = 1.2 + rows.length * Math.max(0.55, isStacked ? 0 : 0.35 * series.length);
  const options = [
    isStacked ? 'xbar stacked' : 'xbar',
    'y dir=reverse',
    `height=${height.toFixed(1)}cm`,
    'scale only axis',
    'width=0.55\\linewidth',
    ...named('x', value),
    ...(value.scale === 'logarithmic' ? [] : ['xmin=0']),
    `ytick={${rows.join(',')}}`,
    `yticklabels={${category.labels.map((label) => `{${escapeLatex(shortenMiddle(label, 38))}}`).join(',')}}`,
    `ymin=-0.6, ymax=${rows.length - 0.4}`,
    // Inside, it would lie on the bars.
    ...(isStacked ? ['legend style={at={(0.5,1.05)}, anchor=south, legend columns=3}'] : []),
    `bar width=${series.length > 1 && !isStacked ? '5pt' : '8pt'}`,
  ];
  const plots = series.flatMap(({ values, halfWidths, ...looks }, index) => {
    const points = values.flatMap((each, row) => (each === null ? [] : [`(${number(each)},${row})${errorX(halfWidths?.[row])}`]));
    const errors = halfWidths ? ', error bars/.cd, x dir=both, x explicit' : '';
    const color = barColor(looks, index);
    return points.length === 0 ? [] : [`\\addplot+[fill=${color}, draw=${color}${errors}] coordinates {${points.join(' ')}};`];
  });
  return axis(options, [...plots, ...legend(series.map(({ name }) => name))]);
}

function barColor({ part, colorIndex }: Pick<ChartSeries, 'part' | 'colorIndex'>, index: number): string {
  return part === undefined ? (LOOKS[(colorIndex ?? index) % LOOKS.length] ?? 'seriesa') : `part${part}`;
}

/** Drawn by hand, for pgfplots' own boxes need a library that old ones lack. */
function boxesLatex({ value, whiskers, boxes }: BoxesDescription): string[] {
  const ends = boxes.flatMap(({ low, q1, median, q3, high }) => [low, q1, median, q3, high].filter((each) => each !== null));
  const options = [
    'y dir=reverse',
    `height=${(1.2 + boxes.length * 0.8).toFixed(1)}cm`,
    'scale only axis',
    'width=0.55\\linewidth',
    ...named('x', { ...value, title: `${value.title}, whiskers at ${whiskers}` }),
    `ytick={${boxes.map((_, index) => index).join(',')}}`,
    `yticklabels={${boxes.map(({ label }) => `{${escapeLatex(shortenMiddle(label, 38))}}`).join(',')}}`,
    `ymin=-0.6, ymax=${boxes.length - 0.4}`,
  ];
  const line = (from: number, to: number, row: number, rise = 0): string =>
    `\\draw (axis cs:${number(from)},${row - rise}) -- (axis cs:${number(to)},${row + rise});`;
  const shapes = boxes.flatMap(({ low, q1, median, q3, high, colorIndex }, row) => {
    const color = LOOKS[(colorIndex ?? row) % LOOKS.length] ?? 'seriesa';
    return [
      ...(low === null ? [] : [line(low, q1, row), line(low, low, row, 0.15)]),
      ...(high === null ? [] : [line(q3, high, row), line(high, high, row, 0.15)]),
      `\\fill[${color}] (axis cs:${number(q1)},${row - 0.25}) rectangle (axis cs:${number(q3)},${row + 0.25});`,
      `\\draw[very thick] (axis cs:${number(median)},${row - 0.32}) -- (axis cs:${number(median)},${row + 0.32});`,
    ];
  });
  // Points without marks make the axis as long as the boxes.
  const span = `\\addplot[draw=none, mark=none] coordinates {${ends.map((each) => `(${number(each)},0)`).join(' ')}};`;
  return axis(options, [span, ...shapes]);
}

function linesLatex({ x, y, series }: LinesDescription): string[] {
  const plots = series.map(({ points, look: kind, colorIndex }, index) => {
    const coordinates = points.map(
      (point) => `(${number(point.x)},${point.y === null ? 'nan' : number(point.y)})${errorY(point.halfWidth)}`,
    );
    const how =
      kind === 'points'
        ? 'only marks'
        : kind === 'level'
          ? 'gray, dotted, no marks'
          : `${kind === 'steps' ? 'const plot, no marks, ' : ''}${look(colorIndex ?? index)}`;
    return `\\addplot+[${how}, error bars/.cd, y dir=both, y explicit] coordinates {${coordinates.join(' ')}};`;
  });
  return axis([...named('x', x), ...named('y', y), 'unbounded coords=jump'], [...plots, ...legend(series.map(({ name }) => name))]);
}

function ecdfLatex({ x, series }: EcdfDescription): string[] {
  const plots = series.flatMap(({ samples, colorIndex, isMuted, band }, index) => {
    const steps = ecdfSteps(samples);
    const [first] = steps;
    const points = [...(first ? [`(${number(first.x)},0)`] : []), ...steps.map((step) => `(${number(step.x)},${number(step.share)})`)];
    const drawn = isMuted ? 'gray, thin, solid, forget plot' : look(colorIndex ?? index);
    const curve = `\\addplot+[const plot, no marks, ${drawn}] coordinates {${points.join(' ')}};`;
    return [...(band ? [bandLatex(band, colorIndex ?? index)] : []), curve];
  });
  const options = [...named('x', x), 'ylabel={Share of tasks}', 'ymin=0', 'ymax=1', 'legend pos=south east'];
  return axis(options, [...plots, ...legend(series.filter(({ isMuted }) => !isMuted).map(({ name }) => name))]);
}

function bandLatex(band: NonNullable<EcdfSeries['band']>, position: number): string {
  const low = band.map((at) => `(${number(at.low)},${number(at.share)})`);
  const high = band.map((at) => `(${number(at.high)},${number(at.share)})`).reverse();
  const fill = `draw=none, fill=${LOOKS[position % LOOKS.length] ?? 'seriesa'}, fill opacity=0.16`;
  return `\\addplot[forget plot, no marks, ${fill}] coordinates {${[...low, ...high].join(' ')}} -- cycle;`;
}

function timelineLatex({ rows, totalMs }: TimelineDescription): string[] {
  const options = [
    'y dir=reverse',
    `height=${(1 + rows.length * 0.5).toFixed(1)}cm`,
    'scale only axis',
    'width=0.72\\linewidth',
    `xmin=0, xmax=${number(totalMs / 1000)}`,
    `ymin=-0.6, ymax=${rows.length - 0.4}`,
    'xlabel={Model time (s)}',
    `ytick={${rows.map((_, index) => index).join(',')}}`,
    `yticklabels={${rows.map(({ label }) => `{${escapeLatex(shorten(label, 24))}}`).join(',')}}`,
  ];
  const scale = totalMs / 1000 / TIMELINE_PARTS;
  const bars = rows.flatMap(({ intervals }, row) =>
    layOutBars(intervals, totalMs, TIMELINE_PARTS).map(({ x, width }) => {
      const corner = `(axis cs:${number(x * scale)},${row - 0.3})`;
      return `\\fill[seriesa] ${corner} rectangle (axis cs:${number((x + width) * scale)},${row + 0.3});`;
    }),
  );
  return axis(options, bars);
}

/** Never in a notation that TeX can't read. */
function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(8))) : 'nan';
}

function errorX(halfWidth: number | null | undefined): string {
  return halfWidth == null ? '' : ` +- (${number(halfWidth)},0)`;
}

function errorY(halfWidth: number | null | undefined): string {
  return halfWidth == null ? '' : ` +- (0,${number(halfWidth)})`;
}
