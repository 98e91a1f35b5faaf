// A chart as pgfplots draws it from its coordinates, so that a paper's own style applies and every number is in the source.
import {
  type BarsDescription,
  type ChartAxis,
  type ChartDescription,
  type EcdfDescription,
  type LinesDescription,
  nameAxis,
  type TimelineDescription,
} from '../../../../shared/chart-description.js';
import { assertNever } from '../../../../shared/errors.js';
import { layOutBars } from '../../../../shared/timeline-layout.js';
import { MAX_AXIS_TITLE, shorten } from '../../../../shared/drawing.js';
import { ecdfSteps } from '../charts/ecdf.js';
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
  return names.length > 1 ? names.map((name) => `\\addlegendentry{${escapeLatex(shorten(name, 40))}}`) : [];
}

function look(index: number): string {
  return `${LOOKS[index % LOOKS.length] ?? 'seriesa'}, ${STYLES[index % STYLES.length] ?? 'solid'}`;
}

/** Rows from the top; categories are numbers with labels, since names may hold what pgfplots reads. */
function barsLatex({ category, value, series }: BarsDescription): string[] {
  const rows = category.labels.map((_, index) => index);
  const height = 1.2 + rows.length * Math.max(0.55, 0.35 * series.length);
  const options = [
    'xbar',
    'y dir=reverse',
    `height=${height.toFixed(1)}cm`,
    'scale only axis',
    'width=0.55\\linewidth',
    ...named('x', value),
    ...(value.scale === 'logarithmic' ? [] : ['xmin=0']),
    `ytick={${rows.join(',')}}`,
    `yticklabels={${category.labels.map((label) => `{${escapeLatex(shorten(label, 38))}}`).join(',')}}`,
    `ymin=-0.6, ymax=${rows.length - 0.4}`,
    `bar width=${series.length > 1 ? '5pt' : '8pt'}`,
  ];
  const plots = series.flatMap(({ values, halfWidths }, index) => {
    const points = values.flatMap((each, row) => (each === null ? [] : [`(${number(each)},${row})${errorX(halfWidths?.[row])}`]));
    const errors = halfWidths ? ', error bars/.cd, x dir=both, x explicit' : '';
    const color = LOOKS[index % LOOKS.length] ?? 'seriesa';
    return points.length === 0 ? [] : [`\\addplot+[fill=${color}, draw=${color}${errors}] coordinates {${points.join(' ')}};`];
  });
  return axis(options, [...plots, ...legend(series.map(({ name }) => name))]);
}

function linesLatex({ x, y, series }: LinesDescription): string[] {
  const plots = series.map(({ points, look: kind }, index) => {
    const coordinates = points.map(
      (point) => `(${number(point.x)},${point.y === null ? 'nan' : number(point.y)})${errorY(point.halfWidth)}`,
    );
    const how = kind === 'points' ? 'only marks' : kind === 'level' ? 'gray, dotted, no marks' : look(index);
    return `\\addplot+[${how}, error bars/.cd, y dir=both, y explicit] coordinates {${coordinates.join(' ')}};`;
  });
  return axis([...named('x', x), ...named('y', y), 'unbounded coords=jump'], [...plots, ...legend(series.map(({ name }) => name))]);
}

function ecdfLatex({ x, series }: EcdfDescription): string[] {
  const plots = series.map(({ samples }, index) => {
    const steps = ecdfSteps(samples);
    const [first] = steps;
    const points = [...(first ? [`(${number(first.x)},0)`] : []), ...steps.map((step) => `(${number(step.x)},${number(step.share)})`)];
    return `\\addplot+[const plot, no marks, ${look(index)}] coordinates {${points.join(' ')}};`;
  });
  const options = [...named('x', x), 'ylabel={Share of tasks}', 'ymin=0', 'ymax=1', 'legend pos=south east'];
  return axis(options, [...plots, ...legend(series.map(({ name }) => name))]);
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
