import { describe, expect, it } from 'vitest';
import { checkForm, readFieldErrors } from '../../../../src/renderer/forms/field-errors.js';
import {
  changeEnvironment,
  changeMethod,
  defaultChoices,
  emptyTrainingForm,
  fillFromTraining,
  findEmptySettings,
  findSeriesErrors,
  toStartInput,
  toStartInputs,
} from '../../../../src/renderer/views/train/new-training-form.js';
import { defaultOf, listOtherSettings, SETTING_CHOICES, SETTING_FIELDS } from '../../../../src/shared/training-setting-fields.js';
import { makeDigitalTwin } from '../../../../src/main/domain/simulation/training/digital-twin.js';
import { planTraining } from '../../../../src/main/domain/simulation/training/plan-training.js';
import {
  paperTrainingSettings,
  parseTrainingSettings,
  testbedTrainingSettings,
} from '../../../../src/scheduling/learning/training-settings.js';
import { startTrainingInput, type TwinInput } from '../../../../src/shared/api/training-inputs.js';
import { AppError, type AppErrorShape } from '../../../../src/shared/errors.js';
import { ORIN_TIME_MODEL } from '../../../../src/shared/testbed.js';
import { TRAINING_METHODS } from '../../../../src/shared/training.js';
import { buildSpec } from './training-fixture.js';

/** What the trainer says to a form. */
function refusalOf(form: ReturnType<typeof emptyTrainingForm>): AppErrorShape | null {
  try {
    planTraining(startTrainingInput.parse(toStartInput(form)));
    return null;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.toShape();
    throw thrown;
  }
}

const copyTestbed = (input: TwinInput) =>
  makeDigitalTwin(
    { id: 'testbed-1', name: 'Lab' },
    ['a', 'b'].map((name) => ({ name, timeModel: ORIN_TIME_MODEL, speedFactor: 1 })),
    input,
  );

describe('the settings of the form', () => {
  it.each(TRAINING_METHODS)('have the own values of a testbed’s environment for %s, and go back to the paper’s', (method) => {
    const form = emptyTrainingForm();
    const paper = structuredClone(form);
    changeEnvironment(form, { preset: 'testbed' });
    changeMethod(form, method);
    const own = testbedTrainingSettings(method);
    expect({ ...own, ...form.settings, ...form.choices }).toEqual(own);
    expect(form).toMatchObject({ episodes: 5, load: 0.85 });
    expect(toStartInput(form)).toMatchObject({ twin: { environment: 'testbed', arrivals: 'bursts' }, settings: {} });
    changeMethod(form, 'lad-ts');
    changeEnvironment(form, { twinEnvironment: 'slots' });
    expect(form).toEqual({ ...paper, preset: 'testbed', twinEnvironment: 'slots' });
  });

  it.each(TRAINING_METHODS)('have the trainer’s own values for %s, every one of them', (method) => {
    const own = parseTrainingSettings(paperTrainingSettings(method)).settings ?? {};
    const shown = {
      ...Object.fromEntries(SETTING_FIELDS.map((field) => [field.name, defaultOf(field, method)])),
      ...defaultChoices(),
    };
    expect({ ...own, ...shown }).toEqual(own);
    expect(Object.keys(own).filter((name) => !(name in shown))).toEqual(['observationScale']);
    expect(listOtherSettings({ settings: { ...own } })).toEqual({});
  });

  it.each(SETTING_CHOICES.flatMap(({ name, options }) => options.map(({ value }) => [name, value])))(
    'are taken by the trainer for %s %s, from the form to a form again',
    (name, value) => {
      const form = emptyTrainingForm();
      changeEnvironment(form, { preset: 'testbed' });
      form.testbedId = 'testbed-1';
      form.choices[name] = value;
      const { spec } = planTraining(startTrainingInput.parse(toStartInput(form)), copyTestbed);
      const again = emptyTrainingForm();
      fillFromTraining(again, { spec });
      expect([spec.settings[name], again.choices[name], again.otherSettings]).toEqual([value, value, {}]);
    },
  );

  it('are told only where they differ', () => {
    const form = emptyTrainingForm();
    form.settings['discount'] = 0.9;
    form.changes.baseStations = 4;
    expect(toStartInput(form)).toMatchObject({ method: 'lad-ts', changes: { baseStations: 4 }, settings: { discount: 0.9 } });
  });

  it('follow the method unless they were changed', () => {
    const form = emptyTrainingForm();
    form.settings['discount'] = 0.9;
    changeMethod(form, 'dqn-ts');
    expect([form.method, form.settings['explorationRate'], form.settings['discount']]).toEqual(['dqn-ts', 0.05, 0.9]);
  });

  it('are the same again when taken from an earlier training', () => {
    const settings = { ...paperTrainingSettings('sac-ts'), latentIndex: 'task' as const, betaMax: 20 };
    const spec = buildSpec({ method: 'sac-ts', preset: 'paper', episodes: 7, seed: 9, changes: { slots: 5 }, settings });
    const form = emptyTrainingForm();
    fillFromTraining(form, { spec });
    expect(planTraining(startTrainingInput.parse(toStartInput(form))).spec).toEqual(spec);
  });
});

