import { z } from 'zod';

/** Whose path; that of the testbed that was worked with last where none is named. */
export const pathInput = z.object({ testbedId: z.string().min(1).max(64).optional() });
export type PathInput = z.infer<typeof pathInput>;
