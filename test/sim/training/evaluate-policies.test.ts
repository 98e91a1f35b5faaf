import { describe, expect, it } from 'vitest';
import { checkPolicies } from '../../../src/main/domain/simulation/training/check-policies.js';
import { evaluatePolicies } from '../../../src/main/domain/simulation/training/evaluate-policies.js';
import type { EvaluationInput } from '../../../src/main/domain/simulation/training/evaluate-policies.js';
import { listPolicies } from '../../../src/main/domain/simulation/training/policy-lookup.js';

const small = { baseStations: 4, slots: 6, maxTasksPerSlot: 10 };

function evaluate(change: Partial<EvaluationInput> = {}, signal: AbortSignal = new AbortController().signal) {
  const input = { policies: ['opt-ts', 'random'], preset: 'paper', changes: small, firstSeed: 1, seeds: 3, episodes: 2, ...change };
  return evaluatePolicies(input, { signal, onSeed: () => undefined });
}

describe('an evaluation', () => {
  it('keeps version, seeds and the whole configuration, so that it can be made again', async () => {
    const evaluation = await evaluate();
    expect(evaluation).toMatchObject({ preset: 'paper', firstSeed: 1, seeds: 3, episodes: 2, config: { baseStations: 4, slots: 6 } });
    expect(evaluation.programVersion).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('gives the same figures again', async () => {
    expect(await evaluate()).toEqual(await evaluate());
  });

  it('takes the mean over seeds, with the ratio to Opt-TS on the same arrivals', async () => {
    const [optTs, random] = (await evaluate()).policies;
    expect(optTs?.ratioToOptTs).toEqual({ mean: 1, halfWidth95: 0 });
    expect(random?.bySeed).toHaveLength(3);
    const means = random?.bySeed.map((row) => row.meanDelaySec) ?? [];
    expect(random?.meanDelaySec.mean).toBeCloseTo(means.reduce((sum, value) => sum + value, 0) / 3, 12);
    random?.bySeed.forEach((row, i) =>
      expect(row.ratioToOptTs).toBeCloseTo(row.meanDelaySec / (optTs?.bySeed[i]?.meanDelaySec ?? NaN), 12),
    );
  });

  it('shows a policy the same arrivals, whatever else is evaluated', async () => {
    const alone = (await evaluate({ policies: ['random'] })).policies[0];
    expect(alone).toEqual((await evaluate({ policies: ['local', 'opt-ts', 'random'] })).policies[2]);
  });

  it('continues from a seed as if the seeds before had been run', async () => {
    const later = (await evaluate({ firstSeed: 3, seeds: 1 })).policies[1];
    expect(later?.bySeed[0]).toEqual((await evaluate()).policies[1]?.bySeed[2]);
    expect(later?.meanDelaySec.halfWidth95).toBeNull();
  });

  it('stops when it is interrupted', async () => {
    await expect(evaluate({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    ['an unknown policy', { policies: ['opt'] }, 'not-found', 'opt'],
    ['an unknown preset', { preset: 'toString' }, 'not-found', 'toString'],
    ['no base station', { changes: { baseStations: 0 } }, 'invalid-input', 'baseStations'],
    [
      'a reversed range',
      { changes: { maxCapacityGigacyclesPerSec: 5 } },
      'invalid-input',
      'capacityGigacyclesPerSec: The range is reversed: 10',
    ],
    ['NaN', { changes: { maxCapacityGigacyclesPerSec: NaN } }, 'invalid-input', 'capacityGigacyclesPerSec.max'],
    ['no seed', { seeds: 0 }, 'invalid-input', 'seeds is 0'],
    ['half an episode', { episodes: 0.5 }, 'invalid-input', 'episodes is 0.5'],
    ['a first seed below zero', { firstSeed: -1 }, 'invalid-input', 'first seed is -1'],
  ])('of %s is refused, naming it', async (_what, change, code, words) => {
    await expect(evaluate(change)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
  });
});

describe('the check of policies', () => {
  it('finds the shipped ones good in both presets', async () => {
    expect(await checkPolicies(['opt-ts', 'random'])).toEqual([
      { policy: 'opt-ts', preset: 'paper', problems: [] },
      { policy: 'opt-ts', preset: 'reference', problems: [] },
      { policy: 'random', preset: 'paper', problems: [] },
      { policy: 'random', preset: 'reference', problems: [] },
    ]);
  });
});

describe('the list of policies', () => {
  it('says what each needs to know', () => {
    expect(listPolicies().find((policy) => policy.name === 'capacity-proportional')?.knowledge).toBe('capacities');
  });
});
