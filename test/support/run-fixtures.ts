import type { TaskRecord } from '../../src/shared/run.js';

/** A succeeded task of run-1 on node-1. */
export function buildTaskRecord(ordinal: number, change: Partial<TaskRecord> = {}): TaskRecord {
  return {
    id: `task-${ordinal}`,
    runId: 'run-1',
    ordinal,
    prompt: `a dog number ${ordinal}`,
    seed: ordinal,
    qualitySteps: 10,
    arrivalMs: 0,
    baseStationId: 'node-1',
    edgeServerId: 'node-1',
    state: 'succeeded',
    attempts: 1,
    leaseEpoch: 1,
    delays: { uploadMs: 1, waitingMs: 2, computeMs: 13_800, downloadMs: 3, controlMs: 4, serviceMs: 13_810 },
    computeStartMs: 3,
    computeEndMs: 13_803,
    acceptedMs: 13_810,
    imageSha256: '1'.padStart(64, '0'),
    isSimulated: true,
    errorMessage: null,
    ...change,
  };
}
