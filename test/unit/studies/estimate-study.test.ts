import { describe, expect, it } from 'vitest';
import { estimateStudy, type MeasuredCells } from '../../../src/main/domain/simulation/studies/estimate-study.js';
import type { StudyCell, StudyDefinition } from '../../../src/shared/study.js';

function buildStudy(change: Partial<StudyDefinition> = {}): StudyDefinition {
  return {
    name: 'tiny',
    title: 'Tiny',
    figure: null,
    question: 'Does it run?',
    kind: 'sweep',
    measure: 'delay',
    preset: 'reference',
    axisLabel: 'Most tasks',
    points: [10, 20].map((x) => ({ x, changes: { maxTasksPerSlot: x }, settings: {} })),
    methods: ['lad-ts', 'opt-ts'],
    episodes: 100,
    lastEpisodes: 10,
    paperSeeds: null,
    paper: [],
    ...change,
  };
}

function measure(study: StudyDefinition, cpuSec: number, origin: StudyCell['origin'] = 'here'): MeasuredCells {
  const cell = { pointIndex: 0, method: 'lad-ts', seed: 1, cpuSec, origin } as StudyCell;
  return { study, cells: [cell] };
}

const grid = (study: StudyDefinition, seeds = 3) => ({ study, firstSeed: 1, seeds });

describe('the estimate of a study', () => {
  it('counts points x methods x seeds', () => {
    expect(estimateStudy(grid(buildStudy()), [], 2).cellCount).toBe(12);
  });

  it('shares the work among the processes, but no more of them than there are cells', () => {
    const many = estimateStudy(grid(buildStudy()), [], 2);
    expect(many.wallSec).toBeCloseTo(many.cpuSec / 2);
    const one = estimateStudy(grid(buildStudy({ points: buildStudy().points.slice(0, 1), methods: ['lad-ts'] }), 1), [], 8);
    expect(one.wallSec).toBe(one.cpuSec);
  });

  it('grows with episodes and base stations, and hardly for what does not learn', () => {
    const secOf = (change: Partial<StudyDefinition>): number => estimateStudy(grid(buildStudy(change)), [], 1).cpuSec;
    expect(secOf({ episodes: 200 })).toBeGreaterThan(1.9 * secOf({}));
    expect(secOf({ points: [{ x: 40, changes: { baseStations: 40 }, settings: {} }] })).toBeGreaterThan(1.5 * secOf({}));
    expect(secOf({ methods: ['opt-ts'] })).toBeLessThan(0.2 * secOf({ methods: ['lad-ts'] }));
  });

  it('goes by the pace of the cells done here', () => {
    const study = buildStudy({ methods: ['lad-ts'] });
    const fromElsewhere = estimateStudy(grid(study), [], 1);
    const slow = estimateStudy(grid(study), [measure(study, 420)], 1);
    expect(fromElsewhere.measuredCells).toBe(0);
    expect(slow.measuredCells).toBe(1);
    expect(slow.cpuSec).toBeGreaterThan(8 * fromElsewhere.cpuSec);
  });

  it('leaves out cells that were imported, and studies that this version cannot plan', () => {
    const study = buildStudy();
    const lost = buildStudy({ points: [{ x: 0, changes: { baseStations: 0 }, settings: {} }] });
    expect(estimateStudy(grid(study), [measure(study, 420, 'imported'), measure(lost, 420)], 1).measuredCells).toBe(0);
  });

  it('refuses a point that cannot be planned', () => {
    const study = buildStudy({ points: [{ x: 0, changes: { baseStations: 0 }, settings: {} }] });
    expect(() => estimateStudy(grid(study), [], 1)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});
