// The question of a run's what-if panel as typed, and its way to the API. Pure.
import type { WhatIfInput } from '../../../shared/api/twin-inputs.js';
import { formatQuantity } from '../../../shared/format.js';
import { describeScheduler, describeScheduling, type RunSpec, type RunSummary, SCHEDULER_NAMES } from '../../../shared/run.js';
import { parseScheduler } from '../../../shared/scheduler-word.js';
import type { SeriesScheduler } from '../../../shared/series.js';
import type { WhatIfResult } from '../../../shared/twin.js';

/** For a choice of nothing. */
export const NONE = 'none';

export interface WhatIfForm {
  added: number | null;
  /** Name of the node that is to be another, or `NONE`. */
  node: string;
  speed: number | null;
  load: number | null;
  /** As commands name it; `NONE`: the run's own alone. */
  scheduler: string;
  result: WhatIfResult | null;
}

export function emptyWhatIf(): WhatIfForm {
  return { added: 1, node: NONE, speed: 0.5, load: 1, scheduler: NONE, result: null };
}

/** With the order that makes more of a burst than any other choice. */
const ORDERED = 'shortest-expected-completion:placing=longest-first:queue=shortest-first';

/** @param trainings those whose policies can schedule on the run's testbed, as `listPolicyChoices` has them */
export function listSchedulerChoices(
  { scheduler, trainingId }: RunSpec,
  trainings: readonly { value: string; label: string }[] = [],
): { value: string; label: string }[] {
  const others = SCHEDULER_NAMES.filter((name) => name !== 'learned' && name !== scheduler);
  return [
    { value: NONE, label: 'None' },
    { value: ORDERED, label: describeScheduling(parseScheduler(ORDERED)!) },
    ...others.map((value) => ({ value, label: describeScheduler(value).title })),
    ...trainings
      .filter(({ value }) => !(scheduler === 'learned' && value === trainingId))
      .map(({ value, label }) => ({ value: `learned:${value}`, label: `Learned: ${label}` })),
  ];
}

/** What keeps it from being simulated, in one sentence; null where nothing does. */
export function problemOfWhatIf(form: WhatIfForm): string | null {
  if (form.added === null || form.speed === null || form.load === null) return 'A number is missing.';
  if (form.added === 0 && form.node === NONE && form.load === 1 && form.scheduler === NONE) return 'Change something first.';
  return null;
}

export function toWhatIfInput(form: WhatIfForm, { id, spec }: Pick<RunSummary, 'id' | 'spec'>): WhatIfInput {
  const { scheduler, trainingId, placingOrder, queueOrder, speedWeight, consideration } = spec;
  const own: SeriesScheduler = { scheduler, trainingId, placingOrder, queueOrder, speedWeight, consideration };
  const other = parseScheduler(form.scheduler);
  return {
    work: { runId: id },
    schedulers: [own, ...(other ? [other] : [])],
    changes: {
      addedSpeeds: Array.from({ length: form.added ?? 0 }, () => 1),
      speeds: form.node === NONE ? {} : { [form.node]: form.speed ?? 1 },
      load: form.load ?? 1,
    },
  };
}

export function describeWhatIfTitle({ change, repetitions }: WhatIfResult): string {
  const what = change === null ? 'The testbed as it is' : `The testbed as it is, and changed: ${change}`;
  return `${what}. ${formatQuantity(repetitions, 'repetition')}, the first with the run’s own tasks; ± is the 95 % interval.`;
}