describe('what is wrong with the form', () => {
  it('is reported by the schema that guards the API', () => {
    const form = { ...emptyTrainingForm(), episodes: 0, seed: null };
    const check = checkForm(startTrainingInput, toStartInput(form));
    expect(check).toEqual({
      isValid: false,
      errors: { episodes: 'A training has at least one episode', seed: 'A value is needed' },
    });
  });

  it('is reported at a setting without a number', () => {
    const form = emptyTrainingForm();
    form.settings['batchSize'] = null;
    expect(findEmptySettings(form)).toEqual({ 'settings.batchSize': 'A value is needed' });
  });

  it('is reported at every setting that the trainer refuses', () => {
    const form = emptyTrainingForm();
    form.settings['learningStarts'] = 2000;
    form.settings['betaMin'] = 20;
    const errors = readFieldErrors(refusalOf(form));
    expect(Object.keys(errors).sort()).toEqual(['settings.betaMin', 'settings.learningStarts']);
    expect(errors['settings.learningStarts']).toBe('Must be below replayCapacity (1000): learning would never start.');
  });

  it('is told in whole by the message too', () => {
    const form = emptyTrainingForm();
    form.settings['betaMin'] = 20;
    form.settings['learningStarts'] = 2000;
    const refusal = refusalOf(form);
    for (const { field, message } of refusal?.fields ?? []) expect(refusal?.message).toContain(`${field}: ${message}`);
    expect(refusal?.fields).toHaveLength(2);
  });

  it('is reported at the field of the environment that the trainer refuses', () => {
    const form = emptyTrainingForm();
    form.changes.maxTasksPerSlot = -1;
    form.changes.baseStations = 0;
    expect(Object.keys(readFieldErrors(refusalOf(form))).sort()).toEqual(['changes.baseStations', 'changes.maxTasksPerSlot']);
  });
});

describe('several trainings of one form', () => {
  it('are every method with every seed', () => {
    const form = { ...emptyTrainingForm(), seed: 7, seedCount: 2, alsoMethods: ['sac-ts' as const] };
    expect(toStartInputs(form).map(({ method, seed }) => [method, seed])).toEqual([
      ['lad-ts', 7],
      ['lad-ts', 8],
      ['sac-ts', 7],
      ['sac-ts', 8],
    ]);
  });

  it('share what was changed and keep each method’s own values otherwise', () => {
    const form = { ...emptyTrainingForm(), alsoMethods: ['dqn-ts' as const] };
    form.settings['discount'] = 0.9;
    const plans = toStartInputs(form).map((input) => planTraining(startTrainingInput.parse(input)).spec);
    expect(plans.map(({ settings }) => [settings['discount'], settings['explorationRate']])).toEqual([
      [0.9, 0],
      [0.9, 0.05],
    ]);
  });

  it('do not name the first method twice', () => {
    const form = { ...emptyTrainingForm(), alsoMethods: ['sac-ts' as const, 'dqn-ts' as const] };
    changeMethod(form, 'sac-ts');
    expect(toStartInputs(form).map(({ method }) => method)).toEqual(['sac-ts', 'dqn-ts']);
  });

  it.each([0, 1.5, 101, null])('are refused for a number of seeds such as %s', (seedCount) => {
    expect(findSeriesErrors({ seedCount })).toEqual({ seedCount: 'A whole number from 1 to 100' });
  });
});
