// The columns of the table of a study's figure.
import type { PaperValue, StudyFigure } from '../../../shared/study.js';
import { formatFigure, type FigureMeasure, type PointRow } from '../../../shared/study-figure.js';
import type { DataColumn } from '../../components/data-column.js';

/** A column a method, and one more for the paper's value where it has any. */
export function toPointColumns(figure: Pick<StudyFigure, 'run' | 'series' | 'paper'>, measure: FigureMeasure): DataColumn<PointRow>[] {
  const { series, paper, run } = figure;
  return [
    { id: 'x', header: run.study.axisLabel, value: ({ x }) => x, minWidthPx: 96, hint: run.study.axisLabel },
    ...series.flatMap(({ method, title }): DataColumn<PointRow>[] => [
      {
        id: method,
        header: title,
        value: ({ values }) => values.get(method)?.mean ?? null,
        text: ({ values }) => formatFigure(values.get(method), measure),
        align: 'end',
        minWidthPx: 96,
        hint: 'Mean over the seeds with half of its 95 % interval',
      },
      ...(measure === 'delay' && paper.some((value) => value.method === method)
        ? [
            {
              id: `${method}-paper`,
              header: 'Paper',
              value: ({ paper: values }: PointRow) => values.get(method)?.delaySec ?? null,
              text: ({ paper: values }: PointRow) => describePaper(values.get(method)),
              align: 'end' as const,
              minWidthPx: 62,
              hint: `The paper’s value of ${title}`,
            },
          ]
        : []),
    ]),
  ];
}

function describePaper(value: PaperValue | undefined): string {
  return value ? value.delaySec.toFixed(2) : '–';
}
