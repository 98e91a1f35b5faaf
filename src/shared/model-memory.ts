// What a model takes of a device's memory, with T5 and without, measured on that device.
import { z } from 'zod';

/** What the paper says of its devices, in decimal GB: the original and the refined model. */
export const PAPER_MEMORY_GB = { original: 40, refined: 16 } as const;

/** What the figures are, in one sentence for every place that shows them. */
export const MEMORY_COUNTED =
  'Counted: how far MemAvailable fell, from before the libraries were loaded to the least while the model was loaded and made one image of ' +
  "512 × 512 px; on a Jetson the GPU's memory is part of it, and cached files are not. Other programs of the device count when they take memory meanwhile.";

export const measuredMemorySchema = z.object({
  /** Fall of MemAvailable at the worst moment; null where the system does not report. */
  takenBytes: z.number().nullable(),
  /** Fall of MemAvailable once the model is loaded and at rest. */
  restingBytes: z.number().nullable(),
  /** The most that the process had in RAM, mapped files included. */
  mostResidentBytes: z.number().nullable(),
  /** The most that torch gave out of the GPU's memory; null on a processor. */
  mostCudaBytes: z.number().nullable(),
  loadMs: z.number(),
  device: z.string(),
  dtype: z.string(),
});
export type MeasuredMemory = z.infer<typeof measuredMemorySchema>;

const modelMemorySchema = measuredMemorySchema.extend({ modelId: z.string(), modelName: z.string(), hasT5: z.boolean() });
export type ModelMemory = z.infer<typeof modelMemorySchema>;

/** Kept with its node. */
export const memoryComparisonSchema = z.object({
  nodeId: z.string(),
  nodeName: z.string(),
  measuredAtMs: z.number(),
  original: modelMemorySchema,
  refined: modelMemorySchema,
  /** By which part of the original the refined takes less at the worst moment, 0..1; null where it can't be determined. */
  savedFraction: z.number().nullable(),
});
export type MemoryComparison = z.infer<typeof memoryComparisonSchema>;
