// The new-run form as typed, and its way to and from a run specification.
import { describeScheduler, type Arrivals, type RunSpec, type SchedulerName } from '../../../shared/run.js';
import { DEFAULT_STRENGTH, serviceOf, type Service } from '../../../shared/service.js';

export type TaskCountChoice = '1' | '100' | '500' | '1000' | 'custom';

export interface NewRunForm {
  name: string;
  testbedId: string | undefined;
  datasetId: string | undefined;
  countChoice: TaskCountChoice;
  customCount: number | null;
  seed: number | null;
  minSteps: number | null;
  maxSteps: number | null;
  arrivalKind: Arrivals['kind'];
  slotSec: number | null;
  maxPerSlot: number | null;
  ratePerSec: number | null;
  scheduler: SchedulerName;
  /** Whose policy schedules, with the scheduler `learned`. */
  trainingId: string | undefined;
  service: Service;
  /** With image-to-image. */
  strength: number | null;
  allowRepeatedPrompts: boolean;
  maxAttempts: number | null;
}

export function emptyRunForm(): NewRunForm {
  return {
    name: '',
    testbedId: undefined,
    datasetId: undefined,
    countChoice: '100',
    customCount: 50,
    seed: 1,
    minSteps: 10,
    maxSteps: 19,
    arrivalKind: 'all-at-once',
    slotSec: 1,
    maxPerSlot: 50,
    ratePerSec: 1,
    scheduler: 'shortest-expected-completion',
    trainingId: undefined,
    service: 'text-to-image',
    strength: DEFAULT_STRENGTH,
    allowRepeatedPrompts: false,
    maxAttempts: 3,
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
  return `${taskCountOf(form) ?? '?'} images, ${describeScheduler(form.scheduler).title.toLowerCase()}`;
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
    ...(form.service === 'image-to-image' && { strength: form.strength }),
    allowRepeatedPrompts: form.allowRepeatedPrompts,
    maxAttempts: form.maxAttempts,
  };
}

/** Fills a form with the settings of an earlier run; its name is not taken over, since it is another run. */
export function fillFromSpec(form: NewRunForm, spec: RunSpec): void {
  form.testbedId = spec.testbedId;
  form.datasetId = spec.datasetId;
  setTaskCount(form, spec.taskCount);
  form.seed = spec.seed;
  form.minSteps = spec.qualitySteps.min;
  form.maxSteps = spec.qualitySteps.max;
  form.scheduler = spec.scheduler;
  form.trainingId = spec.trainingId;
  form.service = serviceOf(spec);
  if (spec.strength !== undefined) form.strength = spec.strength;
  form.allowRepeatedPrompts = spec.allowRepeatedPrompts;
  form.maxAttempts = spec.maxAttempts;
  form.arrivalKind = spec.arrivals.kind;
  if (spec.arrivals.kind === 'slot-uniform') {
    form.slotSec = spec.arrivals.slotSec;
    form.maxPerSlot = spec.arrivals.maxPerSlot;
  }
  if (spec.arrivals.kind === 'poisson') form.ratePerSec = spec.arrivals.ratePerSec;
}

function toArrivals(form: NewRunForm): unknown {
  switch (form.arrivalKind) {
    case 'all-at-once':
      return { kind: 'all-at-once' };
    case 'slot-uniform':
      return { kind: 'slot-uniform', slotSec: form.slotSec, maxPerSlot: form.maxPerSlot };
    case 'poisson':
      return { kind: 'poisson', ratePerSec: form.ratePerSec };
  }
}
