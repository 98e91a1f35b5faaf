// Ended runs in a database, with tasks whose delays are given: what comparisons are made of.
import { openStorage, type Storage } from '../../src/main/adapters/storage/open-storage.js';
import type { RunSpec } from '../../src/shared/run.js';
import { buildResult, buildRun, buildSpec, buildTask, fakeSha256 } from './storage-fixtures.js';

export interface StoredRunChoice {
  id: string;
  name?: string;
  scheduler?: RunSpec['scheduler'];
  seed?: number;
  /** Service delays by position, seconds. */
  serviceSec: readonly number[];
}

/** The prompts follow from the seed, as in a run that was planned. */
export function storeEndedRun(storage: Storage, { id, name = id, scheduler = 'round-robin', seed = 1, serviceSec }: StoredRunChoice): void {
  const taskIdOf = (ordinal: number): string => `${id}-${ordinal}`;
  const tasks = serviceSec.map((_, ordinal) =>
    buildTask(ordinal, { id: taskIdOf(ordinal), prompt: `prompt ${seed} ${ordinal}`, seed: seed * 1000 + ordinal }),
  );
  const spec = buildSpec({ name, scheduler, seed, taskCount: serviceSec.length });
  const ended = { state: 'succeeded' as const, startedAtMs: 1_000, finishedAtMs: 90_000 };
  storage.runs.insertRun(buildRun({ ...ended, id, spec, timeScale: 1, lowerBoundMs: 100 }), tasks);
  storage.runs.markSent(
    id,
    tasks.map((task) => ({ taskId: task.id, baseStationId: 'node-1', atMs: 0 })),
  );
  storage.runs.acceptResults(
    serviceSec.map((sec, ordinal) => {
      const serviceMs = sec * 1000;
      const plain = buildResult(taskIdOf(ordinal), 1);
      const delays = { uploadMs: 1, waitingMs: serviceMs - 503, computeMs: 500, downloadMs: 1, controlMs: 1, serviceMs };
      const instants = { computeStartMs: serviceMs - 502, computeEndMs: serviceMs - 2, acceptedMs: serviceMs };
      return { ...plain, ...instants, delays, image: { ...plain.image, sha256: fakeSha256(seed * 1000 + ordinal) } };
    }),
  );
}

/** Stores runs in a folder that no program has open. */
export function storeEndedRuns(dataDir: string, runs: readonly StoredRunChoice[]): void {
  const storage = openStorage({ dataDir, nowMs: () => 1_000 });
  for (const run of runs) storeEndedRun(storage, run);
  storage.close();
}
