// A history of runs as it grows in a lab: rows written by hand, because running them would take days.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../src/main/adapters/storage/run-repository.js';
import { RunAnalysis } from '../../src/main/domain/runs/run-analysis.js';
import { buildTiming } from '../support/run-fixtures.js';
import { buildRun, buildSpec, buildTask } from '../support/storage-fixtures.js';

const NODES = 5;

interface MadeHistory {
  runCount: number;
  tasksPerRun: number;
  /** Of a task of a run, both counted from 0; a prompt of its own for each where absent. */
  prompt?: (run: number, ordinal: number) => string;
}

/** A data folder with so many ended runs of succeeded tasks; the caller removes it. */
export function makeHistory({ runCount, tasksPerRun, prompt }: MadeHistory): { dataDir: string; remove(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-bench-history-'));
  const database = openDatabase({ dataDir, nowMs: Date.now() });
  const store = new RunRepository(database, Date.now);
  const nodesSnapshot = Array.from({ length: NODES }, (_, ordinal) => {
    return { ...buildTiming(ordinal + 1), ordinal, linkMbps: 1000, agentVersion: '0.1.0', facts: null, worker: null };
  });
  const succeed = database.prepare<object>(
    `UPDATE tasks SET state = 'succeeded', edge_server_id = 'node-' || (1 + ordinal % ${NODES}), upload_ms = 1, waiting_ms = ordinal * 3.7,
       compute_ms = 13800, download_ms = 3, resend_ms = 0, control_ms = 4 + ordinal % 7, service_ms = 13808 + ordinal * 3.7 + ordinal % 7,
       compute_start_ms = ordinal * 3.7, compute_end_ms = ordinal * 3.7 + 13800, accepted_ms = ordinal * 3.7 + 13810, attempt_count = 1, lease_epoch = 1
     WHERE state = 'pending'`,
  );
  for (let run = 0; run < runCount; run++) {
    const id = `run-${run + 1}`;
    const tasks = Array.from({ length: tasksPerRun }, (_, ordinal) =>
      buildTask(ordinal, { id: `${id}-task-${ordinal}`, ...(prompt ? { prompt: prompt(run, ordinal) } : {}) }),
    );
    const times = { createdAtMs: run, startedAtMs: run, finishedAtMs: run + 1000 };
    store.insertRun(buildRun({ id, spec: buildSpec({ taskCount: tasksPerRun }), state: 'succeeded', nodesSnapshot, ...times }), tasks);
    succeed.run({});
  }
  // As the program does it when a run ends.
  const analysis = new RunAnalysis({ store, mayKeep: true, nodesLive: () => [] });
  for (const run of store.listRuns()) analysis.summary(run);
  database.close();
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
