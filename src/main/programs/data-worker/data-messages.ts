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
