// Boxes, stacks, bands and steps in every form that a chart has.
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/main/domain/reports/charts/draw-chart.js';
import { drawingSvgFile } from '../../../src/main/domain/reports/formats/chart-svg.js';
import { chartLatex } from '../../../src/main/domain/reports/formats/latex-chart.js';
import { tabulateChart } from '../../../src/main/domain/reports/formats/tabulate-chart.js';
import { BOXES, ECDF, STACK, STEPS } from '../../support/chart-fixtures.js';

describe('drawn', () => {
  it('a box has its whiskers only where there are ends', () => {
    const { items } = drawChart(BOXES);
    expect(items.filter(({ kind }) => kind === 'rect')).toHaveLength(2);
    const caps = items.filter((item) => item.kind === 'line' && item.width === 1.25);
    // Two whiskers with a cap each, of one box.
    expect(caps).toHaveLength(4);
    expect(items.flatMap((item) => (item.kind === 'text' ? [item.text] : []))).toEqual(expect.arrayContaining(['LAD-TS', '3.0']));
  });

  it('a stack has its parts end to end, in their colors, and its sum', () => {
    const rects = drawChart(STACK).items.flatMap((item) => (item.kind === 'rect' ? [item] : []));
    const [waiting, compute] = rects;
    expect(rects.map(({ ink }) => ink)).toEqual(['part-waiting', 'part-compute']);
    expect(compute!.x).toBeCloseTo(waiting!.x + waiting!.width, 9);
    expect(waiting!.width / compute!.width).toBeCloseTo(3, 9);
    expect(drawChart(STACK).items).toContainEqual(expect.objectContaining({ kind: 'text', text: '40.0' }));
  });

  it('a band is an area below its curve, and one of many is in no legend', () => {
    const { items } = drawChart(ECDF);
    const kinds = items.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'area')).toHaveLength(1);
    expect(items.find(({ kind }) => kind === 'area')).toMatchObject({ ink: 'series-3' });
    expect(items.flatMap((item) => (item.kind === 'text' ? [item.text] : []))).not.toContain('B');
  });

  it('steps hold a value until the next point', () => {
    const line = drawChart(STEPS).items.findLast((item) => item.kind === 'line');
    if (line?.kind !== 'line') throw new Error('No line');
    expect(line.points).toHaveLength(5);
    expect(line.points[1]![1]).toBe(line.points[0]![1]);
  });

  it('as a file, a picture needs no page around it', () => {
    for (const chart of [BOXES, STACK, ECDF, STEPS]) {
      const svg = drawingSvgFile(drawChart(chart));
      expect(svg).toMatch(/^<svg\s+xmlns=/);
      expect(svg).not.toContain('var(');
      expect(svg).toContain(chart.title);
    }
  });
});

describe('in LaTeX', () => {
  it('boxes are drawn, stacks stacked, bands filled and steps constant', () => {
    expect(chartLatex(BOXES).match(/rectangle/g)).toHaveLength(2);
    expect(chartLatex(STACK)).toContain('xbar stacked');
    expect(chartLatex(STACK)).toContain('fill=partwaiting');
    expect(chartLatex(ECDF)).toContain('fill opacity=0.16');
    expect(chartLatex(STEPS)).toContain('const plot');
  });
});

describe('as a table', () => {
  it('a box is a row, its missing whiskers no number', () => {
    const { rows } = tabulateChart(BOXES, true);
    expect(rows.map((row) => row.map(({ value }) => value))).toEqual([
      ['LAD-TS', 1, 2, 3, 4, 5],
      ['Few tasks', null, 2, 3, 4, null],
    ]);
  });
});
