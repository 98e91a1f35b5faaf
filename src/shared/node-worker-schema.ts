// What makes the images of a node what they are: its worker as it was proved last.
import { z } from 'zod';
import { CLIP_ALONE, TEXT_ENCODERS } from './model-variant.js';

export const nodeWorkerSchema = z.object({
  /** `cpu` or `cuda`, and its name. */
  device: z.string(),
  deviceName: z.string(),
  /** Number type of the weights. */
  dtype: z.string(),
  /** Rows of zeros that stand in for T5; where T5 runs, the tokens that it reads. */
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
  /** Records of versions before T5 was an option say nothing: their workers had the two CLIPs. */
  encoders: z.array(z.enum(TEXT_ENCODERS)).default([...CLIP_ALONE]),
});
export type NodeWorker = z.infer<typeof nodeWorkerSchema>;
