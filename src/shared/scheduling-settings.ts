// What a run can set for whoever schedules it: in which order a station places a burst, in which order an edge server executes its queue, and
// by which speeds nodes are reckoned with. What is absent is as in the paper, so that records of earlier versions mean what they meant.

import { USUAL_SETTINGS } from '../scheduling/heuristics/heuristic.js';

export const PLACING_ORDERS = {
  own: { title: "The scheduler's own", sentence: 'As tasks come, as in the paper; list scheduling places the longest of a burst first.' },
  'as-it-comes': { title: 'As it comes', sentence: 'Tasks are placed in the order in which they arrived.' },
  'longest-first': { title: 'Longest first', sentence: 'The task of the most steps is placed first, so that short ones even out the end.' },
  'shortest-first': { title: 'Shortest first', sentence: 'The task of the fewest steps is placed first, and so executed first.' },
} as const;
export type PlacingOrder = keyof typeof PLACING_ORDERS;
export const PLACING_ORDER_NAMES = Object.keys(PLACING_ORDERS) as [PlacingOrder, ...PlacingOrder[]];

export const QUEUE_ORDERS = {
  'first-come-first-served': { title: 'First come, first served', sentence: 'As in the paper.' },
  'shortest-first': {
    title: 'Shortest first',
    sentence: 'Of the tasks that wait, the one of the fewest steps is next: the least mean delay. The longest wait for all others.',
  },
} as const;
export type QueueOrder = keyof typeof QUEUE_ORDERS;
export const QUEUE_ORDER_NAMES = Object.keys(QUEUE_ORDERS) as [QueueOrder, ...QueueOrder[]];

export interface SchedulingSettings {
  /** Absent: `own`. */
  placingOrder?: PlacingOrder | undefined;
  /** Absent: `first-come-first-served`. */
  queueOrder?: QueueOrder | undefined;
  /**
   * Each edge server reckons with its speed as it was seen: an average of measured over expected compute times in which the newest has this
   * weight, (0, 1]. Absent: with the speed on record.
   */
  speedWeight?: number | undefined;
  /** k of considerate completion, 0 to 1; absent with other schedulers. */
  consideration?: number | undefined;
  /**
   * `measured`: learning on the job is what the series measures, of this row of it: what each run shows is learned from before the row's next one.
   * Absent: nothing is learned between the runs. Of learned policies in a series alone.
   */
  learning?: 'measured' | undefined;
}

/** Reacts within a few tasks, and evens out the spread of single ones (docs/beyond-the-paper.md). */
export const DEFAULT_SPEED_WEIGHT = 0.3;
/** Between list scheduling (0) and the shortest wait (1); `policy tune` finds the best one for a testbed. */
export const DEFAULT_CONSIDERATION = USUAL_SETTINGS.consideration;

const CONSIDERATE = 'considerate-completion';

/** Whether a scheduler goes by `consideration`. */
export function isConsiderate(scheduler: string): boolean {
  return scheduler === CONSIDERATE;
}

/** The settings alone, in one spelling: what is as in the paper is absent. Two runs that do the same have the same hash. */
export function normalizeSettings(scheduler: string, settings: SchedulingSettings): SchedulingSettings {
  const { placingOrder, queueOrder, speedWeight, consideration, learning } = settings;
  const k = consideration ?? (isConsiderate(scheduler) ? DEFAULT_CONSIDERATION : undefined);
  return {
    ...(placingOrder !== undefined && placingOrder !== 'own' && { placingOrder }),
    ...(queueOrder !== undefined && queueOrder !== 'first-come-first-served' && { queueOrder }),
    ...(speedWeight !== undefined && { speedWeight }),
    ...(k !== undefined && { consideration: k }),
    ...(learning !== undefined && { learning }),
  };
}

/** What differs from the paper, a few words each: `longest placed first`, `speeds as seen`. */
export function nameSettings({ placingOrder, queueOrder, speedWeight, consideration, learning }: SchedulingSettings): string[] {
  return [
    ...(placingOrder === undefined || placingOrder === 'own' ? [] : [PLACED[placingOrder]]),
    ...(queueOrder === 'shortest-first' ? ['shortest executed first'] : []),
    ...(speedWeight === undefined ? [] : [`speeds as seen (weight ${speedWeight})`]),
    ...(consideration === undefined ? [] : [`k = ${consideration}`]),
    ...(learning === undefined ? [] : ['learns on the job']),
  ];
}

const PLACED: Record<Exclude<PlacingOrder, 'own'>, string> = {
  'as-it-comes': 'placed as it comes',
  'longest-first': 'longest placed first',
  'shortest-first': 'shortest placed first',
};

/** Every setting by its name, as it stands. */
export function listSettings({
  placingOrder,
  queueOrder,
  speedWeight,
  consideration,
  learning,
}: SchedulingSettings): [name: string, value: string][] {
  return [
    ['Placing order', PLACING_ORDERS[placingOrder ?? 'own'].title],
    ['Queue order', QUEUE_ORDERS[queueOrder ?? 'first-come-first-served'].title],
    ['Speeds of nodes', describeSpeeds(speedWeight)],
    ...(consideration === undefined ? [] : [['Consideration k', String(consideration)] satisfies [string, string]]),
    ...(learning === undefined ? [] : [['Learning on the job', 'is what its series measures'] satisfies [string, string]]),
  ];
}

function describeSpeeds(speedWeight: number | undefined): string {
  return speedWeight === undefined ? 'on record' : `as seen, weight ${speedWeight} for the newest`;
}

/** The same tasks in the order of the run; equal ones stay as they came. */
export function inPlacingOrder<Task extends { readonly qualitySteps: number }>(tasks: readonly Task[], order: PlacingOrder): Task[] {
  switch (order) {
    case 'own':
    case 'as-it-comes':
      return [...tasks];
    case 'longest-first':
      return tasks.toSorted((a, b) => b.qualitySteps - a.qualitySteps);
    case 'shortest-first':
      return tasks.toSorted((a, b) => a.qualitySteps - b.qualitySteps);
  }
}

/** Of what waits, in order of admission, what is executed next: the first of equals. */
export function nextInQueue<Entry extends { readonly expectedMs: number }>(
  waiting: readonly Entry[],
  order: QueueOrder,
): Entry | undefined {
  const [first] = waiting;
  if (order === 'first-come-first-served' || !first) return first;
  return waiting.reduce((next, entry) => (entry.expectedMs < next.expectedMs ? entry : next), first);
}
