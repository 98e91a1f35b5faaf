import { z } from 'zod';

/** Real ms that settling may take at the most: an image on a slow device takes a minute. */
const DEFAULT_SETTLE_LIMIT_MS = 120_000;

export const settleInput = z.object({
  how: z.enum(['pause', 'stop']),
  limitMs: z.number().int().min(0).max(600_000).default(DEFAULT_SETTLE_LIMIT_MS),
});
export type SettleInput = z.infer<typeof settleInput>;
