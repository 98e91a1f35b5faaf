// What the core and its model process say to each other. One process does one task and ends.
import type { AppErrorShape } from '../../../shared/errors.js';
import type { ModelContent, ModelProgress, RefineReport } from '../../../shared/model.js';

export type ModelTask =
  /** Recognize the model and hash every file of it. */
  { kind: 'inspect'; path: string } | { kind: 'refine'; inputPath: string; outputPath: string; overwrite: boolean };

/** To the process; it answers with `failed` and the code `cancelled` once nothing is left behind. */

export type ModelReply =
  | { kind: 'progress'; progress: ModelProgress }
  | { kind: 'inspected'; content: ModelContent }
  | { kind: 'refined'; report: RefineReport }
  | { kind: 'failed'; error: AppErrorShape };

export interface ModelWorkOptions {
  signal: AbortSignal;
  onProgress(progress: ModelProgress): void;
}

/** Runs the model process, once a task. Throws what the task throws, `cancelled` when the signal aborts, `io` when the process dies. */
export interface ModelWorker {
  inspect(path: string, options: ModelWorkOptions): Promise<ModelContent>;
  /** Nothing is left behind by one that failed. */
  refine(task: Omit<ModelTask & { kind: 'refine' }, 'kind'>, options: ModelWorkOptions): Promise<RefineReport>;
}
