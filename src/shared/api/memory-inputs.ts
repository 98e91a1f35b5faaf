import { z } from 'zod';

export const compareMemoryInput = z.object({
  nodeId: z.string().min(1),
  /** With T5; both must have been pushed to the node. */
  originalModelId: z.string().min(1),
  refinedModelId: z.string().min(1),
});
export type CompareMemoryInput = z.infer<typeof compareMemoryInput>;
