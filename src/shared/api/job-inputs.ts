import { z } from 'zod';
import { JOB_KINDS } from '../job.js';

/** Which jobs; all where absent. */
export const jobChoiceInput = z.object({
  kind: z.enum(JOB_KINDS).optional(),
  /** Only those that run or wait. */
  isOpen: z.boolean().optional(),
});
