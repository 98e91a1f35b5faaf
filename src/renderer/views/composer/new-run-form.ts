// The new-run form as typed, and its way to and from a run specification.
import type { SeriesSpecInput } from '../../../shared/api/series-inputs.js';
import { describeScheduling, type RunSpec, type SchedulerName } from '../../../shared/run.js';
import { emptySchedulingForm, fillScheduling, settingsOfForm, type SchedulingForm } from './scheduling-form.js';
import { emptyWorkForm, fillWork, toArrivals, type WorkForm } from './work-form.js';

export type TaskCountChoice = '1' | '100' | '500' | '1000' | 'custom';

export interface NewRunForm extends WorkForm {
  countChoice: TaskCountChoice;
  customCount: number | null;
  scheduler: SchedulerName;
  /** Whose policy schedules, with the scheduler `learned`. */
  trainingId: string | undefined;
  scheduling: SchedulingForm;
}

export function emptyRunForm(): NewRunForm {
  return {
    ...emptyWorkForm(),
    countChoice: '100',
    customCount: 50,
    scheduler: 'shortest-expected-completion',
    trainingId: undefined,
    scheduling: emptySchedulingForm(),
  };
}

export function taskCountOf(form: NewRunForm): number | null {
  return form.countChoice === 'custom' ? form.customCount : Number(form.countChoice);
}

/** Chooses |N|; what is no positive whole number is left out. */
export function setTaskCount(form: NewRunForm, taskCount: number): void {
  if (!Number.isInteger(taskCount) || taskCount < 1) return;
  const preset = (['1', '100', '500', '1000'] as const).find((count) => Number(count) === taskCount);
  form.countChoice = preset ?? 'custom';
  if (!preset) form.customCount = taskCount;
}

/** The name a run gets when none is typed. */
export function suggestRunName(form: NewRunForm): string {
  return `${taskCountOf(form) ?? '?'} images, ${describeScheduling({ scheduler: form.scheduler, ...settingsOfForm(form.scheduling, form.scheduler) }).toLowerCase()}`;
}

/** The form as the API takes it, unchecked; ids are empty where nothing is chosen. */
export function toRunSpec(form: NewRunForm): unknown {
  return {
    name: form.name.trim() || suggestRunName(form),
    testbedId: form.testbedId ?? '',
    datasetId: form.datasetId ?? '',
    taskCount: taskCountOf(form),
    seed: form.seed,
    qualitySteps: { min: form.minSteps, max: form.maxSteps },
    arrivals: toArrivals(form),
    scheduler: form.scheduler,
    ...(form.scheduler === 'learned' && form.trainingId !== undefined && { trainingId: form.trainingId }),
    ...settingsOfForm(form.scheduling, form.scheduler),
    ...(form.service === 'image-to-image' && { strength: form.strength }),
    allowRepeatedPrompts: form.allowRepeatedPrompts,
    maxAttempts: form.maxAttempts,
  };
}

/** The run as a series of one, by which it is forecast: what runs here take over their bound is known of both alike. */
export function toSeriesOfOne(spec: RunSpec): SeriesSpecInput {
  const { name, testbedId, datasetId, scheduler, trainingId, taskCount, qualitySteps, arrivals } = spec;
  const { seed, strength, allowRepeatedPrompts, maxAttempts } = spec;
  return {
    ...{ name, testbedId, datasetId, seed, allowRepeatedPrompts, maxAttempts },
    schedulers: [{ scheduler, ...(trainingId !== undefined && { trainingId }) }],
    conditions: [{ taskCount, qualitySteps, arrivals }],
    ...{ repetitions: 1, warmUpTasksPerNode: 0, allowOverload: true },
    ...(strength !== undefined && { strength }),
  };
}

/** Fills a form with the settings of an earlier run; its name is not taken over, since it is another run. */
export function fillFromSpec(form: NewRunForm, spec: RunSpec): void {
  fillWork(form, spec);
  setTaskCount(form, spec.taskCount);
  form.scheduler = spec.scheduler;
  form.trainingId = spec.trainingId;
  fillScheduling(form.scheduling, spec);
}
