import { describe, expect, it } from 'vitest';
import { summarizeTrainings, type TrainingWithCurve } from '../../../src/main/domain/simulation/training/summarize-trainings.js';
import type { TrainingMethod } from '../../../src/shared/training.js';

/** Twelve episodes: two of 100 s, ten of `delaySec`; Opt-TS takes 2 s and an episode 500 ms. */
function buildTraining(method: TrainingMethod, delaySec: number, change: Partial<TrainingWithCurve> = {}): TrainingWithCurve {
  const curve = Array.from({ length: 12 }, (_, index) => {
    const meanDelaySec = index < 2 ? 100 : delaySec;
    return {
      episode: index + 1,
      meanDelaySec,
      optTsDelaySec: 2,
      ratioToOptTs: meanDelaySec / 2,
      criticLoss: null,
      actorLoss: null,
      entropy: null,
      temperature: null,
      meanQ: null,
      cpuMs: 500,
    };
  });
  return {
    id: `training-${delaySec}`,
    spec: { method, preset: 'paper', changes: {}, episodes: 12, seed: 1, checkpointEvery: 5, settings: {} },
    environment: {},
    state: 'succeeded',
    programVersion: '0.0.0-test',
    imported: null,
    isHeldBack: false,
    doneEpisodes: 12,
    checkpointEpisodes: 12,
    last: curve.at(-1) ?? null,
    convergenceEpisode: null,
    remainingSec: null,
    error: null,
    createdAtMs: 1,
    startedAtMs: 1,
    finishedAtMs: 1,
    curve,
    ...change,
  };
}

describe('the summary of trainings', () => {
  it('takes the mean of the last ten episodes over the seeds of each method', () => {
    const [lad, sac] = summarizeTrainings([buildTraining('lad-ts', 4), buildTraining('sac-ts', 9), buildTraining('lad-ts', 6)]);
    expect(lad).toMatchObject({
      method: 'lad-ts',
      seeds: 2,
      meanDelaySec: { mean: 5 },
      ratioToOptTs: { mean: 2.5 },
      cpuSec: { mean: 0.5 },
    });
    expect(lad?.meanDelaySec?.halfWidth95).toBeCloseTo(12.7062, 4);
    expect(sac).toMatchObject({ method: 'sac-ts', seeds: 1, meanDelaySec: { mean: 9, halfWidth95: null } });
  });

  it('says how many settled and when on average', () => {
    const [summary] = summarizeTrainings([
      buildTraining('lad-ts', 4, { convergenceEpisode: 10 }),
      buildTraining('lad-ts', 5, { convergenceEpisode: 20 }),
      buildTraining('lad-ts', 6),
    ]);
    expect(summary).toMatchObject({ seeds: 3, settledSeeds: 2, convergenceEpisode: 15 });
  });

  it('leaves out trainings that did not come to their end', () => {
    const [summary] = summarizeTrainings([buildTraining('lad-ts', 4), buildTraining('lad-ts', 50, { state: 'failed' })]);
    expect(summary).toMatchObject({ seeds: 1, meanDelaySec: { mean: 4 } });
  });

  it('has no numbers for a method of which none came to its end', () => {
    const [summary] = summarizeTrainings([buildTraining('lad-ts', 4, { state: 'paused' })]);
    expect(summary).toEqual({
      method: 'lad-ts',
      seeds: 0,
      meanDelaySec: null,
      ratioToOptTs: null,
      convergenceEpisode: null,
      settledSeeds: 0,
      cpuSec: null,
    });
  });
});
