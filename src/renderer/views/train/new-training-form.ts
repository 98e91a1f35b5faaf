// The new-training form as typed, and its way to what the API takes and from what it answers.
import type { FieldErrors } from '../../forms/field-errors.js';
import type { Training, TrainingChanges, TrainingMethod, TrainingPreset, TrainingTwin, TwinEnvironment } from '../../../shared/training.js';
import { defaultOf, listOtherSettings, SETTING_CHOICES, SETTING_FIELDS, usualChoiceOf } from '../../../shared/training-setting-fields.js';

export interface NewTrainingForm {
  method: TrainingMethod;
  /** A preset, or a testbed: then the next ones count and the changes do not. */
  preset: TrainingPreset | 'testbed';
  testbedId: string | undefined;
  /** How the testbed is simulated: the next three as it is, the load in slots and for streams. */
  twinEnvironment: TwinEnvironment;
  arrivals: NonNullable<TrainingTwin['arrivals']>;
  view: NonNullable<TrainingTwin['view']>;
  speeds: NonNullable<TrainingTwin['speeds']>;
  twinSteps: { min: number | null; max: number | null };
  load: number | null;
  episodes: number | null;
  seed: number | null;
  /** So many trainings of each method, of the seed and those that follow it. */
  seedCount: number | null;
  /** Methods to train beside the first one. */
  alsoMethods: TrainingMethod[];
  checkpointEvery: number | null;
  changes: Record<keyof TrainingChanges, number | null>;
  /** By the trainer's names; null while a field has no number. */
  settings: Record<string, number | null>;
  /** Settings with named values, by the trainer's names. */
  choices: Record<string, string>;
  /** Of an earlier training, where they differ from the trainer's own: settings without a field here. */
  otherSettings: Record<string, unknown>;
}

export interface ChangeField {
  name: keyof TrainingChanges;
  label: string;
  unit?: string;
  hint: string;
  step: number | 'any';
}

/** What may be changed about the environment; an empty field stays the preset's. */
export const CHANGE_FIELDS: readonly ChangeField[] = [
  { name: 'baseStations', label: 'Base stations', hint: 'B, each with an edge server. Presets: 20.', step: 1 },
  { name: 'slots', label: 'Slots of an episode', hint: '|T|, of 1 s. Presets: 60.', step: 1 },
  { name: 'maxTasksPerSlot', label: 'Max tasks per slot', hint: 'At each base station. Presets: 50.', step: 1 },
  {
    name: 'maxCapacityGigacyclesPerSec',
    label: 'Fastest node',
    unit: 'Gigacycles/s',
    hint: 'f. Presets: 50.',
    step: 'any',
  },
  { name: 'maxQualitySteps', label: 'Max image steps', hint: 'z. Presets: paper 15, reference 14.', step: 1 },
];

/** The trainer's own, which the form starts with. */
const USUAL_EPISODES: Record<TwinEnvironment, number> = { slots: 60, testbed: 5 };
const USUAL_LOAD: Record<TwinEnvironment, number> = { slots: 1.2, testbed: 0.85 };

export function emptyTrainingForm(): NewTrainingForm {
  return {
    method: 'lad-ts',
    preset: 'reference',
    testbedId: undefined,
    twinEnvironment: 'testbed',
    arrivals: 'bursts',
    view: 'live',
    speeds: 'as-recorded',
    twinSteps: { min: 10, max: 19 },
    load: USUAL_LOAD.slots,
    episodes: USUAL_EPISODES.slots,
    seed: 1,
    seedCount: 1,
    alsoMethods: [],
    checkpointEvery: 5,
    changes: { baseStations: null, slots: null, maxTasksPerSlot: null, maxCapacityGigacyclesPerSec: null, maxQualitySteps: null },
    settings: defaultSettings('lad-ts'),
    choices: defaultChoices(),
    otherSettings: {},
  };
}

/** Whose settings the form starts with: those of the paper's environments, in slots, or of the testbed's. */
export function environmentOf({ preset, twinEnvironment }: Pick<NewTrainingForm, 'preset' | 'twinEnvironment'>): TwinEnvironment {
  return preset === 'testbed' ? twinEnvironment : 'slots';
}

export function defaultSettings(method: TrainingMethod, environment: TwinEnvironment = 'slots'): Record<string, number | null> {
  return Object.fromEntries(SETTING_FIELDS.map((field) => [field.name, defaultOf(field, method, environment)]));
}

export function defaultChoices(method: TrainingMethod = 'lad-ts', environment: TwinEnvironment = 'slots'): Record<string, string> {
  return Object.fromEntries(SETTING_CHOICES.map((choice) => [choice.name, usualChoiceOf(choice, method, environment)]));
}

/** Settings that were the own ones of the form as it is become those of what it changes to. */
function takeOwnSettings(form: NewTrainingForm, to: { method?: TrainingMethod; environment?: TwinEnvironment }): void {
  const before = environmentOf(form);
  const { method = form.method, environment = before } = to;
  for (const field of SETTING_FIELDS) {
    if (form.settings[field.name] !== defaultOf(field, form.method, before)) continue;
    form.settings[field.name] = defaultOf(field, method, environment);
  }
  for (const choice of SETTING_CHOICES) {
    if (form.choices[choice.name] !== usualChoiceOf(choice, form.method, before)) continue;
    form.choices[choice.name] = usualChoiceOf(choice, method, environment);
  }
  if (form.episodes === USUAL_EPISODES[before]) form.episodes = USUAL_EPISODES[environment];
  if (form.load === USUAL_LOAD[before]) form.load = USUAL_LOAD[environment];
}

