// What the program is doing now that a person would not want cut off by a closed window.

import { z } from 'zod';

const ACTIVITY_KINDS = ['run', 'training', 'study', 'series', 'provisioning', 'model-push', 'calibration', 'model-job', 'wheels'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export const activitySchema = z.object({
  kind: z.enum(ACTIVITY_KINDS),
  id: z.string(),
  name: z.string(),
  /** Of the unit. */
  done: z.number(),
  total: z.number(),
  unit: z.enum(['tasks', 'episodes', 'cells', 'nodes', 'bytes', 'images']),
  /** `waiting` has not started, `pausing` ends what is under way and then stands still. */
  state: z.enum(['going', 'waiting', 'pausing']),
  /** Whether it can stand still and continue later; what cannot is canceled by a pause of everything. */
  canPause: z.boolean(),
});
export type Activity = z.infer<typeof activitySchema>;

export type SettleHow = 'pause' | 'stop';

export const settledSchema = z.object({
  /** What was still going when the time was up; empty when everything stands still. */
  left: z.array(activitySchema),
});
export type Settled = z.infer<typeof settledSchema>;
