// Durable task transitions a second: each one a transaction of its own, on disk when the call returns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../src/main/adapters/storage/run-repository.js';
import { buildResult, buildRun, buildSpec, buildTask } from '../support/storage-fixtures.js';

const TASK_COUNT = 2000;

export function measureStorage(): { transitions: number; transitionsPerSec: number } {
  // BENCH_DIR names a real disk where the temporary folder is memory, in which nothing is durable.
  const dataDir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'dedgeai-bench-storage-'));
  const database = openDatabase({ dataDir, nowMs: Date.now() });
  try {
    const store = new RunRepository(database, Date.now);
    const tasks = Array.from({ length: TASK_COUNT }, (_, ordinal) => buildTask(ordinal));
    store.insertRun(buildRun({ spec: buildSpec({ taskCount: TASK_COUNT }) }), tasks);
    const startedMs = performance.now();
    for (const task of tasks) {
      store.markSent('run-1', [{ taskId: task.id, baseStationId: task.baseStationId, atMs: 0 }]);
      store.acceptResults([buildResult(task.id, 1)]);
    }
    const elapsedSec = (performance.now() - startedMs) / 1000;
    const figures = { transitions: 2 * TASK_COUNT, transitionsPerSec: (2 * TASK_COUNT) / elapsedSec };
    process.stderr.write(`durable task transitions: ${figures.transitionsPerSec.toFixed(0)} a second (promised: 500)\n`);
    return figures;
  } finally {
    database.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
