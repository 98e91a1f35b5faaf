import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/main/domain/comparison/apply-edits.js';
import { buildComparison } from '../../../src/main/domain/comparison/build-comparison.js';
import { cloudDelaySec } from '../../../src/shared/crossings.js';
import type { MeasuredRun } from '../../../src/main/domain/comparison/measured-rows.js';
import type { PlatformBaseline } from '../../../src/main/adapters/storage/platform-repository.js';
import type { RunSpec, RunSummary } from '../../../src/shared/run.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const cloud = (id: string, singleSec: number): PlatformBaseline => ({
  id,
  platform: id,
  model: 'SD',
  isEdge: false,
  pricePer1kUsd: 1,
  source: 'Paper',
  delaySecByCount: new Map([1, 100, 500, 1000].map((count) => [count, Number((count * singleSec).toFixed(1))])),
});
const PLATFORMS: PlatformBaseline[] = [
  cloud('midjourney', 75.9),
  cloud('openai', 14.7),
  cloud('replicate', 32.9),
  cloud('deepinfra', 12.7),
  cloud('stability', 5.4),
  {
    ...cloud('dedgeai', 1),
    isEdge: true,
    delaySecByCount: new Map([
      [1, 18.3],
      [100, 382.4],
      [500, 1921.5],
      [1000, 3895.4],
    ]),
  },
];
const NODE = {
  id: 'n',
  name: 'ES 1',
  ordinal: 0,
  fixedSec: 3.8,
  secPerStep: 1,
  speedFactor: 1,
  linkMbps: 1000,
  agentVersion: '1',
  facts: null,
  worker: null,
  jitterFraction: 0,
  timingSource: 'setting' as const,
};

function measure(id: string, totalSec: number, spec: Partial<RunSpec> = {}, change: Partial<RunSummary> = {}): MeasuredRun {
  const base = buildRunSummary();
  const metrics = { ...base.metrics, totalGenerationDelayMs: totalSec * 1000 };
  return { run: { ...base, id, metrics, spec: { ...base.spec, ...spec }, ...change }, nodes: [NODE] };
}

function compare(
  measured: MeasuredRun[],
  change: { includeInvalid?: boolean; cloudConcurrency?: number } = {},
): ReturnType<typeof buildComparison> {
  return buildComparison({
    platforms: PLATFORMS.map((each) => applyEdits(each, [])),
    measured,
    includeInvalid: false,
    cloudConcurrency: 1,
    ...change,
  });
}

function reductionOf(
  comparison: ReturnType<typeof buildComparison>,
  reference: string,
  against: string,
  count: number,
): number | null | undefined {
  return comparison.reductions.find((each) => each.referenceRowId === reference && each.againstRowId === against && each.count === count)
    ?.reduction;
}

describe('the rows of the paper', () => {
  // 69.8898 against Deepinfra is printed rounded (69.89), the other four are printed truncated (73.9864 as 73.98).
  it.each([
    ['midjourney', 94.96, Math.trunc],
    ['openai', 73.98, Math.trunc],
    ['replicate', 88.37, Math.trunc],
    ['deepinfra', 69.89, Math.round],
    ['stability', 29.18, Math.trunc],
  ])('give the printed reduction against %s at 100 tasks', (against, printed, toWhole) => {
    const reduction = reductionOf(compare([]), 'dedgeai', against, 100) ?? NaN;
    expect(toWhole(reduction * 10_000) / 100).toBe(printed);
  });

  it('are compared for every number of tasks, also where the edge is slower', () => {
    const comparison = compare([]);
    expect(reductionOf(comparison, 'dedgeai', 'stability', 1)).toBeCloseTo(1 - 18.3 / 5.4, 12);
    expect(reductionOf(comparison, 'dedgeai', 'stability', 500)).toBeCloseTo(0.28833, 5);
    expect(reductionOf(comparison, 'dedgeai', 'stability', 1000)).toBeCloseTo(0.27863, 5);
  });
});

describe('cloud concurrency', () => {
  it('counts whole rounds', () => {
    expect([1, 3, 4, 100].map((count) => cloudDelaySec(5.4, count, 3))).toEqual([5.4, 5.4, 10.8, 34 * 5.4]);
  });

  it('divides the cloud cells and leaves the edge cells alone', () => {
    const comparison = compare([], { cloudConcurrency: 2 });
    const cells = (id: string): unknown => comparison.rows.find((row) => row.id === id)?.delaySec.map((cell) => cell.delaySec);
    expect(cells('stability')).toEqual([5.4, 270, 1350, 2700]);
    expect(cells('dedgeai')).toEqual([18.3, 382.4, 1921.5, 3895.4]);
    expect(comparison.notes.join(' ')).toContain('The paper assumes 1.');
  });
});

