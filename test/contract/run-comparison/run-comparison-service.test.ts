// Comparisons of runs as they are stored: from the rows to the figures, and to the files.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../../../src/main/adapters/storage/open-storage.js';
import { exportRunComparison } from '../../../src/main/domain/reports/documents/run-comparison-exports.js';
import { RunComparisonService } from '../../../src/main/domain/run-comparison/run-comparison-service.js';
import { RunAnalysis } from '../../../src/main/domain/runs/run-analysis.js';
import { runComparisonInput } from '../../../src/shared/api/run-comparison-inputs.js';
import { COMPARISON_CHARTS, COMPARISON_EXPORTS, type RunComparison } from '../../../src/shared/run-comparison.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';
import { storeEndedRun } from '../../support/stored-runs.js';

const ramp = (count: number, factor: number): number[] => Array.from({ length: count }, (_, index) => (index + 1) * factor);

let dataDir: string;
let storage: Storage;
let service: RunComparisonService;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
  storage = openStorage({ dataDir, nowMs: () => 1_000 });
  const analysis = new RunAnalysis({ store: storage.runs, mayKeep: false, nodesLive: () => [] });
  service = new RunComparisonService({ store: storage.runs, getRun: (id) => analysis.summary(storage.runs.getRun(id)!) });
});
afterEach(() => {
  storage.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function compare(runIds: string[], change: object = {}): RunComparison {
  return service.compare(runComparisonInput.parse({ runIds, ...change }));
}

describe('stored runs', () => {
  beforeEach(() => {
    storeEndedRun(storage, { id: 'fast', scheduler: 'random', serviceSec: ramp(100, 1) });
    storeEndedRun(storage, { id: 'slow', scheduler: 'round-robin', serviceSec: ramp(100, 1.5) });
    storeEndedRun(storage, { id: 'other', scheduler: 'round-robin', seed: 2, serviceSec: ramp(100, 2) });
  });

  it('that differ in the scheduler alone have one row that differs, and as many pairs as tasks', () => {
    const { differing, pairings } = compare(['fast', 'slow']);
    expect(differing.map(({ title }) => title)).toEqual(['Scheduler']);
    // Differences 0.5, 1, ... 50 s; the median lies between 25 and 25.5.
    expect(pairings).toMatchObject([{ runPairs: 1, taskPairs: 100, medianSec: 25.25, slowerShare: 1 }]);
  });

  it('are paired by prompts and image seeds, whatever their specification says', () => {
    expect(compare(['fast', 'other']).pairings).toMatchObject([
      { taskPairs: 0, sentence: 'Round-robin and Random: no pairs: seeds 1 and 2.' },
    ]);
  });

  it('have the totals of their rows', () => {
    const { groups } = compare(['fast', 'slow'], { groupBy: 'run' });
    expect(groups.map(({ figures }) => figures.totalSec.mean)).toEqual([100, 150]);
    expect(groups[1]?.figures.difference).toEqual({ sec: 50, share: 0.5 });
  });

  it('that are gone are named, and the rest is compared', () => {
    expect(compare(['fast', 'gone', 'slow'])).toMatchObject({ missingIds: ['gone'], groups: [{ runIds: ['fast'] }, { runIds: ['slow'] }] });
    expect(() => compare(['gone', 'lost'])).toThrow('None of the runs to compare is there any more');
  });

  it('that are hidden count in nothing', () => {
    const { groups, runs, notes } = compare(['fast', 'slow', 'other'], { hiddenIds: ['other'] });
    expect(groups.map(({ runIds }) => runIds)).toEqual([['fast'], ['slow']]);
    expect(runs.map(({ leftOut }) => leftOut)).toEqual([null, null, 'hidden']);
    expect(notes.join(' ')).toContain('simulated');
  });

  it('give timelines whose spans hold every computation', () => {
    const [timeline] = service.timelines(['fast', 'gone']);
    expect(timeline).toMatchObject({ runId: 'fast', totalMs: 100_000 });
    expect(timeline?.nodes[0]?.spans.length).toBeGreaterThan(0);
    expect(timeline?.nodes[0]?.spans.at(-1)?.endMs).toBe(99_998);
  });

  it('give every table and chart as CSV, and every chart as a picture', () => {
    const comparison = compare(['fast', 'slow', 'other']);
    const timelines = service.timelines(['fast', 'slow', 'other']);
    for (const what of COMPARISON_EXPORTS) {
      const { body } = exportRunComparison(comparison, { what, format: 'csv', timelines });
      expect(body.split('\r\n').length, what).toBeGreaterThan(2);
    }
    for (const what of COMPARISON_CHARTS) {
      const { body } = exportRunComparison(comparison, { what, format: 'svg', timelines });
      expect(body, what).toMatch(/^<svg\s+xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(body, what).not.toContain('var(');
    }
    expect(() => exportRunComparison(comparison, { what: 'pairs', format: 'svg' })).toThrow('has no picture');
  });

  it('write the figures that the comparison has', () => {
    const comparison = compare(['fast', 'slow']);
    const [head, first] = exportRunComparison(comparison, { what: 'results', format: 'csv' })
      .body.split('\r\n')
      .map((line) => line.split(','));
    const column = (name: string): string | undefined => first?.[head?.indexOf(name) ?? -1];
    expect(column('total_s')).toBe('100');
    expect(column('p95_service_s')).toBe('95');
    expect(column('total_s_half_width')).toBe('');
  });
});

it('hostile names stay text in every file', () => {
  // Names that the border lets in: at most 80 characters.
  const texts = HOSTILE_TEXTS.map((text) => text.trim().slice(0, 80));
  texts.forEach((name, index) => storeEndedRun(storage, { id: `r${index}`, name, serviceSec: ramp(12, 1) }));
  const comparison = compare(
    texts.map((_, index) => `r${index}`),
    { groupBy: 'run' },
  );
  const { body } = exportRunComparison(comparison, { what: 'boxes', format: 'svg' });
  expect(body).not.toMatch(/<script|<img|onerror="/i);
  const csv = exportRunComparison(comparison, { what: 'results', format: 'csv' }).body;
  for (const line of csv.split('\r\n')) expect(line).not.toMatch(/(^|,)[=@]/);
});
