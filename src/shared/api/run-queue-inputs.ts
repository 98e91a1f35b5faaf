// What is said of runs that wait for their testbed.
import { z } from 'zod';

export const moveRunInput = z.object({
  id: z.string(),
  /** By one place. */
  to: z.enum(['earlier', 'later']),
});
