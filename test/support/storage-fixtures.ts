// A database in a folder of its own, and builders for what goes into it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/main/adapters/storage/database.js';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import type { AcceptedResult, NewTask, StoredRun } from '../../src/main/domain/runs/run-store.js';
import type { RunSpec } from '../../src/shared/run.js';
import { buildTiming } from './run-fixtures.js';
import { ORIN_TIME_MODEL, type Testbed, type TestbedNode } from '../../src/shared/testbed.js';

export interface TemporaryDatabase {
  dataDir: string;
  database: Database;
  /** Closes the database and removes its folder. */
  dispose(): void;
}

export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'dedgeai-test-'));
}

export function openTemporaryDatabase(): TemporaryDatabase {
  const dataDir = makeTemporaryFolder();
  const database = openDatabase({ dataDir, nowMs: 1_000 });
  return {
    dataDir,
    database,
    dispose() {
      database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function buildNode(change: Partial<TestbedNode> = {}): TestbedNode {
  return {
    id: 'node-1',
    testbedId: 'testbed-1',
    ordinal: 0,
    name: 'ES 1',
    kind: 'virtual',
    host: '127.0.0.1',
    port: 40_001,
    user: 'lab',
    auth: 'program-key',
    keyFile: null,
    sshRoute: null,
    agentPort: null,
    virtual: { speedFactor: 1, linkMbps: 1000, jitterFraction: 0, timeModel: ORIN_TIME_MODEL },
    provisionState: 'new',
    agentVersion: null,
    calibration: null,
    worker: null,
    facts: null,
    createdAtMs: 1,
    ...change,
  };
}

export function buildTestbed(change: Partial<Testbed> = {}): Testbed {
  return { id: 'testbed-1', name: 'Lab', kind: 'virtual', timeScale: 100, createdAtMs: 1, nodes: [buildNode()], ...change };
}

export function buildSpec(change: Partial<RunSpec> = {}): RunSpec {
  return {
    name: 'Batch',
    testbedId: 'testbed-1',
    datasetId: 'dataset-1',
    taskCount: 3,
    seed: 1,
    qualitySteps: { min: 10, max: 19 },
    arrivals: { kind: 'all-at-once' },
    scheduler: 'round-robin',
    allowRepeatedPrompts: false,
    maxAttempts: 3,
    ...change,
  };
}

export function buildRun(change: Partial<StoredRun> = {}): StoredRun {
  return {
    id: 'run-1',
    spec: buildSpec(),
    specSha256: 'a'.repeat(64),
    state: 'running',
    timeScale: 100,
    isSimulated: true,
    programVersion: '0.1.0',
    createdAtMs: 10,
    startedAtMs: null,
    finishedAtMs: null,
    clockStoppedAtMs: null,
    clockStoppedMs: 0,
    nodesSnapshot: [{ ...buildTiming(1), ordinal: 0, linkMbps: 1000, agentVersion: '0.1.0', facts: null, worker: null }],
    lowerBoundMs: 54_900,
    lowerBoundRule: 'Equal tasks',
    invalidReasons: [],
    hostDelay: null,
    axis: 'run',
    series: null,
    ...change,
  };
}

export function buildTask(ordinal: number, change: Partial<NewTask> = {}): NewTask {
  return {
    id: `task-${ordinal}`,
    ordinal,
    promptId: ordinal + 1,
    prompt: `a dog number ${ordinal}`,
    seed: ordinal,
    qualitySteps: 10,
    computedSteps: change.qualitySteps ?? 10,
    picture: null,
    arrivalMs: 0,
    baseStationId: 'node-1',
    ...change,
  };
}

/** A SHA-256-shaped name that tells numbers apart. */
export function fakeSha256(number: number): string {
  return number.toString(16).padStart(64, '0');
}

export function buildResult(taskId: string, leaseEpoch: number, change: Partial<AcceptedResult> = {}): AcceptedResult {
  return {
    taskId,
    leaseEpoch,
    edgeServerId: 'node-1',
    delays: { uploadMs: 1, waitingMs: 2, computeMs: 13_800, downloadMs: 3, controlMs: 4, serviceMs: 13_810 },
    computeStartMs: 3,
    computeEndMs: 13_803,
    acceptedMs: 13_810,
    computedSteps: 0,
    image: { sha256: fakeSha256(1), sizeBytes: 1000, widthPx: 512, heightPx: 512, mediaType: 'image/png', isSimulated: true },
    ...change,
  };
}
