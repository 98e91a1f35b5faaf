// What an address asks of the composer, and what of it can't be had, in words. Pure.
import { type SchedulerName, SCHEDULER_NAMES } from '../../../shared/run.js';
import { parseScheduler } from '../../../shared/scheduler-word.js';
import { SERIES_PRESET_NAMES, type SeriesPreset, type SeriesScheduler } from '../../../shared/series.js';
import type { NewRunForm } from './new-run-form.js';
import { setTaskCount } from './new-run-form.js';
import { applyTableV, chooseCounts, type NewSeriesForm } from './new-series-form.js';
import { fillScheduling } from './scheduling-form.js';

/** `from`, `image` and `series` name records whose settings are taken over. */
export const COMPOSER_PARAMETERS = [
  ...['as', 'testbedId', 'datasetId', 'training', 'count', 'preset', 'schedulers'],
  ...['from', 'image', 'series'],
] as const;
const MAX_TASKS = 100_000;

export interface ComposerWish {
  testbedId: string | undefined;
  datasetId: string | undefined;
  trainingId: string | undefined;
  counts: number[];
  preset: SeriesPreset | undefined;
  /** As commands name them, those that there are. */
  schedulers: string[];
  /** What was left out, and what would be taken: a sentence each. */
  problems: string[];
}

/** `query` as the router has it: a parameter that is there twice is a list. */
export function readComposerQuery(query: Readonly<Record<string, unknown>>): ComposerWish {
  const problems: string[] = [];
  const text = (name: string): string | undefined => {
    const value = query[name];
    if (Array.isArray(value)) problems.push(`${name} is there ${value.length} times; name it once.`);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const words = (name: string): string[] =>
    [...new Set((text(name) ?? '').split(',').map((word) => word.trim()))].filter((word) => word !== '');
  for (const name of Object.keys(query)) {
    if (!(COMPOSER_PARAMETERS as readonly string[]).includes(name)) {
      problems.push(`${name} is no parameter of this page: ${COMPOSER_PARAMETERS.join(', ')}.`);
    }
  }
  const as = text('as');
  if (as !== undefined && as !== 'run' && as !== 'series') problems.push(`as: “${as}” is neither run nor series.`);
  const presetWord = text('preset');
  const preset = SERIES_PRESET_NAMES.find((name) => name === presetWord);
  if (presetWord !== undefined && !preset) problems.push(`preset: “${presetWord}” is none of ${SERIES_PRESET_NAMES.join(', ')}.`);
  const counts = words('count').map((word) => ({ word, count: Number(word) }));
  for (const { word, count } of counts) {
    if (!isCount(count)) problems.push(`count: “${word}” is not a number of tasks from 1 to ${MAX_TASKS.toLocaleString('en')}.`);
  }
  const schedulers = words('schedulers');
  for (const word of schedulers) if (parseScheduler(word) === null) problems.push(describeWrongScheduler(word));
  return {
    testbedId: text('testbedId'),
    datasetId: text('datasetId'),
    trainingId: text('training'),
    counts: counts.map(({ count }) => count).filter(isCount),
    preset,
    schedulers: schedulers.filter((word) => parseScheduler(word) !== null),
    problems,
  };
}

/** A run has one number of tasks and one scheduler: the first of each. Returns what of the rest is left out. */
export function fillRunFromWish(form: NewRunForm, { counts, schedulers, trainingId, preset }: ComposerWish): string[] {
  const [count, ...moreCounts] = counts;
  if (count !== undefined) setTaskCount(form, count);
  const [word, ...moreSchedulers] = schedulers;
  const scheduler: SeriesScheduler | null = word === undefined ? null : parseScheduler(word);
  if (scheduler) {
    form.scheduler = scheduler.scheduler;
    form.trainingId = scheduler.trainingId;
    fillScheduling(form.scheduling, scheduler);
  }
  if (trainingId !== undefined) Object.assign(form, { scheduler: 'learned' satisfies SchedulerName, trainingId });
  const leftOut = (what: string, taken: number | string, rest: readonly (number | string)[]): string[] =>
    rest.length === 0 ? [] : [`${what}: a run has one; ${taken} is taken, ${rest.join(', ')} left out. Choose Series to have all of them.`];
  return [
    ...leftOut('count', count ?? '', moreCounts),
    ...leftOut('schedulers', word ?? '', moreSchedulers),
    ...(word !== undefined && trainingId !== undefined ? [`schedulers: ${word} is left out, since training names a policy.`] : []),
    ...(preset ? ['preset: only a series has one. Choose Series to use it.'] : []),
  ];
}

/** The policy of `training` is one of the schedulers. */
export function fillSeriesFromWish(form: NewSeriesForm, { counts, schedulers, trainingId, preset }: ComposerWish): void {
  if (preset === 'table-v') applyTableV(form);
  if (counts.length > 0) chooseCounts(form, counts);
  if (schedulers.length > 0) form.schedulers = [...schedulers];
  if (trainingId === undefined) return;
  const learned = `learned:${trainingId}`;
  if (!form.schedulers.includes(learned)) form.schedulers = [...form.schedulers, learned];
}

/** Once the lists are loaded: what the address names and there is not. */
export function describeUnknown(
  what: 'testbedId' | 'datasetId',
  id: string | undefined,
  known: readonly { id: string }[] | undefined,
): string[] {
  if (id === undefined || !known || known.some((each) => each.id === id)) return [];
  const [noun, others] = what === 'testbedId' ? ['testbed', 'testbeds'] : ['dataset', 'datasets'];
  return [`${what}: there is no ${noun} ${id}. Choose one of the ${others} below.`];
}

function describeWrongScheduler(word: string): string {
  const [name = ''] = word.split(':');
  if (!(SCHEDULER_NAMES as readonly string[]).includes(name)) return `schedulers: “${name}” is none of ${SCHEDULER_NAMES.join(', ')}.`;
  return word === 'learned'
    ? 'schedulers: a learned policy is named with its training, as in learned:training-1.'
    : `schedulers: “${word}” has a setting that there is not. Write them as in ${name}:placing=longest-first:queue=shortest-first.`;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_TASKS;
}
