// A run of a study as parts of a report: its figure with the paper's values, the same as a table, and its seeds.
import { formatInterval, formatQuantity } from '../../../../shared/format.js';
import { nameMethod } from '../../../../shared/name-method.js';
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import { numberCell, textCell, type ReportBlock, type ReportCell, type ReportColumn } from '../../../../shared/report-document.js';
import type { StudyCell, StudyFigure } from '../../../../shared/study.js';
import { isOnePoint, listMeasures, MEASURES, toFigureBars, toFigureLines, toPointRows } from '../../../../shared/study-figure.js';
import { nameOrigin, reportCommand, type ReportSection } from './report-section.js';

export type StudyPart = keyof (typeof REPORT_PARTS)['study'];

export interface StudyReportData {
  figure: StudyFigure;
  cells: readonly StudyCell[];
}

const PARTS: Record<StudyPart, (data: StudyReportData) => ReportBlock[]> = {
  figure: figureBlocks,
  table: tableBlocks,
  seeds: seedBlocks,
  again: againBlocks,
};

export function buildStudyPart(data: StudyReportData, part: StudyPart): ReportSection {
  const { run } = data.figure;
  return { caveats: caveatsOf(data), blocks: PARTS[part](data), asOfMs: run.finishedAtMs ?? run.createdAtMs };
}

function caveatsOf({ figure: { run, programVersions }, cells }: StudyReportData): ReportSection['caveats'] {
  const missing = run.cellCount - run.doneCount;
  const imported = cells.filter(({ origin }) => origin === 'imported').length;
  const { paperSeeds } = run.study;
  const limits = [
    ...(missing > 0 ? [`${formatQuantity(missing, 'cell')} of ${run.cellCount} ${missing === 1 ? 'has' : 'have'} no result.`] : []),
    ...(paperSeeds !== null && run.seeds < paperSeeds
      ? [`${formatQuantity(run.seeds, 'seed')} where the paper averages over ${paperSeeds}.`]
      : []),
    ...(programVersions.length > 1 ? [`Cells come from versions ${programVersions.join(', ')} of the program.`] : []),
  ];
  return [
    { mark: 'simulated', text: 'Studies run in a simulated environment; nothing here was measured on nodes.' },
    ...(imported > 0 ? [{ mark: 'imported' as const, text: `${formatQuantity(imported, 'cell')} came in from other machines.` }] : []),
    ...limits.map((text) => ({ mark: 'limited' as const, text })),
  ];
}

const left = (title: string): ReportColumn => ({ title, align: 'left' });
const right = (title: string, unit?: string): ReportColumn => ({ title, align: 'right', ...(unit === undefined ? {} : { unit }) });

function figureBlocks({ figure }: StudyReportData): ReportBlock[] {
  const { study, id } = figure.run;
  const note = `${study.question} Means over seeds with 95 % intervals. ${nameOrigin(`study run ${id}`, figure.command)}`;
  return listMeasures(study)
    .slice(0, 2)
    .flatMap((measure): ReportBlock[] => {
      const title = `${study.figure ?? study.title}: ${MEASURES[measure].title} (simulated)`;
      const value = { title: MEASURES[measure].axis, unit: '' };
      if (isOnePoint(study)) {
        const { labels, series } = toFigureBars(figure, measure);
        return [{ kind: 'chart', note, chart: { kind: 'bars', title, category: { title: 'Method', labels }, value, series } }];
      }
      const series = toFigureLines(figure, measure);
      if (series.length === 0) return [];
      return [{ kind: 'chart', note, chart: { kind: 'lines', title, x: { title: study.axisLabel, unit: '' }, y: value, series } }];
    });
}

function tableBlocks({ figure }: StudyReportData): ReportBlock[] {
  const { study } = figure.run;
  if (study.kind === 'curves') return [convergenceTable(figure)];
  return listMeasures(study).map((measure): ReportBlock => {
    const withPaper = (method: string): boolean => measure === 'delay' && figure.paper.some((value) => value.method === method);
    const unit = measure === 'ratio' ? undefined : 's';
    const decimals = measure === 'delay' ? 2 : 3;
    return {
      kind: 'table',
      caption: `${MEASURES[measure].title}: means over seeds with 95 % intervals.`,
      columns: [
        left(study.axisLabel),
        ...figure.series.flatMap(({ method, title }) => [
          right(title, unit),
          ...(withPaper(method) ? [right(`${title}, the paper’s`, unit)] : []),
        ]),
      ],
      rows: toPointRows(figure, measure).map(({ x, values, paper }) => [
        { value: x, text: String(x), marks: ['simulated'] },
        ...figure.series.flatMap(({ method }): ReportCell[] => {
          const value = values.get(method);
          const cell = value ? { value: value.mean, text: formatInterval(value, decimals) } : numberCell(null, decimals);
          return [cell, ...(withPaper(method) ? [numberCell(paper.get(method)?.delaySec ?? null, 2)] : [])];
        }),
      ]),
    };
  });
}

function convergenceTable({ series }: StudyFigure): ReportBlock {
  return {
    kind: 'table',
    caption: 'The last episode’s delay, and when the curves settled.',
    columns: [left('Method'), right('Delay', 's'), right('Settled in episode, mean'), right('Seeds that settled')],
    rows: series.map(({ title, points, convergence }) => {
      const last = points.at(-1)?.delaySec;
      return [
        textCell(title, ['simulated']),
        last ? { value: last.mean, text: formatInterval(last, 2) } : numberCell(null, 2),
        numberCell(convergence?.meanEpisode ?? null, 1),
        convergence ? textCell(`${convergence.settledSeeds} of ${convergence.seeds}`) : textCell(null),
      ];
    }),
  };
}

/** Every cell, so that whoever doubts a mean can see what it is of. */
function seedBlocks({ figure: { run }, cells }: StudyReportData): ReportBlock[] {
  return [
    {
      kind: 'table',
      caption: `Seeds ${run.firstSeed} to ${run.firstSeed + run.seeds - 1}: the mean of the last ${formatQuantity(run.study.lastEpisodes, 'episode')} of every cell.`,
      columns: [
        left('Method'),
        right(run.study.axisLabel),
        right('Seed'),
        right('Delay', 's'),
        right('Opt-TS', 's'),
        right('Ratio'),
        left('Version'),
      ],
      rows: cells.map((cell) => [
        textCell(nameMethod(cell.method), cell.origin === 'imported' ? ['simulated', 'imported'] : ['simulated']),
        { value: run.study.points[cell.pointIndex]?.x ?? null, text: String(run.study.points[cell.pointIndex]?.x ?? '–') },
        { value: cell.seed, text: String(cell.seed) },
        ...[cell.meanDelaySec, cell.optTsDelaySec, cell.ratioToOptTs].map((value) => numberCell(value, 3)),
        textCell(cell.programVersion),
      ]),
    },
  ];
}

function againBlocks({ figure: { run, command, failedCells } }: StudyReportData): ReportBlock[] {
  const failed = failedCells.map(({ method, seed, error }) => `${nameMethod(method)}, seed ${seed}: ${error.message}`);
  return [
    { kind: 'code', caption: 'The same study again:', text: command },
    {
      kind: 'code',
      caption: `Study run ${run.id}, made by version ${run.programVersion}; its definition:`,
      text: JSON.stringify(run.study, null, 2),
    },
    { kind: 'code', caption: 'This report again, with the data of this program:', text: reportCommand('study', run.id) },
    ...(failed.length > 0 ? [{ kind: 'notes' as const, items: failed.slice(0, 50) }] : []),
  ];
}
