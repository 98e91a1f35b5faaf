// What the list and the page of a training say about it in words.
import { formatDuration } from '../../../shared/format.js';
import { isOpenState } from '../../../shared/job.js';
import { nameTraining } from '../../../shared/name-training.js';
import { schedulesRuns, type Training } from '../../../shared/training.js';

/** Whether it is under way, so that its checkpoint and curve still grow. */
export function isUnderWay({ state }: Pick<Training, 'state'>): boolean {
  return isOpenState(state);
}

/** A training that diverged would end the same way again. */
export function canResume({ state, error }: Pick<Training, 'state' | 'error'>): boolean {
  return state === 'paused' || (state === 'failed' && error?.code !== 'training-diverged');
}

export function canCancel({ state }: Pick<Training, 'state'>): boolean {
  return state !== 'succeeded' && state !== 'cancelled' && state !== 'failed';
}

/** Why no run can be scheduled by its policy, whatever the testbed; null where one can. */
export function describeRunHindrance({ spec, checkpointEpisodes }: Pick<Training, 'spec' | 'checkpointEpisodes'>): string | null {
  if (!schedulesRuns(spec.method)) return 'PRICE-TS has no slots to go by in a run';
  if (!spec.twin) return 'It was not trained in the digital twin of a testbed';
  return checkpointEpisodes === 0 ? 'It has no checkpoint yet' : null;
}

/** One name a training; equal ones get the end of their id. */
export function nameApart(trainings: readonly Training[]): Map<string, string> {
  const names = trainings.map(({ spec }) => nameTraining(spec));
  return new Map(
    trainings.map(({ id }, index) => {
      const name = names[index] ?? id;
      return [id, names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${id.slice(-4)})`];
    }),
  );
}

/** One name an item; equal ones are numbered: `LAD-TS, reference (2)`. */
export function nameApartBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): string[] {
  const names = items.map(nameOf);
  return names.map((name, index) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name} (${names.slice(0, index + 1).filter((other) => other === name).length})`;
  });
}

/** What is left, in words; null when nothing is under way. */
export function describeLeft({ state, remainingSec }: Pick<Training, 'state' | 'remainingSec'>): string | null {
  if (state === 'queued') return 'Waits for a free core';
  if (state === 'stopping') return 'Finishes its episode';
  if (state !== 'running') return null;
  return remainingSec === null ? 'Time left is not known yet' : `About ${formatDuration(remainingSec * 1000)} left`;
}
