import { describe, expect, it } from 'vitest';
import { planAgain, planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import { startTrainingInput, type StartTrainingInput } from '../../../src/shared/api/training-inputs.js';

const plan = (input: StartTrainingInput) => planTraining(startTrainingInput.parse(input));

describe('a training', () => {
  it("has the paper's settings where nothing else is asked for", () => {
    const { spec, environment } = plan({});
    expect(spec).toMatchObject({ method: 'lad-ts', preset: 'reference', episodes: 60, seed: 1 });
    expect(spec.settings).toMatchObject({
      actorLearningRate: 1e-4,
      batchSize: 64,
      denoisingSteps: 5,
      replayCapacity: 1000,
      learningStarts: 300,
    });
    expect(environment).toMatchObject({ baseStations: 20, slots: 60 });
  });

  it('takes single settings and changes of the preset', () => {
    const { spec, settings, environment } = plan({ changes: { baseStations: 10 }, settings: { denoisingSteps: 7 } });
    expect(settings).toMatchObject({ denoisingSteps: 7, batchSize: 64 });
    expect(spec.settings).toEqual(settings);
    expect(environment).toMatchObject({ baseStations: 10 });
  });

  it('takes tau by the name that it once had', () => {
    const { spec } = plan({ settings: { softUpdateWeight: 0.01 } });
    expect(spec.settings).toMatchObject({ tau: 0.01 });
    expect(spec.settings).not.toHaveProperty('softUpdateWeight');
  });

  it.each<[string, StartTrainingInput, RegExp]>([
    ['a B of 0', { changes: { baseStations: 0 } }, /baseStations/],
    [
      'a range that is reversed by its end',
      { changes: { maxCapacityGigacyclesPerSec: 5 } },
      /capacityGigacyclesPerSec: The range is reversed/,
    ],
    ['learning that never starts', { settings: { learningStarts: 1000 } }, /settings\.learningStarts: /],
    ['a setting that is not a number', { settings: { discount: NaN } }, /settings\.discount: /],
    ['a setting that does not exist', { settings: { gamma: 0.9 } }, /settings: .*gamma/],
    ['more experience than fits', { settings: { replayCapacity: 1_000_000 } }, /settings\.replayCapacity: .* 1 GiB/],
  ])('is refused with %s', (_, input, message) => {
    expect(() => plan(input)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(message) }));
  });

  it('is refused with every wrong setting at once', () => {
    expect(() => plan({ settings: { batchSize: 0, discount: 2 } })).toThrow(/settings\.batchSize: .* settings\.discount: /);
  });

  it.each<[string, unknown]>([
    ['an unknown preset', { preset: 'moon' }],
    ['an unknown method', { method: 'ppo' }],
    ['no episodes', { episodes: 0 }],
    ['a seed that is not a number', { seed: NaN }],
  ])('is refused at the border with %s', (_, input) => {
    expect(startTrainingInput.safeParse(input).success).toBe(false);
  });

  it('of another version with an unknown configuration is not carried out', () => {
    const { spec, environment } = plan({});
    const old = { id: 'training-1', spec, environment: { ...environment, moons: 1 } };
    expect(() => planAgain(old)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    expect(planAgain({ ...old, environment: { ...environment } }).environment).toEqual(environment);
  });
});
