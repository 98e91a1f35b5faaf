import { describe, expect, it } from 'vitest';
import { speakCell, tabulateLines, tabulateSeries, toCsv } from '../../../src/renderer/charts/chart-data.js';
import { findIntervalRange } from '../../../src/renderer/charts/draw-intervals.js';
import { labelLooks, lookOf, markersOf } from '../../../src/renderer/charts/line-looks.js';
import { layOutBars, pickTickMs } from '../../../src/shared/timeline-layout.js';

describe('chart data as a table', () => {
  it('is read out with rounded figures and named gaps', () => {
    expect([45.26964306000001, 37950, null, 'node-1'].map(speakCell)).toEqual(['45.27', '37,950', 'no value', 'node-1']);
  });

  it('puts one row a label and leaves gaps empty', () => {
    const table = tabulateSeries('|N|', ['1', '100'], [{ name: 'Ours (s)', values: [18.3, null] }]);
    expect(toCsv(table)).toBe('|N|,Ours (s)\r\n1,18.3\r\n100,\r\n');
  });

  it('joins lines of different x into rows in ascending order', () => {
    const table = tabulateLines('Episode', [
      {
        name: 'a',
        points: [
          { x: 2, y: 20 },
          { x: 1, y: 10 },
        ],
      },
      { name: 'b', points: [{ x: 2, y: 5 }] },
    ]);
    expect(table.rows).toEqual([
      [1, 10, null],
      [2, 20, 5],
    ]);
  });

  it('has columns for intervals and sources only where a line has them', () => {
    const table = tabulateLines('Tasks', [
      { name: 'Ours', points: [{ x: 50, y: 7.8, halfWidth: 0.1 }] },
      { name: 'Paper', points: [{ x: 50, y: 7.7, note: 'Sec. V-C' }], look: 'points' },
    ]);
    expect(table).toEqual({
      header: ['Tasks', 'Ours', 'Ours: half of the 95 % interval', 'Paper', 'Paper: source'],
      rows: [[50, 7.8, 0.1, 7.7, 'Sec. V-C']],
    });
  });

  it('quotes cells with commas and quotes, and disarms formulas', () => {
    expect(toCsv({ header: ['a'], rows: [['x, "y"'], ['=1+1']] })).toBe('a\r\n"x, ""y"""\r\n\'=1+1\r\n');
  });
});

describe('the range of intervals', () => {
  it('reaches from the lowest to the highest end, gaps left out', () => {
    const points = [
      { x: 1, y: 8, halfWidth: 2 },
      { x: 2, y: 9, halfWidth: 0.5 },
      { x: 3, y: null, halfWidth: 100 },
      { x: 4, y: 50, halfWidth: null },
    ];
    expect(findIntervalRange(points)).toEqual({ min: 6, max: 10 });
  });

  it('does not go below zero for values that cannot', () => {
    expect(findIntervalRange([{ x: 1, y: 1, halfWidth: 3 }])?.min).toBe(0);
    expect(findIntervalRange([{ x: 1, y: -1, halfWidth: 3 }])?.min).toBe(-4);
  });

  it('is unknown without any interval', () => {
    expect(findIntervalRange([{ x: 1, y: 8 }])).toBeNull();
  });
});

describe('timeline layout', () => {
  it('maps intervals to pixels', () => {
    expect(layOutBars([{ startMs: 500, endMs: 1000 }], 1000, 200)).toEqual([{ x: 100, width: 100 }]);
  });

  it('draws no more bars than there are pixels for many short tasks', () => {
    const intervals = Array.from({ length: 10_000 }, (_, index) => ({ startMs: index, endMs: index + 1 }));
    const bars = layOutBars(intervals, 10_000, 500);
    expect(bars.length).toBeLessThanOrEqual(500);
    expect(bars.reduce((sum, bar) => sum + bar.width, 0)).toBeCloseTo(500, 0);
  });

  it('draws nothing before there is a duration', () => {
    expect(layOutBars([{ startMs: 0, endMs: 0 }], 0, 500)).toEqual([]);
  });

  it('picks round ticks', () => {
    expect(pickTickMs(382_400, 6)).toBe(100_000);
    expect(pickTickMs(0, 6)).toBeGreaterThan(0);
  });
});

describe('the look of a line', () => {
  const points = [{ x: 1, y: 1 }];

  it('is wide, see-through and solid where other lines lie on it', () => {
    const [plain, wide] = [undefined, 1].map((linesAbove = 0) => lookOf({ name: 'a', points, linesAbove }, '#48276c', 1));
    expect(plain).toMatchObject({ borderWidth: 2, borderColor: '#48276c', borderDash: [6, 3] });
    expect(wide).toMatchObject({ borderWidth: 7, borderColor: 'rgba(72, 39, 108, 0.4)', borderDash: [], pointBackgroundColor: '#48276c' });
  });

  it('of markers has the color and the size of the lines that they are of, and lies on all lines', () => {
    const owners = [
      { color: 'red', linesAbove: 1 },
      { color: 'blue', linesAbove: 0 },
    ];
    const look = { ...lookOf({ name: 'a', points, look: 'points' }, 'green', 2), ...markersOf(owners, { ink: 'black', surface: 'white' }) };
    expect(look).toMatchObject({ pointBackgroundColor: ['red', 'blue'], pointRadius: [11, 6], pointBorderColor: 'white', order: -1 });
    const chart = { data: { datasets: [{ ...lookOf({ name: 'a', points }, 'green', 0) }, look] } } as unknown as Parameters<
      typeof labelLooks
    >[0];
    const entries = labelLooks(chart, [
      { text: 'Break-even', datasetIndex: 1, fillStyle: 'red' },
      { text: 'a', datasetIndex: 0 },
    ]);
    expect(entries).toMatchObject([
      { text: 'a', strokeStyle: 'green', pointStyle: 'line' },
      { text: 'Break-even', strokeStyle: 'black', fillStyle: 'transparent', pointStyle: 'rectRot' },
    ]);
  });
});
