import { describe, expect, it } from 'vitest';
import { buildFigure } from '../../../src/main/domain/simulation/studies/build-figure.js';
import { summarizeCell } from '../../../src/main/domain/simulation/studies/cells/summarize-cell.js';
import type { StudyCell } from '../../../src/shared/study.js';
import type { EpisodeMetrics } from '../../../src/shared/training.js';
import { buildStudy } from '../../support/study-files.js';

function buildCell(change: Partial<StudyCell>): StudyCell {
  return {
    ...{ pointIndex: 0, method: 'lad-ts', seed: 1, meanDelaySec: 8, optTsDelaySec: 8, ratioToOptTs: 1, convergenceEpisode: null },
    ...{ cpuSec: 1, episodeCpuSec: 0.5, curveSec: null, origin: 'here', programVersion: '0.1.0' },
    ...change,
  };
}

function buildPoint(episode: number, meanDelaySec: number, optTsDelaySec = 5): EpisodeMetrics {
  return {
    ...{ episode, meanDelaySec, optTsDelaySec, ratioToOptTs: meanDelaySec / optTsDelaySec, cpuMs: 100 * episode },
    ...{ criticLoss: null, actorLoss: null, entropy: null, temperature: null, meanQ: null },
  };
}

describe('a sweep', () => {
  it("has the mean over seeds with Student's interval at each point", () => {
    const cells = [7, 8, 9].map((meanDelaySec, index) => buildCell({ seed: index + 1, meanDelaySec }));
    const [series] = buildFigure(buildStudy(), cells);
    // t(0.975, 2) = 4.3027, standard deviation 1: 4.3027 / sqrt(3).
    expect(series?.points[0]?.delaySec).toEqual({ mean: 8, halfWidth95: expect.closeTo(2.4841, 3), seeds: 3 });
  });

  it('has no interval of a single seed', () => {
    const [series] = buildFigure(buildStudy(), [buildCell({})]);
    expect(series?.points[0]?.delaySec).toEqual({ mean: 8, halfWidth95: null, seeds: 1 });
  });

  it('leaves points without a cell out', () => {
    const [series] = buildFigure(buildStudy(), [buildCell({ pointIndex: 1 })]);
    expect(series?.points.map(({ x }) => x)).toEqual([4]);
  });

  it('has a line for every method, in the order of the study', () => {
    expect(buildFigure(buildStudy(), []).map(({ method }) => method)).toEqual(['lad-ts', 'sac-ts', 'opt-ts']);
  });
});

describe('curves', () => {
  const study = buildStudy({ kind: 'curves', points: buildStudy().points.slice(0, 1), paper: [] });

  it('have the mean over seeds at each episode', () => {
    const cells = [buildCell({ curveSec: [9, 7] }), buildCell({ seed: 2, curveSec: [11, 9] })];
    expect(buildFigure(study, cells)[0]?.points.map(({ x, delaySec }) => [x, delaySec.mean, delaySec.seeds])).toEqual([
      [1, 10, 2],
      [2, 8, 2],
    ]);
  });

  it('tell when the seeds that settled did, and how many did not', () => {
    const cells = [20, 40, null].map((convergenceEpisode, index) => buildCell({ seed: index + 1, convergenceEpisode, curveSec: [1] }));
    expect(buildFigure(study, cells)[0]?.convergence).toEqual({ meanEpisode: 30, settledSeeds: 2, seeds: 3 });
  });

  it('of a policy that does not learn do not settle', () => {
    expect(buildFigure(study, [buildCell({ method: 'opt-ts', curveSec: [1] })])[2]?.convergence).toBeNull();
  });
});

describe('a cell', () => {
  const curve = [buildPoint(1, 30), buildPoint(2, 10, 4), buildPoint(3, 20, 6)];

  it('counts its last episodes', () => {
    const { meanDelaySec, optTsDelaySec, ratioToOptTs } = summarizeCell(buildStudy({ episodes: 3, lastEpisodes: 2 }), 'lad-ts', curve);
    expect({ meanDelaySec, optTsDelaySec, ratioToOptTs }).toEqual({ meanDelaySec: 15, optTsDelaySec: 5, ratioToOptTs: 3 });
  });

  it('sums the CPU time of all episodes and averages that of the last', () => {
    const { cpuSec, episodeCpuSec } = summarizeCell(buildStudy({ episodes: 3, lastEpisodes: 2 }), 'lad-ts', curve);
    expect([cpuSec, episodeCpuSec]).toEqual([expect.closeTo(0.6), expect.closeTo(0.25)]);
  });
});
