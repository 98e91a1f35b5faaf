import type { FigureValue, StudyCell, StudyDefinition, StudyFigure, StudyRun } from '../../../../src/shared/study.js';

export function buildStudy(change: Partial<StudyDefinition> = {}): StudyDefinition {
  return {
    name: 'fig-6a',
    title: 'Number of tasks',
    figure: 'Fig. 6(a)',
    question: 'How does the delay grow?',
    kind: 'sweep',
    measure: 'delay',
    preset: 'reference',
    axisLabel: 'Most tasks',
    points: [10, 50].map((x) => ({ x, changes: { maxTasksPerSlot: x }, settings: {} })),
    methods: ['lad-ts', 'opt-ts'],
    episodes: 60,
    lastEpisodes: 10,
    paperSeeds: 50,
    paper: [{ method: 'lad-ts', x: 50, delaySec: 7.67, source: 'Sec. V-C' }],
    ...change,
  };
}

export function buildRun(change: Partial<StudyRun> = {}): StudyRun {
  return {
    id: 'study-1',
    study: buildStudy(),
    firstSeed: 1,
    seeds: 3,
    state: 'running',
    cellCount: 12,
    doneCount: 4,
    failedCount: 0,
    remainingSec: null,
    error: null,
    programVersion: '0.1.0',
    imported: null,
    createdAtMs: 0,
    finishedAtMs: null,
    ...change,
  };
}

export const value = (mean: number, halfWidth95: number | null = null): FigureValue => ({
  mean,
  halfWidth95,
  seeds: halfWidth95 === null ? 1 : 3,
});

/** LAD-TS at both places, Opt-TS at the first one only. */
export function buildFigure(change: Partial<StudyFigure> = {}): StudyFigure {
  const run = change.run ?? buildRun();
  return {
    run,
    series: [
      {
        method: 'lad-ts',
        title: 'LAD-TS',
        points: [
          { x: 10, delaySec: value(1, 0.1), ratioToOptTs: value(1.1, 0.01), episodeCpuSec: value(0.2) },
          { x: 50, delaySec: value(8, 0.5), ratioToOptTs: value(1.05, 0.02), episodeCpuSec: value(0.4) },
        ],
        convergence: null,
      },
      {
        method: 'opt-ts',
        title: 'Opt-TS',
        points: [{ x: 10, delaySec: value(0.9), ratioToOptTs: value(1), episodeCpuSec: value(0.01) }],
        convergence: null,
      },
    ],
    paper: run.study.paper,
    failedCells: [],
    programVersions: ['0.1.0'],
    command: 'npm run cli -- study run fig-6a --seeds 3',
    ...change,
  };
}

export function buildCell(change: Partial<StudyCell> = {}): StudyCell {
  return {
    pointIndex: 0,
    method: 'lad-ts',
    seed: 1,
    meanDelaySec: 8,
    optTsDelaySec: 7.5,
    ratioToOptTs: 8 / 7.5,
    convergenceEpisode: 15,
    cpuSec: 24,
    episodeCpuSec: 0.4,
    curveSec: null,
    origin: 'here',
    programVersion: '0.1.0',
    ...change,
  };
}
