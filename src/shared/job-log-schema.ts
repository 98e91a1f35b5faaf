// Apart from the job, so that the window's first chunk, which knows jobs, carries no validator.
import { z } from 'zod';
import type { JobLogLine } from './job.js';

export const jobLogLineSchema: z.ZodType<JobLogLine> = z.object({ atMs: z.number(), text: z.string() });
