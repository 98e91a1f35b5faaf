// What the core and its data process say to each other. One process does one task and ends.
import type { DataCheckReport, DataProgress } from '../../../shared/data-care.js';
import type { AppErrorShape } from '../../../shared/errors.js';

export type DataTask =
  /** Everything in the folder. */
  | { kind: 'check'; dataDir: string }
  /** Whether the database is sound, without comparing tables with indexes. */
  | { kind: 'quick-check'; dataDir: string }
  /** `path` is free, in a folder that exists. */
  | { kind: 'back-up'; dataDir: string; path: string };

/** To the process; it answers with `failed` and the code `cancelled` once nothing is left behind. */

export type DataReply =
  | { kind: 'progress'; progress: DataProgress }
  | { kind: 'checked'; report: DataCheckReport }
  /** Null when it is sound. */
  | { kind: 'quick-checked'; problem: string | null }
  | { kind: 'backed-up'; sizeBytes: number }
  | { kind: 'failed'; error: AppErrorShape };

export interface DataWorkOptions {
  signal: AbortSignal;
  onProgress(progress: DataProgress): void;
}

/** Runs the data process, once a task. Throws `cancelled`, and `io` when the process dies. */
export interface DataWorker {
  /** What is wrong with the data is in the report. */
  check(dataDir: string, options: DataWorkOptions): Promise<DataCheckReport>;
  /** The first problem of the database; null when it is sound. Throws also what opening throws. */
  quickCheck(dataDir: string, options: DataWorkOptions): Promise<string | null>;
  /** Writes a verified copy of the database to a path that is free. Throws also `no-space`, `database-damaged`. */
  backUp(dataDir: string, path: string, options: DataWorkOptions): Promise<{ sizeBytes: number }>;
}
