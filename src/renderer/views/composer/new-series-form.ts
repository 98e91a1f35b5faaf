// The form of a new series as typed, and its way to and from a specification. Pure.
import type { FieldErrors, FormCheck } from '../../forms/field-errors.js';
import { checkNamedForm } from '../../forms/check-named-form.js';
import { seriesSpecSchema } from '../../../shared/api/series-inputs.js';
import type { SchedulerName } from '../../../shared/run.js';
import { parseScheduler, wordForScheduler } from '../../../shared/scheduler-word.js';
import { SERIES_PRESETS, type SeriesScheduler, type SeriesSpec } from '../../../shared/series.js';
import type { Testbed } from '../../../shared/testbed.js';
import { emptyWorkForm, fillWork, toArrivals, type WorkForm } from './work-form.js';

export interface NewSeriesForm extends WorkForm {
  /** Numbers of tasks to choose from: those of Table V and own ones. */
  offeredCounts: number[];
  /** Those that are chosen, |N| of each condition. */
  counts: number[];
  /** As commands name them: `random`, `learned:training-1`, `random:queue=shortest-first`. */
  schedulers: string[];
  /** Of the learned policies among them whose word does not say so itself. */
  learning: 'off' | 'measured';
  repetitions: number | null;
  warmUp: number | null;
  /** Real seconds; null takes the default of the testbed's kind. */
  coolDownSec: number | null;
  /** Degrees Celsius; null waits for none. */
  coolBelowCelsius: number | null;
  maxTries: number | null;
  keepInvalid: boolean;
  allowOverload: boolean;
}

const TABLE_V_COUNTS: readonly number[] = SERIES_PRESETS['table-v'].taskCounts;
const USUAL_SCHEDULERS: readonly SchedulerName[] = ['shortest-expected-completion', 'round-robin', 'random'];
/** REAL seconds between two runs on real nodes where no one says otherwise; virtual ones do not get hot. */
const COOL_DOWN_SEC = 60;

export function emptySeriesForm(): NewSeriesForm {
  return {
    ...emptyWorkForm(),
    offeredCounts: [...TABLE_V_COUNTS],
    counts: [...TABLE_V_COUNTS],
    schedulers: [...USUAL_SCHEDULERS],
    learning: 'off',
    repetitions: 5,
    warmUp: 1,
    coolDownSec: null,
    coolBelowCelsius: null,
    maxTries: 3,
    keepInvalid: false,
    allowOverload: false,
  };
}

/** Table V as the paper has it: every |N|, steps 10 to 19, all at once; testbed, dataset and schedulers stay. */
export function applyTableV(form: NewSeriesForm): void {
  const { testbedId, datasetId, schedulers, offeredCounts } = form;
  Object.assign(form, emptySeriesForm(), { testbedId, datasetId, offeredCounts });
  form.schedulers = schedulers.length > 0 ? schedulers : [...USUAL_SCHEDULERS];
}

/** Fills a form with the settings of an earlier series: one range of steps and one kind of arrivals, those of its first condition. */
export function fillFromSeries(form: NewSeriesForm, spec: SeriesSpec): void {
  const [first] = spec.conditions;
  if (first) fillWork(form, { ...spec, qualitySteps: first.qualitySteps, arrivals: first.arrivals });
  chooseCounts(form, [...new Set(spec.conditions.map(({ taskCount }) => taskCount))]);
  const learned = spec.schedulers.filter(({ scheduler }) => scheduler === 'learned');
  const allLearn = learned.length > 0 && learned.every(({ learning }) => learning !== undefined);
  form.learning = allLearn ? 'measured' : 'off';
  form.schedulers = spec.schedulers.map((row) => wordForScheduler(allLearn ? { ...row, learning: undefined } : row));
  form.repetitions = spec.repetitions;
  form.warmUp = spec.warmUpTasksPerNode;
  form.coolDownSec = spec.coolDown.sec;
  form.coolBelowCelsius = spec.coolDown.belowCelsius;
  form.maxTries = spec.maxTries;
  form.keepInvalid = spec.keepInvalid;
  form.allowOverload = false;
}

