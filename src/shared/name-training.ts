// What a training is called, which has no name of its own.
import type { TrainingChanges, TrainingMethod, TrainingPreset, TrainingSpec } from './training.js';

export const METHOD_TITLES: Record<TrainingMethod, string> = {
  'lad-ts': 'LAD-TS',
  'd2sac-ts': 'D2SAC-TS',
  'sac-ts': 'SAC-TS',
  'dqn-ts': 'DQN-TS',
  'price-ts': 'PRICE-TS',
};

const PRESET_TITLES: Record<TrainingPreset, string> = { paper: 'paper', reference: 'reference' };

/** Names a training, which has no name of its own, by what sets it apart: `LAD-TS, reference, seed 1`; one that runs taught, with `on the job`. */
export function nameTraining(spec: TrainingSpec): string {
  return `${nameWithoutSeed(spec)}, seed ${spec.seed}${spec.learnedFrom ? ', on the job' : ''}`;
}

/** What several seeds have in common: `LAD-TS, reference`. */
export function nameWithoutSeed(spec: TrainingSpec): string {
  const differences = listChanges(spec.changes).map(([symbol, value]) => `${symbol} ${value}`);
  return [METHOD_TITLES[spec.method], nameEnvironment(spec), ...differences].join(', ');
}

/** The preset, or the testbed that the environment is a copy of. */
export function nameEnvironment({ preset, twin }: Pick<TrainingSpec, 'preset' | 'twin'>): string {
  if (!twin) return PRESET_TITLES[preset];
  return twin.environment === 'testbed' ? `testbed ${twin.testbedName}` : `copy of ${twin.testbedName}`;
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
