import type { SeriesSpec } from '../../src/shared/series.js';

/** Two schedulers, |N| of 1 and 20, two repetitions. */
export function buildSeriesSpec(change: Partial<SeriesSpec> = {}): SeriesSpec {
  const [qualitySteps, arrivals] = [{ min: 10, max: 19 }, { kind: 'all-at-once' as const }];
  return {
    name: 'Table V',
    testbedId: 'testbed-1',
    datasetId: 'dataset-1',
    schedulers: [{ scheduler: 'round-robin' }, { scheduler: 'random' }],
    conditions: [1, 20].map((taskCount) => ({ taskCount, qualitySteps, arrivals })),
    repetitions: 2,
    seed: 1,
    allowRepeatedPrompts: false,
    maxAttempts: 3,
    coolDown: { sec: 0, belowCelsius: null },
    warmUpTasksPerNode: 0,
    maxTries: 3,
    keepInvalid: false,
    allowOverload: false,
    ...change,
  };
}
