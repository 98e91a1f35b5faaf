// What the window and the terminal may say about pushing models.
import { z } from 'zod';

const id = z.string().min(1).max(64);

export const startModelPushInput = z.object({
  modelId: id,
  testbedId: id,
  /** Only these nodes; all when absent. */
  nodeIds: z.array(id).optional(),
});
export type StartModelPushInput = z.input<typeof startModelPushInput>;
