import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from '../../../src/main/domain/simulation/training/evaluate-policies.js';
import { evaluateTrainings } from '../../../src/main/domain/simulation/training/evaluate-trainings.js';
import { planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import type { StartTrainingInput } from '../../../src/shared/api/training-inputs.js';
import type { PolicyDetail, Training } from '../../../src/shared/training.js';
import { buildTrainingInput } from '../../support/training-input.js';

function buildTraining(id: string, change: StartTrainingInput): Training {
  const { spec, environment } = planTraining(buildTrainingInput(change));
  return {
    id,
    spec,
    environment: { ...environment },
    state: 'succeeded',
    programVersion: '0.0.0-test',
    imported: null,
    isHeldBack: false,
    doneEpisodes: 9,
    checkpointEpisodes: 9,
    last: null,
    convergenceEpisode: null,
    remainingSec: null,
    error: null,
    createdAtMs: 1,
    startedAtMs: 1,
    finishedAtMs: 1,
  };
}

function buildDetail(meanDelaySec: number): PolicyDetail {
  return {
    checkpointEpisodes: 9,
    episodes: 2,
    meanDelaySec,
    p95DelaySec: 2 * meanDelaySec,
    optTsMeanDelaySec: 4,
    optTsP95DelaySec: 8,
    ratioToOptTs: meanDelaySec / 4,
    entropyNats: 0.5,
    perServer: [],
    byWork: [],
  };
}

/** Measures the training `training-N` as N seconds. */
function evaluate(trainings: Training[], policies: string[] = []) {
  const measure = (id: string) => Promise.resolve(buildDetail(Number(id.replace('training-', ''))));
  const signal = new AbortController().signal;
  return evaluateTrainings({ trainings, policies, episodes: 2 }, { measure, signal, onDone: () => undefined });
}

describe('an evaluation of trainings', () => {
  it('makes one row of the seeds of an experiment, with their interval', async () => {
    const { rows, seeds } = await evaluate([buildTraining('training-3', { seed: 7 }), buildTraining('training-5', { seed: 2 })]);
    expect(seeds).toEqual([2, 7]);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.bySeed.map(({ trainingId }) => trainingId)).toEqual(['training-5', 'training-3']);
    expect(rows[0]!.meanDelaySec.mean).toBe(4);
    expect(rows[0]!.meanDelaySec.halfWidth95).toBeCloseTo(12.7062, 4);
    expect(rows[0]!.ratioToOptTs.mean).toBe(1);
  });

  it('keeps methods and settings apart and names what differs from the paper', async () => {
    const change = { settings: { discount: 0.5 } };
    const { rows } = await evaluate([
      buildTraining('training-1', {}),
      buildTraining('training-2', change),
      buildTraining('training-3', { method: 'sac-ts' }),
    ]);
    const [plain, changed, other] = rows.map(({ policy }) => policy);
    expect(plain).toMatch(/^lad-ts, .*9 episodes$/);
    expect(plain).not.toContain('discount');
    expect(changed).toContain('discount=0.5');
    expect(other).toMatch(/^sac-ts, /);
  });

  it('runs named policies on the seeds of the trainings, on episodes that none was trained on', async () => {
    const training = buildTraining('training-1', { seed: 3 });
    const { rows, firstEpisode } = await evaluate([training], ['random', 'opt-ts']);
    expect(firstEpisode).toBe(1_000_000);
    expect(rows.map(({ policy }) => policy).slice(1)).toEqual(['random', 'opt-ts']);
    expect(rows[2]!.ratioToOptTs.mean).toBe(1);
    const seen = await evaluatePolicies(
      { policies: ['opt-ts'], preset: 'paper', changes: training.spec.changes, firstSeed: 3, seeds: 1, episodes: 2 },
      { signal: new AbortController().signal, onSeed: () => undefined },
    );
    expect(rows[2]!.meanDelaySec.mean).not.toBe(seen.policies[0]!.meanDelaySec.mean);
  });

  it('refuses trainings of different environments', async () => {
    const other = buildTraining('training-2', { changes: { slots: 9 } });
    await expect(evaluate([buildTraining('training-1', {}), other])).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'Trainings training-1 and training-2 are of different environments',
    });
  });

  it('refuses the same experiment twice', async () => {
    await expect(evaluate([buildTraining('training-1', {}), buildTraining('training-2', {})])).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/^Trainings training-1 and training-2 are the same experiment \(lad-ts, .*seed 3\)$/) as string,
    });
  });

  it('refuses a policy that is not there', async () => {
    await expect(evaluate([buildTraining('training-1', {})], ['lokal'])).rejects.toMatchObject({ code: 'not-found' });
  });
});
