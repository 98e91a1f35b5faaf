import type { HistoryEntry } from '../../src/shared/history.js';

/** A valid run of 500 tasks that has ended. */
export function buildHistoryEntry(change: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    kind: 'run',
    id: 'run-1',
    name: 'Live 500',
    state: 'succeeded',
    result: { isValid: true, reasons: [] },
    isSimulated: false,
    isImported: false,
    testbedName: 'Rack A',
    datasetName: 'Flickr8k',
    scheduler: 'Random',
    schedulerName: 'random',
    taskCount: 500,
    seed: 1,
    steps: { min: 10, max: 19 },
    totalMs: 1_849_800,
    efficiency: 0.989,
    p95Ms: 1_757_000,
    meanMs: 900_000,
    succeededCount: 500,
    createdAtMs: 1_000,
    startedAtMs: 2_000,
    finishedAtMs: 3_000,
    seriesId: null,
    seriesName: null,
    tags: [],
    isStarred: false,
    hasNote: false,
    note: null,
    isBest: false,
    ...change,
  };
}
