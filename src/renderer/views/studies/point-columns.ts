// The columns of the table of a study's figure.
import type { PaperValue, StudyFigure } from '../../../shared/study.js';
import { formatFigure, hasIntervals, type FigureMeasure, type PointRow } from '../../../shared/study-figure.js';
import type { DataColumn } from '../../components/data-column.js';

/** A column a method, and one more for the paper's value where it has any. */
export function toPointColumns(figure: Pick<StudyFigure, 'run' | 'series' | 'paper'>, measure: FigureMeasure): DataColumn<PointRow>[] {
  const { series, paper, run } = figure;
  const unit = measure === 'ratio' ? '' : ' (s)';
  const hint = hasIntervals(figure, measure) ? 'Mean over the seeds with half of its 95 % interval' : 'Of one seed, which has no interval';
  const { axisLabel } = run.study;
  return [
    { id: 'x', header: axisLabel, value: ({ x }) => x, widthPx: widthOfHead(axisLabel), hint: axisLabel },
    ...series.flatMap(({ method, title }): DataColumn<PointRow>[] => [
      {
        id: method,
        header: `${title}${unit}`,
        value: ({ values }) => values.get(method)?.mean ?? null,
        text: ({ values }) => formatFigure(values.get(method), measure),
        align: 'end',
        minWidthPx: 96,
        hint,
      },
      ...(measure === 'delay' && paper.some((value) => value.method === method)
        ? [
            {
              id: `${method}-paper`,
              header: 'Paper (s)',
              value: ({ paper: values }: PointRow) => values.get(method)?.delaySec ?? null,
              text: ({ paper: values }: PointRow) => describePaper(values.get(method)),
              align: 'end' as const,
              minWidthPx: 84,
              hint: `The paper’s value of ${title}`,
            },
          ]
        : []),
    ]),
  ];
}

/** An equal share of a wide figure would cut the name of its axis. */
function widthOfHead(name: string): number {
  return Math.min(260, Math.max(96, 40 + Math.ceil(6.5 * name.length)));
}

function describePaper(value: PaperValue | undefined): string {
  return value ? value.delaySec.toFixed(2) : '–';
}
