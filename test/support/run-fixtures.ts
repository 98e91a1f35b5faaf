import type { AttemptRecord, NodeTiming, RunSummary, TaskRecord } from '../../src/shared/run.js';
import { ORIN_TIME_MODEL } from '../../src/shared/testbed.js';

/** A succeeded task of run-1 on node-1. */
export function buildTaskRecord(ordinal: number, change: Partial<TaskRecord> = {}): TaskRecord {
  return {
    id: `task-${ordinal}`,
    runId: 'run-1',
    ordinal,
    prompt: `a dog number ${ordinal}`,
    seed: ordinal,
    qualitySteps: 10,
    computedSteps: change.qualitySteps ?? 10,
    picture: null,
    arrivalMs: 0,
    baseStationId: 'node-1',
    edgeServerId: 'node-1',
    state: 'succeeded',
    attempts: 1,
    leaseEpoch: 1,
    delays: { uploadMs: 1, waitingMs: 2, computeMs: 13_800, downloadMs: 3, resendMs: 0, controlMs: 4, serviceMs: 13_810 },
    computeStartMs: 3,
    computeEndMs: 13_803,
    acceptedMs: 13_810,
    imageSha256: '1'.padStart(64, '0'),
    isSimulated: true,
    errorMessage: null,
    ...change,
  };
}

/** A finished, valid, simulated run of 100 tasks that took 369 s. */
export function buildRunSummary(change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'run-1',
    spec: {
      name: 'Batch',
      testbedId: 'testbed-1',
      datasetId: 'dataset-1',
      taskCount: 100,
      seed: 1,
      qualitySteps: { min: 10, max: 19 },
      arrivals: { kind: 'all-at-once' },
      scheduler: 'shortest-expected-completion',
      allowRepeatedPrompts: false,
      maxAttempts: 3,
    },
    specSha256: 'a'.repeat(64),
    state: 'succeeded',
    testbedName: 'Lab',
    datasetName: 'Flickr8k',
    timeScale: 100,
    isSimulated: true,
    createdAtMs: 10,
    startedAtMs: 11,
    finishedAtMs: 3_700,
    series: null,
    imported: null,
    waitsBehind: null,
    counts: { total: 100, pending: 0, sent: 0, succeeded: 100, failed: 0, cancelled: 0, resent: 0 },
    metrics: {
      totalGenerationDelayMs: 369_000,
      service: { meanMs: 180_000, medianMs: 181_000, p95Ms: 350_000, maxMs: 369_000 },
      waiting: { meanMs: 160_000, medianMs: 161_000, p95Ms: 330_000, maxMs: 350_000 },
      control: { meanMs: 10, medianMs: 9, p95Ms: 20, maxMs: 30 },
      lowerBoundMs: 366_000,
      lowerBoundRule: 'All work: sum of work / sum of speeds, from the arrival that gives most.',
      efficiency: 366 / 369,
      efficiencyProblem: null,
      machine: { controlShare: 10 / 180_000, hostDelayMs: 1.2, hostDelayShare: 120 / 180_000 },
    },
    validity: { isValid: true, reasons: [], limitations: [] },
    energy: null,
    ...change,
  };
}

/** A virtual node of the paper's device. */
export function buildTiming(number: number, change: Partial<NodeTiming> = {}): NodeTiming {
  const own = { id: `node-${number}`, name: `ES ${number}`, speedFactor: 1, jitterFraction: 0, timingSource: 'setting' as const };
  return { ...own, ...ORIN_TIME_MODEL, ...change };
}

/** The one sending of the task that `buildTaskRecord` builds. */
export function buildAttempt(ordinal: number, change: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    taskId: `task-${ordinal}`,
    leaseEpoch: 1,
    baseStationId: 'node-1',
    edgeServerId: 'node-1',
    state: 'succeeded',
    sentMs: 0,
    endedMs: 13_810,
    stationServiceMs: 13_810,
    axisShiftMs: 0,
    ...change,
  };
}
