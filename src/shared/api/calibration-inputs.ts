import { z } from 'zod';

export const startCalibrationInput = z.object({
  testbedId: z.string().min(1),
  /** All ready nodes when absent. */
  nodeIds: z.array(z.string().min(1)).min(1).optional(),
  /** Images at each of the two step counts. */
  imagesPerCount: z.number().int().min(1).max(20).default(3),
});
export type StartCalibrationInput = z.infer<typeof startCalibrationInput>;
