// What the core and its model process say to each other. One process does one task and ends.
import type { AppErrorShape } from '../../../shared/errors.js';
import type { ModelContent, ModelProgress, RefineReport } from '../../../shared/model.js';

export type ModelTask =
  /** Recognise the model and hash every file of it. */
  { kind: 'inspect'; path: string } | { kind: 'refine'; inputPath: string; outputPath: string; overwrite: boolean };

/** To the process; it answers with `failed` and the code `cancelled` once nothing is left behind. */

export type ModelReply =
  | { kind: 'progress'; progress: ModelProgress }
  | { kind: 'inspected'; content: ModelContent }
  | { kind: 'refined'; report: RefineReport }
  | { kind: 'failed'; error: AppErrorShape };
