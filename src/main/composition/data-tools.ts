import type { Log } from '../adapters/log/log.js';
import { DataTools } from '../domain/data-care/data-tools.js';
import { steadyNowMs } from '../domain/runs/run-clock.js';
import { findProgramPaths } from '../foundation/program-paths.js';
import { DataProcess } from '../programs/data-worker/data-process.js';

/** What can be done for a data folder, whether a program has it open or not. */
export function composeDataTools(dataDir: string, log: Log | null = null): DataTools {
  return new DataTools({ dataDir, worker: new DataProcess(findProgramPaths().dataWorkerPath, log), nowMs: steadyNowMs });
}
