import { describe, expect, it } from 'vitest';
import {
  listComparisonExports,
  readTableVQuery,
  toTableVCommand,
  writeTableVQuery,
} from '../../../src/renderer/views/table-v/table-v-query.js';
import {
  chooseReference,
  composerAddress,
  countLeftOut,
  findBestRows,
  findPrintedReduction,
  formatPrice,
  formatReduction,
  listReductions,
  listShownCounts,
  listTimeScales,
  nameRows,
  toBars,
} from '../../../src/renderer/views/table-v/comparison-figures.js';
import { checkFigure } from '../../../src/renderer/views/table-v/figure-form.js';
import type { Comparison, ComparisonRow } from '../../../src/shared/comparison.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const row = (id: string, delays: Record<number, number | null>, change: Partial<ComparisonRow> = {}): ComparisonRow => ({
  id,
  platform: id,
  model: 'SD',
  source: 'paper',
  isEdge: false,
  isSimulated: false,
  delaySec: Object.entries(delays).map(([count, delaySec]) => ({ count: Number(count), delaySec, runIds: [] })),
  pricePer1kUsd: null,
  notes: [],
  ...change,
});
const measured = (id: string, delays: Record<number, number | null>): ComparisonRow =>
  row(id, delays, { source: 'measured', isEdge: true, platform: 'DEdgeAI (Lab, 5 nodes)' });

describe('the address of a comparison', () => {
  it('carries every setting there and back', () => {
    const settings = {
      ...{ runIds: ['run-1', 'run-2'], seriesId: 'series-1', includeInvalid: true, cloudConcurrency: 4, tab: 'cost' as const },
      ...{ referenceRowId: 'measured:1', costRowId: 'measured:2', openRowId: 'paper:openai' },
      ...{ showsAllCounts: true, chartCount: 500, isLogarithmic: true },
    };
    expect(readTableVQuery(writeTableVQuery(settings))).toEqual(settings);
  });

  it('is empty for the paper’s own assumptions', () => {
    expect(writeTableVQuery(readTableVQuery({}))).toEqual({});
  });

  it.each(['0', '-1', '1.5', 'many', '101'])('does not take %s requests at once', (concurrency) => {
    expect(readTableVQuery({ concurrency }).cloudConcurrency).toBe(1);
  });

  it('exports what is seen', () => {
    const [csv] = listComparisonExports({ runIds: ['run-1', 'run-2'], includeInvalid: true, cloudConcurrency: 4 });
    const url = new URL(csv?.href ?? '', 'http://localhost');
    expect(url.pathname).toBe('/exports/comparison.csv');
    expect(Object.fromEntries(url.searchParams)).toEqual({ cloudConcurrency: '4', includeInvalid: 'true', runIds: 'run-1,run-2' });
  });
});

describe('the command of a comparison', () => {
  it('names what differs from the paper’s own assumptions', () => {
    expect(toTableVCommand({ runIds: null, includeInvalid: false, cloudConcurrency: 1 })).toBe('npm run cli -- compare');
    expect(toTableVCommand({ runIds: ['run-1', 'run-2'], includeInvalid: true, cloudConcurrency: 4 })).toBe(
      'npm run cli -- compare --run run-1 run-2 --concurrency 4 --include-invalid',
    );
  });
});

describe('findBestRows', () => {
  it('marks the shortest delay of every |N|, all of them when equal', () => {
    const best = findBestRows([row('a', { 1: 5, 100: 500 }), row('b', { 1: 18, 100: 380 }), row('c', { 1: 5, 100: null })]);
    expect([...(best.get(1) ?? [])]).toEqual(['a', 'c']);
    expect([...(best.get(100) ?? [])]).toEqual(['b']);
  });

  it('lets nothing simulated and nothing invalid win', () => {
    const invalid = measured('invalid', { 100: 2 });
    invalid.delaySec[0]!.isInvalid = true;
    const simulated = { ...measured('simulated', { 100: 1 }), isSimulated: true };
    const best = findBestRows([row('a', { 100: 500 }), row('b', { 100: 400 }), simulated, invalid]);
    expect([...(best.get(100) ?? [])]).toEqual(['b']);
  });

  it('marks no value that has none to beat', () => {
    expect(findBestRows([row('a', { 7: 5 }), row('b', { 7: null })]).has(7)).toBe(false);
  });
});

