// What a run and a series have in common as it is typed: where they execute, what they draw from, how heavy tasks are and how they arrive.
import type { Arrivals, RunSpec } from '../../../shared/run.js';
import { DEFAULT_STRENGTH, serviceOf, type Service } from '../../../shared/service.js';

export interface WorkForm {
  name: string;
  testbedId: string | undefined;
  datasetId: string | undefined;
  seed: number | null;
  minSteps: number | null;
  maxSteps: number | null;
  arrivalKind: Arrivals['kind'];
  slotSec: number | null;
  maxPerSlot: number | null;
  ratePerSec: number | null;
  service: Service;
  /** With image-to-image. */
  strength: number | null;
  allowRepeatedPrompts: boolean;
  maxAttempts: number | null;
}

/** What a specification of either kind says of the work. */
export type WorkSpec = Pick<
  RunSpec,
  'testbedId' | 'datasetId' | 'qualitySteps' | 'arrivals' | 'seed' | 'allowRepeatedPrompts' | 'maxAttempts'
> &
  Pick<RunSpec, 'strength'>;

export function emptyWorkForm(): WorkForm {
  return {
    name: '',
    testbedId: undefined,
    datasetId: undefined,
    seed: 1,
    minSteps: 10,
    maxSteps: 19,
    arrivalKind: 'all-at-once',
    slotSec: 1,
    maxPerSlot: 50,
    ratePerSec: 1,
    service: 'text-to-image',
    strength: DEFAULT_STRENGTH,
    allowRepeatedPrompts: false,
    maxAttempts: 3,
  };
}

/** Takes over what was typed in the other form; a name is each form's own. */
export function copyWork(from: WorkForm, to: WorkForm): void {
  for (const key of Object.keys(emptyWorkForm()) as (keyof WorkForm)[]) {
    if (key !== 'name') Object.assign(to, { [key]: from[key] });
  }
}

export function fillWork(form: WorkForm, spec: WorkSpec): void {
  form.testbedId = spec.testbedId;
  form.datasetId = spec.datasetId;
  form.seed = spec.seed;
  form.minSteps = spec.qualitySteps.min;
  form.maxSteps = spec.qualitySteps.max;
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

/** As the API takes it, unchecked. */
export function toArrivals(form: WorkForm): unknown {
  switch (form.arrivalKind) {
    case 'all-at-once':
      return { kind: 'all-at-once' };
    case 'slot-uniform':
      return { kind: 'slot-uniform', slotSec: form.slotSec, maxPerSlot: form.maxPerSlot };
    case 'poisson':
      return { kind: 'poisson', ratePerSec: form.ratePerSec };
  }
}
