import { describe, expect, it } from 'vitest';
import { toMethodColumns, toMethodRows } from '../../../../src/renderer/views/studies/method-rows.js';
import { toPointColumns } from '../../../../src/renderer/views/studies/point-columns.js';
import { formatFigure, listMeasures, toFigureBars, toFigureLines, toPointRows } from '../../../../src/shared/study-figure.js';
import { tabulateCells } from '../../../../src/renderer/views/studies/tabulate-cells.js';
import { buildCell, buildFigure, buildRun, buildStudy } from './study-fixture.js';

describe('the lines of a figure', () => {
  it('are one a method with its intervals, and the paper’s values as markers of its color', () => {
    const lines = toFigureLines(buildFigure(), 'delay');
    expect(lines.map(({ name, look, colorIndex }) => [name, look, colorIndex])).toEqual([
      ['LAD-TS', undefined, 0],
      ['Opt-TS', undefined, 1],
      ['LAD-TS, the paper’s', 'points', 0],
    ]);
    expect(lines[0]?.points).toEqual([
      { x: 10, y: 1, halfWidth: 0.1 },
      { x: 50, y: 8, halfWidth: 0.5 },
    ]);
    expect(lines[2]?.points).toEqual([{ x: 50, y: 7.67, note: 'Sec. V-C' }]);
  });

  it('have no paper’s values where the paper gives none of that measure', () => {
    expect(toFigureLines(buildFigure(), 'ratio').map(({ name }) => name)).toEqual(['LAD-TS', 'Opt-TS']);
  });

  it('leave out a method without a cell', () => {
    const { series } = buildFigure();
    const figure = buildFigure({ series: series.map((each) => ({ ...each, points: [] })), paper: [] });
    expect(toFigureLines(figure, 'delay')).toEqual([]);
  });
});

describe('the bars of a figure of one place', () => {
  it('are one a method with its interval, a gap where nothing is done', () => {
    const { series } = buildFigure();
    const figure = { series: series.map((each) => ({ ...each, points: each.method === 'opt-ts' ? [] : each.points })) };
    const { labels, series: bars } = toFigureBars(figure, 'delay');
    expect(labels).toEqual(['LAD-TS', 'Opt-TS']);
    expect(bars[0]).toMatchObject({ values: [1, null], halfWidths: [0.1, null] });
  });
});

describe('the table of a sweep', () => {
  it('has a row a place and the paper’s value beside the method that has one', () => {
    const figure = buildFigure();
    const columns = toPointColumns(figure, 'delay');
    expect(columns.map(({ header }) => header)).toEqual(['Most tasks', 'LAD-TS (s)', 'Paper (s)', 'Opt-TS (s)']);
    const rows = toPointRows(figure, 'delay').map((row) => columns.map(({ text, value: read }) => text?.(row) ?? read(row)));
    expect(rows).toEqual([
      [10, '1.00 ± 0.10', '–', '0.90'],
      [50, '8.00 ± 0.50', '7.67', '–'],
    ]);
  });

  it('promises no interval where every value is of one seed', () => {
    const hintOf = (measure: 'delay' | 'cpu-time') => toPointColumns(buildFigure(), measure)[1]?.hint;
    expect(hintOf('delay')).toBe('Mean over the seeds with half of its 95 % interval');
    expect(hintOf('cpu-time')).toBe('Of one seed, which has no interval');
  });

  it('tells ratios with three decimals and without the paper', () => {
    const columns = toPointColumns(buildFigure(), 'ratio');
    expect(columns.map(({ header }) => header)).toEqual(['Most tasks', 'LAD-TS', 'Opt-TS']);
    expect(formatFigure({ mean: 1.05, halfWidth95: 0.02 }, 'ratio')).toBe('1.050 ± 0.020');
  });
});

describe('the measures of a study', () => {
  it('start with its own', () => {
    expect(listMeasures({ kind: 'sweep', measure: 'cpu-time' })[0]).toBe('cpu-time');
    expect(listMeasures({ kind: 'sweep', measure: 'delay' })[0]).toBe('delay');
  });

  it('are the delay only for curves, whose points are episodes', () => {
    expect(listMeasures({ kind: 'curves', measure: 'delay' })).toEqual(['delay']);
  });
});

describe('the table by method', () => {
  const study = buildStudy({ kind: 'curves', axisLabel: 'Episode', points: [{ x: 0, changes: {}, settings: {} }] });
  const [series] = buildFigure().series;
  const figure = buildFigure({
    run: buildRun({ study }),
    series: series ? [{ ...series, convergence: { meanEpisode: 15.4, settledSeeds: 2, seeds: 3 } }] : [],
    paper: [{ method: 'lad-ts', x: 60, delaySec: 7.7, source: 'Sec. V-C' }],
  });

  it('has means over the seeds, the paper’s value with its episode, and how many seeds settled', () => {
    const cells = [buildCell({ seed: 1, meanDelaySec: 7 }), buildCell({ seed: 2, meanDelaySec: 9 }), buildCell({ method: 'sac-ts' })];
    const columns = toMethodColumns(study, true);
    const cellsOfRow = toMethodRows(figure, cells).map((row) => columns.map(({ text, value: read }) => text?.(row) ?? read(row)));
    expect(cellsOfRow).toEqual([['LAD-TS', '2', '8.00 ± 12.71', '7.70 at episode 60', '1.067 ± 0.000', '15 (2 of 3)', '400 ms']]);
  });

  it('has no figures before the first cell, and no column of the paper without its values', () => {
    const columns = toMethodColumns(study, false);
    expect(columns.map(({ id }) => id)).not.toContain('paper');
    const [row] = toMethodRows({ ...figure, paper: [] }, []);
    expect(row).toMatchObject({ seeds: 0, delaySec: null, paper: null, episodeCpuSec: null });
  });
});

describe('the cells as a table', () => {
  it('name the place of a sweep', () => {
    const { header, rows } = tabulateCells(buildStudy(), [buildCell({ pointIndex: 1 })]);
    expect(header.slice(0, 4)).toEqual(['Study', 'Most tasks', 'Method', 'Seed']);
    expect(rows[0]?.slice(0, 5)).toEqual(['fig-6a', 50, 'lad-ts', 1, 8]);
    expect(rows[0]).toHaveLength(header.length);
  });

  it('hold the whole curve of learning curves', () => {
    const { header, rows } = tabulateCells(buildStudy({ kind: 'curves' }), [buildCell({ curveSec: [9, 8.5] })]);
    expect(rows[0]?.at(-1)).toBe('9 8.5');
    expect(rows[0]).toHaveLength(header.length);
  });
});
