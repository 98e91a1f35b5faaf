import { describe, expect, it } from 'vitest';
import { applyEdits, ownPlatform } from '../../../src/main/domain/comparison/apply-edits.js';
import { buildComparison } from '../../../src/main/domain/comparison/build-comparison.js';
import type { PlatformFigure } from '../../../src/shared/platform.js';

const BASELINE = {
  ...{ id: 'paper:stability', platform: 'Stability.AI', model: 'SD3', isEdge: false, pricePer1kUsd: 65, source: 'Paper, Table V' },
  delaySecByCount: new Map([
    [1, 5.4],
    [100, 540],
    [500, 2700],
    [1000, 5400],
  ]),
};
const figure = (change: Partial<PlatformFigure>): PlatformFigure => ({
  ...{ field: 'price', count: 0, value: 70, source: 'stability.ai/pricing', date: '2026-11-29', note: null, changedAtMs: 1 },
  ...change,
});
const rowOf = (figures: PlatformFigure[], cloudConcurrency = 1) =>
  buildComparison({ platforms: [applyEdits(BASELINE, figures)], measured: [], includeInvalid: false, cloudConcurrency }).rows[0]!;

describe('a platform of the paper', () => {
  it('stays as printed without changes', () => {
    expect(rowOf([])).toMatchObject({ pricePer1kUsd: 65, notes: ['Paper, Table V.'] });
  });

  it('has the new price with what the paper says, and both in its notes', () => {
    const row = rowOf([figure({})]);
    expect(row.pricePer1kUsd).toBe(70);
    expect(row.priceEdit?.paperValue).toBe(65);
    expect(row.notes[1]).toBe("Price $70.00 instead of the paper's $65.00 (stability.ai/pricing, 2026-11-29).");
  });

  it('takes every |N| from a new delay of one image', () => {
    const row = rowOf([figure({ field: 'delay', count: 1, value: 4 })]);
    expect(row.delaySec.map(({ delaySec }) => delaySec)).toEqual([4, 400, 2000, 4000]);
    expect(row.delaySec.map(({ edit }) => edit?.paperValue)).toEqual([5.4, undefined, undefined, undefined]);
  });

  it('takes a new total at its |N| alone, and only for one request at a time', () => {
    const change = figure({ field: 'delay', count: 500, value: 2000 });
    expect(rowOf([change]).delaySec.map(({ delaySec }) => delaySec)).toEqual([5.4, 540, 2000, 5400]);
    expect(rowOf([change], 2).delaySec.map(({ delaySec }) => delaySec)).toEqual([5.4, 270, 1350, 2700]);
  });
});

describe('a platform of one’s own', () => {
  it('is all figures with their source', () => {
    const own = { id: 'platform-1', platform: 'New one', createdAtMs: 1, removedAtMs: null };
    const platform = ownPlatform(own, [
      figure({ field: 'model', value: 'Flux' }),
      figure({ field: 'delay', count: 1, value: 3 }),
      figure({ value: 25 }),
    ]);
    const [row] = buildComparison({ platforms: [platform], measured: [], includeInvalid: false, cloudConcurrency: 1 }).rows;
    expect(row).toMatchObject({ source: 'own', model: 'Flux', pricePer1kUsd: 25, isEdge: false });
    expect(row?.delaySec.map(({ delaySec }) => delaySec)).toEqual([3, 300, 1500, 3000]);
  });
});
