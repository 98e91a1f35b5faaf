// A scheduler with its settings as one word of a command or an address: `random`, `learned:training-1`,
// `considerate-completion:k=0.7:queue=shortest-first`.
import { SCHEDULER_NAMES } from './run.js';
import { PLACING_ORDER_NAMES, QUEUE_ORDER_NAMES, type SchedulingSettings } from './scheduling-settings.js';
import type { SeriesScheduler } from './series.js';

/** Settings that a word can have behind the name, each as `key=value`. */
export const SETTING_KEYS = ['placing', 'queue', 'speeds', 'k', 'learning'] as const;

export function wordForScheduler(row: SeriesScheduler): string {
  const { scheduler, trainingId, placingOrder, queueOrder, speedWeight, consideration, learning } = row;
  const settings: [(typeof SETTING_KEYS)[number], string | number | undefined][] = [
    ['placing', placingOrder],
    ['queue', queueOrder],
    ['speeds', speedWeight],
    ['k', consideration],
    ['learning', learning],
  ];
  const words = settings.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return [scheduler, ...(trainingId === undefined ? [] : [trainingId]), ...words].join(':');
}

/** Null of a word that names none; a learned policy is named with its training, and no other scheduler has one. */
export function parseScheduler(word: string): SeriesScheduler | null {
  const [name = '', ...rest] = word.split(':');
  const scheduler = SCHEDULER_NAMES.find((known) => known === name);
  const trainingId = rest.filter((part) => !part.includes('=')).join(':');
  if (!scheduler || (scheduler === 'learned') !== (trainingId !== '')) return null;
  let settings: SchedulingSettings = {};
  for (const part of rest) {
    if (!part.includes('=')) continue;
    const setting = parseSetting(part);
    if (!setting) return null;
    settings = { ...settings, ...setting };
  }
  // Only what has learned can learn on.
  if (settings.learning !== undefined && scheduler !== 'learned') return null;
  return { scheduler, ...(trainingId !== '' && { trainingId }), ...settings };
}

function parseSetting(part: string): SchedulingSettings | null {
  const [key, value = ''] = part.split('=', 2);
  const number = value === '' ? NaN : Number(value);
  switch (key) {
    case 'placing': {
      const placingOrder = PLACING_ORDER_NAMES.find((order) => order === value);
      return placingOrder ? { placingOrder } : null;
    }
    case 'queue': {
      const queueOrder = QUEUE_ORDER_NAMES.find((order) => order === value);
      return queueOrder ? { queueOrder } : null;
    }
    case 'speeds':
      return number > 0 && number <= 1 ? { speedWeight: number } : null;
    case 'k':
      return number >= 0 && number <= 1 ? { consideration: number } : null;
    case 'learning':
      return value === 'measured' ? { learning: value } : null;
    default:
      return null;
  }
}
