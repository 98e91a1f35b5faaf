import { describe, expect, it } from 'vitest';
import {
  listComparisonExports,
  readTableVQuery,
  toTableVCommand,
  writeTableVQuery,
} from '../../../src/renderer/views/table-v/table-v-query.js';
import {
  chooseReference,
  findBestRows,
  formatPrice,
  listReductions,
  listTimeScales,
  nameRows,
  toBars,
} from '../../../src/renderer/views/table-v/comparison-figures.js';
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
    const settings = { runIds: ['run-1', 'run-2'], includeInvalid: true, cloudConcurrency: 4, referenceRowId: 'measured:1' };
    expect(readTableVQuery(writeTableVQuery(settings))).toEqual(settings);
  });

  it('is empty for the paper’s own assumptions', () => {
    expect(writeTableVQuery(readTableVQuery({}))).toEqual({});
  });

  it.each(['0', '-1', '1.5', 'many', '1001'])('does not take %s requests at once', (concurrency) => {
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

  it('marks no value that has none to beat', () => {
    expect(findBestRows([row('a', { 7: 5 }), row('b', { 7: null })]).has(7)).toBe(false);
  });
});

describe('chooseReference', () => {
  const paper = row('ours', { 1: 18, 100: 382 }, { isEdge: true });
  const full = measured('full', { 1: 18, 100: 370 });
  const newest = measured('newest', { 1: null, 100: 375 });

  it('takes the one that was asked for', () => {
    expect(chooseReference([paper, full, newest], 'newest')?.id).toBe('newest');
  });

  it('prefers the measured row that has most to say', () => {
    expect(chooseReference([paper, full, newest], null)?.id).toBe('full');
  });

  it('falls back to the paper, never to a cloud platform', () => {
    expect(chooseReference([row('cloud', { 1: 5 }), paper], 'cloud')?.id).toBe('ours');
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

describe('listTimeScales', () => {
  it('knows the scales of the runs behind a row', () => {
    const cells = row('m', {}, { delaySec: [{ count: 100, delaySec: 1, runIds: ['run-1', 'run-2'] }] });
    const runs = [buildRunSummary({ id: 'run-1', timeScale: 100 }), buildRunSummary({ id: 'run-2', timeScale: 1 })];
    expect(listTimeScales(cells, [...runs, buildRunSummary({ id: 'run-3', timeScale: 7 })])).toEqual([1, 100]);
  });
});

describe('formatPrice', () => {
  it('tells free from unknown', () => {
    expect([formatPrice(0), formatPrice(null), formatPrice(8.56)]).toEqual(['free', '–', '$8.56']);
  });
});