/** Chooses these alone; those that are not offered are from then on. */
export function chooseCounts(form: NewSeriesForm, counts: readonly number[]): void {
  form.offeredCounts = [...new Set([...form.offeredCounts, ...counts])].sort((left, right) => left - right);
  form.counts = [...counts];
}

/** Offers and chooses one more. */
export function addCount(form: NewSeriesForm, count: number): void {
  chooseCounts(form, [...new Set([...form.counts, count])]);
}

/** `Table V` where it is that, else what varies. */
export function suggestSeriesName({ counts }: Pick<NewSeriesForm, 'counts'>): string {
  const sorted = sortedCounts(counts);
  return sorted.join() === TABLE_V_COUNTS.join() ? SERIES_PRESETS['table-v'].title : `|N| = ${sorted.join(', ') || '?'}`;
}

/** Real seconds of rest that are taken where none are typed. */
export function defaultCoolDownSec(testbed: Pick<Testbed, 'kind'> | undefined): number {
  return testbed?.kind === 'real' ? COOL_DOWN_SEC : 0;
}

/** The form as the API takes it, unchecked; ids are empty where nothing is chosen. */
export function toSeriesSpec(form: NewSeriesForm, testbed: Pick<Testbed, 'kind'> | undefined): unknown {
  const condition = { qualitySteps: { min: form.minSteps, max: form.maxSteps }, arrivals: toArrivals(form) };
  return {
    name: form.name.trim() || suggestSeriesName(form),
    testbedId: form.testbedId ?? '',
    datasetId: form.datasetId ?? '',
    schedulers: form.schedulers.flatMap((word) => parseScheduler(word) ?? []).map((row) => withLearning(row, form)),
    conditions: sortedCounts(form.counts).map((taskCount) => ({ taskCount, ...condition })),
    repetitions: form.repetitions,
    seed: form.seed,
    allowRepeatedPrompts: form.allowRepeatedPrompts,
    maxAttempts: form.maxAttempts,
    coolDown: { sec: form.coolDownSec ?? defaultCoolDownSec(testbed), belowCelsius: form.coolBelowCelsius },
    warmUpTasksPerNode: form.warmUp,
    maxTries: form.maxTries,
    keepInvalid: form.keepInvalid,
    allowOverload: form.allowOverload,
    ...(form.service === 'image-to-image' && { strength: form.strength }),
  };
}

function withLearning(row: SeriesScheduler, { learning }: Pick<NewSeriesForm, 'learning'>): SeriesScheduler {
  return learning === 'measured' && row.scheduler === 'learned' ? { ...row, learning } : row;
}

/** Complaints name field, limit and what was entered; conditions share the form's fields, and so their complaints. */
export function checkSeriesForm(form: NewSeriesForm, testbed: Pick<Testbed, 'kind'> | undefined): FormCheck<SeriesSpec> {
  return checkNamedForm(seriesSpecSchema, toSeriesSpec(form, testbed), {
    nameOf: (key) => FIELD_NAMES[key],
    keyOf: (path) => path.replace(/^conditions\.\d+\./, ''),
  });
}

const FIELD_NAMES: FieldErrors = {
  name: 'Name',
  taskCount: 'Number of tasks',
  conditions: 'Numbers of tasks',
  schedulers: 'Schedulers',
  'qualitySteps.min': 'Min steps',
  'qualitySteps.max': 'Max steps',
  qualitySteps: 'Steps',
  'arrivals.slotSec': 'Slot',
  'arrivals.maxPerSlot': 'Max tasks per slot and node',
  'arrivals.ratePerSec': 'Mean rate',
  repetitions: 'Repetitions',
  seed: 'Seed',
  maxAttempts: 'Max attempts',
  strength: 'Strength',
  'coolDown.sec': 'Cool-down',
  'coolDown.belowCelsius': 'Cool below',
  warmUpTasksPerNode: 'Warm-up',
  maxTries: 'Max tries',
};

function sortedCounts(counts: readonly number[]): number[] {
  return [...counts].sort((left, right) => left - right);
}
