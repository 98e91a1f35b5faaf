// What is said of runs and series that wait, for their testbed or for a time.
import { z } from 'zod';
import { startAtMs } from './inputs.js';

/** Of a run or series that waits. */
export const moveInput = z.object({
  id: z.string().min(1).max(64),
  to: z.enum(['earlier', 'later']),
  /** How many others it comes before or after that waited on the other side of it. */
  places: z.int().min(1).max(10_000).default(1),
});

/** Of a run or series that waits for a time; null: now. */
export const rescheduleInput = z.object({ id: z.string().min(1).max(64), startAtMs: startAtMs.nullable() });