/** Changes where it learns; settings that were the environment's own become the new one's. */
export function changeEnvironment(form: NewTrainingForm, to: Partial<Pick<NewTrainingForm, 'preset' | 'twinEnvironment'>>): void {
  takeOwnSettings(form, { environment: environmentOf({ ...form, ...to }) });
  Object.assign(form, to);
}

/** Changes the method; settings that were the old method's own become the new one's. */
export function changeMethod(form: NewTrainingForm, method: TrainingMethod): void {
  takeOwnSettings(form, { method });
  form.method = method;
  form.alsoMethods = form.alsoMethods.filter((other) => other !== method);
}

/** More at once are a study. */
export const MAX_SEED_COUNT = 100;

/** Complaints about what is asked for at once, which the API takes one by one. */
export function findSeriesErrors({ seedCount }: Pick<NewTrainingForm, 'seedCount'>): FieldErrors {
  const isFine = seedCount !== null && Number.isInteger(seedCount) && seedCount >= 1 && seedCount <= MAX_SEED_COUNT;
  return isFine ? {} : { seedCount: `A whole number from 1 to ${MAX_SEED_COUNT}` };
}

/**
 * What the API takes for each training asked for, unchecked: every method with every seed. Settings that were changed are changed for all
 * methods, the others are each method's own.
 */
export function toStartInputs(form: NewTrainingForm): Record<string, unknown>[] {
  const { seed, seedCount, method, alsoMethods } = form;
  const input = toStartInput(form);
  const seeds = Array.from({ length: seedCount ?? 1 }, (_, index) => (seed === null ? null : seed + index));
  return [method, ...alsoMethods].flatMap((each) => seeds.map((ofSeed) => ({ ...input, method: each, seed: ofSeed })));
}

/** The form as the API takes it, unchecked. Only what differs from preset and method is in it. */
export function toStartInput(form: NewTrainingForm): Record<string, unknown> {
  const { method, episodes, seed, checkpointEvery } = form;
  const environment = environmentOf(form);
  const settings = Object.fromEntries(
    SETTING_FIELDS.flatMap((field) => {
      const value = form.settings[field.name] ?? null;
      return value === defaultOf(field, method, environment) ? [] : [[field.name, value]];
    }),
  );
  const choices = Object.fromEntries(
    SETTING_CHOICES.flatMap((choice) => {
      const value = form.choices[choice.name];
      return value === usualChoiceOf(choice, method, environment) ? [] : [[choice.name, value]];
    }),
  );
  return { method, ...toEnvironment(form), episodes, seed, checkpointEvery, settings: { ...form.otherSettings, ...settings, ...choices } };
}

function toEnvironment(form: NewTrainingForm): Record<string, unknown> {
  const { preset, testbedId, twinEnvironment: environment, twinSteps, load, arrivals, view, speeds, changes } = form;
  if (preset === 'testbed') {
    const live = environment === 'testbed' ? { arrivals, view, speeds } : {};
    return { twin: { testbedId: testbedId ?? '', environment, qualitySteps: { ...twinSteps }, load, ...live } };
  }
  return { preset, changes: Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null)) };
}

/** Complaints about settings that have no number; the API's schema leaves their values to the trainer. */
export function findEmptySettings(form: NewTrainingForm): FieldErrors {
  const empty = SETTING_FIELDS.filter(({ name }) => (form.settings[name] ?? null) === null);
  return Object.fromEntries(empty.map(({ name }) => [`settings.${name}`, 'A value is needed']));
}

/** Fills a form with the settings of an earlier training. */
export function fillFromTraining(form: NewTrainingForm, { spec }: Pick<Training, 'spec'>): void {
  Object.assign(form, { method: spec.method, preset: spec.twin ? 'testbed' : spec.preset, episodes: spec.episodes, seed: spec.seed });
  if (spec.twin) {
    const { testbedId, qualitySteps, load, environment = 'slots', arrivals, view, speeds } = spec.twin;
    const live = Object.fromEntries(Object.entries({ arrivals, view, speeds }).filter(([, value]) => value !== undefined));
    Object.assign(form, { testbedId, twinEnvironment: environment, twinSteps: { ...qualitySteps }, load, ...live });
  }
  form.checkpointEvery = spec.checkpointEvery;
  for (const { name } of CHANGE_FIELDS) form.changes[name] = spec.changes[name] ?? null;
  for (const { name } of SETTING_FIELDS) {
    const value = spec.settings[name];
    if (typeof value === 'number') form.settings[name] = value;
  }
  for (const { name, defaultValue } of SETTING_CHOICES) {
    const value = spec.settings[name];
    form.choices[name] = typeof value === 'string' ? value : defaultValue;
  }
  form.otherSettings = listOtherSettings(spec);
}
