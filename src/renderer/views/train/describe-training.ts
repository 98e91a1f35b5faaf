// What the list and the page of a training say about it in words.
import { formatDuration, formatQuantity } from '../../../shared/format.js';
import { isOpenState } from '../../../shared/job.js';
import type { Training, TrainingChanges, TrainingMethod, TrainingPreset, TrainingSpec } from '../../../shared/training.js';

export const METHOD_TITLES: Record<TrainingMethod, string> = {
  'lad-ts': 'LAD-TS',
  'd2sac-ts': 'D2SAC-TS',
  'sac-ts': 'SAC-TS',
  'dqn-ts': 'DQN-TS',
  'price-ts': 'PRICE-TS',
};

const PRESET_TITLES: Record<TrainingPreset, string> = { paper: 'paper', reference: 'reference' };

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

/** Names a training, which has no name of its own, by what sets it apart: `LAD-TS, reference, seed 1`. */
export function nameTraining(spec: TrainingSpec): string {
  return `${nameWithoutSeed(spec)}, seed ${spec.seed}`;
}

/** What several seeds have in common: `LAD-TS, reference`. */
export function nameWithoutSeed(spec: TrainingSpec): string {
  const differences = listChanges(spec.changes).map(([symbol, value]) => `${symbol} ${value}`);
  return [METHOD_TITLES[spec.method], nameEnvironment(spec), ...differences].join(', ');
}

/** The preset, or the testbed that the environment is a copy of. */
export function nameEnvironment({ preset, twin }: Pick<TrainingSpec, 'preset' | 'twin'>): string {
  return twin ? `copy of ${twin.testbedName}` : PRESET_TITLES[preset];
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

/** What goes when trainings are removed, one a line. */
export function listRemovalFacts(trainings: readonly Pick<Training, 'doneEpisodes' | 'checkpointEpisodes'>[]): string[] {
  const episodes = trainings.reduce((sum, { doneEpisodes }) => sum + doneEpisodes, 0);
  const withPolicy = trainings.filter(({ checkpointEpisodes }) => checkpointEpisodes > 0);
  const [only] = trainings.length === 1 ? withPolicy : [];
  const policies = only
    ? `Its policy after ${formatQuantity(only.checkpointEpisodes, 'episode')}`
    : formatQuantity(withPolicy.length, 'policy', 'policies');
  return [
    `${formatQuantity(episodes, 'episode')} of learning curves ${episodes === 1 ? 'is' : 'are'} deleted`,
    withPolicy.length === 0 ? 'There is no policy yet' : `${policies} ${withPolicy.length === 1 ? 'is' : 'are'} deleted`,
  ];
}

/** What differs from the preset, by the paper's symbols. */
export function listChanges(changes: TrainingChanges): [symbol: string, value: number][] {
  const { baseStations, slots, maxTasksPerSlot, maxCapacityGigacyclesPerSec, maxQualitySteps } = changes;
  const all: [string, number | undefined][] = [
    ['B', baseStations],
    ['|T|', slots],
    ['N max', maxTasksPerSlot],
    ['f max', maxCapacityGigacyclesPerSec],
    ['z max', maxQualitySteps],
  ];
  return all.flatMap(([symbol, value]): [string, number][] => (value === undefined ? [] : [[symbol, value]]));
}