describe('chooseReference', () => {
  const paper = row('ours', { 1: 18, 100: 382 }, { isEdge: true });
  const full = measured('full', { 1: 18, 100: 370 });
  const newest = measured('newest', { 1: null, 100: 375 });

  const against = (rows: ComparisonRow[]): Pick<Comparison, 'rows' | 'reductions'> => ({
    rows,
    reductions: rows.flatMap(({ id, delaySec }) =>
      delaySec.map((cell) => ({
        ...{ referenceRowId: id, againstRowId: 'cloud', count: cell.count },
        reduction: cell.delaySec === null ? null : 0.5,
      })),
    ),
  });

  it('takes the one that was asked for', () => {
    expect(chooseReference(against([paper, full, newest]), [1, 100], 'newest')?.id).toBe('newest');
  });

  it('prefers the measured row that has most to say', () => {
    expect(chooseReference(against([paper, full, newest]), [1, 100], null)?.id).toBe('full');
  });

  it('counts nothing at a hidden |N|', () => {
    const hidden = measured('hidden', { 20: 80, 40: 150, 60: 220 });
    expect(chooseReference(against([paper, full, hidden]), [1, 100], null)?.id).toBe('full');
  });

  it('counts no figure that nothing can be compared with', () => {
    const alone = measured('alone', { 20: 80, 40: 150, 60: 220 });
    const { reductions } = against([paper, full]);
    expect(chooseReference({ rows: [paper, full, alone], reductions }, [1, 20, 40, 60, 100], null)?.id).toBe('full');
  });

  it('falls back to the paper, never to a cloud platform', () => {
    expect(chooseReference(against([row('cloud', { 1: 5 }), paper]), [1], 'cloud')?.id).toBe('ours');
  });
});

describe('listReductions', () => {
  it('gives one row against every other, with gaps where nothing is known', () => {
    const rows = [row('cloud', { 1: 5, 100: 500 }), measured('m', { 1: null, 100: 400 })];
    const comparison: Comparison = {
      counts: [1, 100],
      rows,
      reductions: [{ referenceRowId: 'm', againstRowId: 'cloud', count: 100, reduction: 0.2 }],
      cloudConcurrency: 1,
      notes: [],
    };
    expect(listReductions(comparison, 'm')).toEqual([{ row: rows[0], reductions: [null, 0.2] }]);
  });
});

describe('formatReduction', () => {
  it('has one sign: a reference that takes longer is slower', () => {
    expect([0.2918, -1.79844, null].map(formatReduction)).toEqual(['29.18 %', '179.84 % slower', '–']);
  });
});

describe('nameRows', () => {
  it('numbers measured rows that would read the same', () => {
    const names = nameRows([row('Stability.AI', {}), measured('m', {}), measured('n', {})]);
    expect([...names.values()]).toEqual(['Stability.AI, SD', 'M1: DEdgeAI (Lab, 5 nodes)', 'M2: DEdgeAI (Lab, 5 nodes)']);
  });
});

describe('toBars', () => {
  it('leaves out rows without the |N| and gives each kind of row its own series', () => {
    const { labels, series } = toBars([row('cloud', { 100: 500 }), row('other', { 100: null }), measured('m', { 100: 400 })], 100);
    expect(labels).toEqual(['cloud, SD', 'M1: DEdgeAI (Lab, 5 nodes)']);
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ['Cloud platforms (paper)', [500, null]],
      ['Measured here', [null, 400]],
    ]);
  });
});

describe('the runs that are left out', () => {
  it('are those of the chosen ones alone, where some are chosen', () => {
    const run = (id: string, isValid: boolean) => ({ id, validity: { isValid, reasons: [], limitations: [] } });
    const ended = [run('a', true), run('b', false), run('c', false)];
    expect(countLeftOut(ended, null)).toBe(2);
    expect(countLeftOut(ended, ['a', 'c'])).toBe(1);
    expect(countLeftOut(ended, ['a'])).toBe(0);
  });
});