describe('measured runs', () => {
  it('of different |N| share a row, and the median of equal runs its cell', () => {
    const comparison = compare([measure('a', 370), measure('b', 390), measure('c', 400), measure('d', 1900, { taskCount: 500 })]);
    const [row, ...others] = comparison.rows.filter((each) => each.source === 'measured');
    expect(others).toEqual([]);
    expect(row?.delaySec).toEqual([
      { count: 1, delaySec: null, runIds: [] },
      { count: 100, delaySec: 390, runIds: ['a', 'b', 'c'] },
      { count: 500, delaySec: 1900, runIds: ['d'] },
      { count: 1000, delaySec: null, runIds: [] },
    ]);
  });

  it('of different schedulers, steps or nodes stand in rows of their own', () => {
    const faster = { ...measure('d', 300), nodes: [{ ...NODE, speedFactor: 2 }] };
    const comparison = compare([
      measure('a', 370),
      measure('b', 380, { scheduler: 'random' }),
      measure('c', 380, { qualitySteps: { min: 14, max: 14 } }),
      faster,
    ]);
    const ids = comparison.rows.filter((row) => row.source === 'measured').map((row) => row.id);
    expect(new Set(ids).size).toBe(4);
  });

  it('add a column for a |N| that Table V does not have, with serial cloud cells', () => {
    const comparison = compare([measure('a', 40, { taskCount: 7 })]);
    expect(comparison.counts).toEqual([1, 7, 100, 500, 1000]);
    expect(comparison.rows.find((row) => row.id === 'stability')?.delaySec[1]?.delaySec).toBeCloseTo(37.8, 9);
    expect(comparison.rows.find((row) => row.id === 'dedgeai')?.delaySec[1]?.delaySec).toBeNull();
  });

  it('say that a cell of several runs is their median, and only where there is one', () => {
    const NOTE = 'A cell of several runs is their median.';
    expect(compare([measure('a', 370), measure('b', 380)]).rows.at(-1)?.notes).toContain(NOTE);
    expect(compare([measure('a', 370), measure('b', 37, { taskCount: 10 })]).rows.at(-1)?.notes).not.toContain(NOTE);
  });

  it('are marked when simulated and told when in model time', () => {
    const row = compare([measure('a', 370)]).rows.at(-1);
    expect(row).toMatchObject({ isSimulated: true, isEdge: true, platform: 'DEdgeAI (Lab, 1 node)' });
    expect(row?.notes.join(' ')).toMatch(/Simulated.*100-fold faster/);
  });

  it('that are invalid stay out unless asked for', () => {
    const invalid = measure('a', 370, {}, { validity: { isValid: false, reasons: ['ES 2 was lost.'], limitations: [] } });
    expect(compare([invalid]).rows).toHaveLength(PLATFORMS.length);
    expect(compare([invalid]).notes.at(-1)).toBe('1 run is left out for being invalid.');
    expect(compare([invalid], { includeInvalid: true }).rows.at(-1)?.notes.at(-1)).toBe('Invalid run “Batch”: ES 2 was lost.');
  });

  it('are reduced against every other row', () => {
    const comparison = compare([measure('a', 382.4 / 2)]);
    const id = comparison.rows.at(-1)?.id ?? '';
    expect(reductionOf(comparison, id, 'dedgeai', 100)).toBeCloseTo(0.5, 12);
    expect(reductionOf(comparison, id, 'dedgeai', 500)).toBeNull();
    expect(comparison.reductions.some((each) => each.againstRowId === id && each.referenceRowId === id)).toBe(false);
  });
});

describe('image-to-image runs', () => {
  it('are left out of Table V, and counted in a note', () => {
    const runs = [measure('prompts', 380), measure('pictures', 200, { strength: 0.5 })];
    const comparison = compare(runs, { includeInvalid: true });
    const ids = comparison.rows.flatMap(({ delaySec }) => delaySec.flatMap(({ runIds }) => runIds));
    expect(ids).toEqual(['prompts']);
    expect(comparison.notes).toContain('1 image-to-image run is left out: Table V is of text-to-image.');
  });
});
