// A comparison of versions as it is read back, from a process or from disk.
import { z } from 'zod';
import type { VersionComparison } from './on-the-job.js';

const interval = z.object({ mean: z.number(), halfWidth95: z.number().nullable() });

export const comparisonSchema: z.ZodType<VersionComparison> = z.object({
  loss: interval.nullable(),
  episodes: z.int(),
  decisions: z.int(),
  decisionMs: z.number(),
  regretBefore: z.number().nullable(),
  regretAfter: z.number().nullable(),
  regretDifference: interval.nullable(),
  failure: z.string().nullable(),
});
