// The numbers behind a figure as a table: for formats without pictures, and for those who want to draw it again.
import { nameAxis, type BoxesDescription, type ChartDescription, type LinesDescription } from '../../../../shared/chart-description.js';
import { assertNever } from '../../../../shared/errors.js';
import {
  nameMark,
  numberCell,
  textCell,
  type ReportCell,
  type ReportColumn,
  type ReportDocument,
  type ReportImageGrid,
  type ReportTable,
} from '../../../../shared/report-document.js';
import { ecdfSteps } from '../../../../shared/ecdf.js';

/** Steps of a distribution in a text to read; files of data have every sample. */
const STEPS_TO_READ = 20;
const left = (title: string): ReportColumn => ({ title, align: 'left' });
const right = (title: string): ReportColumn => ({ title, align: 'right' });
const figure = (value: number | null | undefined): ReportCell =>
  value == null ? numberCell(null, 0) : { value, text: String(Number(value.toPrecision(8))) };

/** `isWhole`: every point, not only what can be read on a page. */
export function tabulateChart(chart: ChartDescription, isWhole = false): ReportTable {
  switch (chart.kind) {
    case 'bars': {
      const withIntervals = chart.series.filter(({ halfWidths }) => halfWidths?.some((each) => each !== null));
      return {
        kind: 'table',
        caption: `${chart.title}: ${nameAxis(chart.value)}`,
        columns: [
          left(chart.category.title),
          ...chart.series.map(({ name }) => right(name)),
          ...withIntervals.map(({ name }) => right(nameInterval(name))),
        ],
        rows: chart.category.labels.map((label, index) => [
          textCell(label),
          ...chart.series.map(({ values }) => figure(values[index])),
          ...withIntervals.map(({ halfWidths }) => figure(halfWidths?.[index])),
        ]),
      };
    }
    case 'boxes':
      return tabulateBoxes(chart);
    case 'lines':
      return tabulateLines(chart);
    case 'ecdf': {
      const rows = chart.series.flatMap(({ name, samples }) =>
        ecdfSteps(samples, isWhole ? samples.length : STEPS_TO_READ).map(({ x, share }) => [textCell(name), figure(x), figure(share)]),
      );
      return { kind: 'table', caption: chart.title, columns: [left('Series'), right(nameAxis(chart.x)), right('Share at or below')], rows };
    }
    case 'timeline':
      return isWhole
        ? {
            kind: 'table',
            caption: chart.title,
            columns: [left('Node'), right('Start (s)'), right('End (s)')],
            rows: chart.rows.flatMap(({ label, intervals }) =>
              intervals.map(({ startMs, endMs }) => [textCell(label), figure(startMs / 1000), figure(endMs / 1000)]),
            ),
          }
        : {
            kind: 'table',
            caption: chart.title,
            columns: [left('Node'), right('Computations'), right('Utilization')],
            rows: chart.rows.map(({ label, intervals, utilization }) => [textCell(label), figure(intervals.length), figure(utilization)]),
          };
    default:
      return assertNever(chart);
  }
}

function tabulateBoxes({ title, category, whiskers, value, boxes }: BoxesDescription): ReportTable {
  return {
    kind: 'table',
    caption: `${title}: ${nameAxis(value)}; whiskers at ${whiskers}`,
    columns: [left(category), ...['Lower whisker', 'First quartile', 'Median', 'Third quartile', 'Upper whisker'].map(right)],
    rows: boxes.map(({ label, low, q1, median, q3, high }) => [textCell(label), ...[low, q1, median, q3, high].map(figure)]),
  };
}

function nameInterval(series: string): string {
  return `${series}: half of the 95 % interval`;
}

function tabulateLines(chart: LinesDescription): ReportTable {
  const hasIntervals = chart.series.some(({ points }) => points.some(({ halfWidth }) => halfWidth != null));
  const rows = chart.series.flatMap(({ name, points }) =>
    points.map(({ x, y, halfWidth }) => [textCell(name), figure(x), figure(y), ...(hasIntervals ? [figure(halfWidth)] : [])]),
  );
  const columns = [
    left('Series'),
    right(nameAxis(chart.x)),
    right(nameAxis(chart.y)),
    ...(hasIntervals ? [right('Half of the 95 % interval')] : []),
  ];
  return { kind: 'table', caption: chart.title, columns, rows };
}

/** Images by their names: which file of the data folder is in which place. */
export function tabulateGrid({ caption, columns, rows }: ReportImageGrid): ReportTable {
  return {
    kind: 'table',
    caption,
    columns: [left('Prompt'), ...columns.map(({ title, marks }) => left([title, ...marks.map((mark) => `(${nameMark(mark)})`)].join(' ')))],
    rows: rows.map(({ title, cells }) => [
      textCell(title),
      ...cells.map((image) =>
        image === null
          ? textCell(null)
          : { value: image.sha256, text: `${image.sha256.slice(0, 12)}, ${image.caption}`, marks: image.marks },
      ),
    ]),
  };
}

/** Everything of a document that is figures, as tables with every point; the first has the facts, the second the caveats. */
export function tabulateDocument(document: ReportDocument): ReportTable[] {
  const facts: ReportTable = {
    kind: 'table',
    caption: document.title,
    columns: [left('Figure'), left('Value')],
    rows: document.facts.map(({ label, value }) => [textCell(label), textCell(value)]),
  };
  const caveats: ReportTable = {
    kind: 'table',
    caption: 'Caveats',
    columns: [left('Mark'), left('What to know')],
    rows: document.caveats.map(({ mark, text }) => [textCell(nameMark(mark)), textCell(text)]),
  };
  const blocks = document.blocks.flatMap((block): ReportTable[] => {
    if (block.kind === 'table') return [block];
    if (block.kind === 'image-grid') return [tabulateGrid(block)];
    return block.kind === 'chart' ? [tabulateChart(block.chart, true)] : [];
  });
  return [facts, ...(caveats.rows.length > 0 ? [caveats] : []), ...blocks];
}
