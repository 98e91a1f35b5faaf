// What the window and the terminal may say about pushing models.
import { z } from 'zod';
import { pushVerificationSchema } from '../model-push.js';

const id = z.string().min(1).max(64);

export const startModelPushInput = z.object({
  modelId: id,
  testbedId: id,
  /** Only these nodes; all when absent. */
  nodeIds: z.array(id).optional(),
  /** How a model that is there already is compared with the record. */
  verification: pushVerificationSchema.default('sampled'),
});
export type StartModelPushInput = z.input<typeof startModelPushInput>;
