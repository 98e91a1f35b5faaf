// What makes the images of a node what they are: its worker as it was proved last.
import { z } from 'zod';

export const nodeWorkerSchema = z.object({
  /** `cpu` or `cuda`, and its name. */
  device: z.string(),
  deviceName: z.string(),
  /** Number type of the weights. */
  dtype: z.string(),
  /** Rows of zeros that stand in for T5. */
  t5Tokens: z.number(),
  guidanceScale: z.number(),
  shift: z.number(),
  pythonVersion: z.string(),
  torchVersion: z.string(),
  diffusersVersion: z.string(),
  /** `plain` or `expandable`; empty on a processor. */
  allocator: z.string(),
  /** SHA-256 of its model; null where none is on record. */
  modelSha256: z.string().nullable(),
});
export type NodeWorker = z.infer<typeof nodeWorkerSchema>;