describe('the columns', () => {
  const comparisonOf = (counts: number[]): Comparison => ({ counts, rows: [], reductions: [], cloudConcurrency: 1, notes: [] });

  it('are all |N| while they fit, then those of the paper until all are asked for', () => {
    expect(listShownCounts(comparisonOf([1, 40, 100, 500, 1000]), false)).toEqual([1, 40, 100, 500, 1000]);
    const many = comparisonOf([1, 20, 40, 100, 500, 1000]);
    expect(listShownCounts(many, false)).toEqual([1, 100, 500, 1000]);
    expect(listShownCounts(many, true)).toEqual(many.counts);
  });

  it('have an |N| of every measured row, but no more than it takes', () => {
    const rows = [
      measured('in the paper too', { 1: 15, 60: 220 }),
      measured('elsewhere only', { 20: null, 40: 150, 60: 220 }),
      measured('there as well', { 40: 160 }),
      measured('without a figure', { 20: null }),
    ];
    expect(listShownCounts({ ...comparisonOf([1, 20, 40, 60, 100, 500, 1000]), rows }, false)).toEqual([1, 40, 100, 500, 1000]);
  });
});

describe('the footnotes of the reductions', () => {
  const ours = row('paper:dedgeai', { 100: 382.4 }, { isEdge: true });

  it.each([
    // 1 - 382.4 / 1470 = 73.9864 %, which rounds to 73.99.
    ['paper:openai', 1470, 73.98],
    ['paper:midjourney', 7590, null],
    ['paper:replicate', 3290, 88.37],
    ['paper:deepinfra', 1270, null],
    ['paper:stability', 540, 29.18],
  ])('say what the paper prints for %s', (id, sec, printed) => {
    expect(findPrintedReduction(ours, row(id, { 100: sec }), 100, 1 - 382.4 / sec)).toBe(printed);
  });

  it('are silent where a figure was changed', () => {
    expect(findPrintedReduction(ours, row('paper:openai', { 100: 1000 }), 100, 1 - 382.4 / 1000)).toBeNull();
  });
});

describe('the composer', () => {
  it('is opened for what is missing in a row', () => {
    const mine = { ...measured('m', { 100: 1 }), measuredOn: { testbedId: 'testbed-1', scheduler: 'random' as const } };
    expect(composerAddress(mine, 500)).toEqual({
      path: '/runs/new',
      query: { as: 'series', preset: 'table-v', testbedId: 'testbed-1', schedulers: 'random', counts: '500', count: '500' },
    });
  });
});

describe('what is typed about a figure', () => {
  const key = { id: 'paper:stability', field: 'price', count: 0 } as const;

  it('is refused without a source and a date, each in its place', () => {
    const { errors } = checkFigure(key, { value: 70, source: ' ', date: '', note: '' });
    expect(errors).toMatchObject({ source: 'Say where the figure comes from', date: expect.stringContaining('year-month-day') as string });
  });

  it('is taken with both', () => {
    const { input } = checkFigure(key, { value: 70, source: 'stability.ai', date: '2026-11-29', note: '' });
    expect(input).toEqual({ id: 'paper:stability', field: 'price', value: 70, source: 'stability.ai', date: '2026-11-29', note: null });
  });

  it.each([{ value: null }, { value: -1 }, { date: '2026-02-30' }, { source: 'a\u202Eb' }])('is refused with %o', (change) => {
    expect(checkFigure(key, { value: 70, source: 'stability.ai', date: '2026-11-29', note: '', ...change }).input).toBeNull();
  });
});

describe('listTimeScales', () => {
  it('knows the scales of the runs behind a row', () => {
    const cells = row('m', {}, { delaySec: [{ count: 100, delaySec: 1, runIds: ['run-1', 'run-2'] }] });
    const runs = [buildRunSummary({ id: 'run-1', timeScale: 100 }), buildRunSummary({ id: 'run-2', timeScale: 1 })];
    expect(listTimeScales(cells, [...runs, buildRunSummary({ id: 'run-3', timeScale: 7 })])).toEqual([1, 100]);
  });
});

describe('formatPrice', () => {
  it('tells free from unknown', () => {
    expect([formatPrice(0), formatPrice(null), formatPrice(8.56), formatPrice(0.0031)]).toEqual(['free', '–', '8.56', '0.0031']);
  });
});
