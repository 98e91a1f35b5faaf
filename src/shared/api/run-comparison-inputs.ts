// Which runs are compared, and how.
import { z } from 'zod';
import { COMPARISON_EXPORTS, MAX_COMPARED_RUNS, RUN_GROUPINGS } from '../run-comparison.js';

const id = z.string().min(1).max(64);
const runIds = z.array(id).max(MAX_COMPARED_RUNS, `At most ${MAX_COMPARED_RUNS} runs are compared at once`);

export const runComparisonInput = z.object({
  /** In the order that they are listed in; one that is named twice counts once. */
  runIds: runIds.min(2, 'A comparison takes at least two runs'),
  groupBy: z.enum(RUN_GROUPINGS).default('scheduler'),
  /** A run, or the id or name of a group; the group of the first run that counts where it is null or not there. */
  reference: z.string().min(1).max(200).nullable().default(null),
  /** Stay listed and keep their looks, but count in no figure. */
  hiddenIds: runIds.default([]),
  /** Leaves invalid runs out of every figure. */
  onlyValid: z.boolean().default(false),
});
/** As it is when it has passed the border. */
export type RunComparisonRequest = z.output<typeof runComparisonInput>;

export const runTimelinesInput = z.object({ runIds: runIds.min(1) });

export const comparisonExport = z.enum(COMPARISON_EXPORTS);
export const comparisonExportFormat = z.enum(['csv', 'svg']);
