// How long images take on a node, from a few that were measured there.
import { z } from 'zod';
import { errorShapeSchema } from './error-shape-schema.js';
import { JOB_STATES, type JobState } from './job.js';

/** What a measurement found; kept with the node, and believed instead of the paper's figures. */
export const nodeCalibrationSchema = z.object({
  /** As in a TimeModel: everything but the denoising steps, and one of them, seconds. */
  fixedSec: z.number(),
  secPerStep: z.number(),
  /** Root mean square of what the two figures leave unexplained, seconds. */
  residualSec: z.number(),
  imageCount: z.number(),
  measuredAtMs: z.number(),
});
export type NodeCalibration = z.infer<typeof nodeCalibrationSchema>;

/** One measured image. */
const calibrationSampleSchema = z.object({ qualitySteps: z.number(), computeSec: z.number() });
export type CalibrationSample = z.infer<typeof calibrationSampleSchema>;

export const calibratedNodeSchema = z.object({
  nodeId: z.string(),
  nodeName: z.string(),
  state: z.enum(JOB_STATES),
  /** In the order they were made; the first image of all warms up and is not among them. */
  samples: z.array(calibrationSampleSchema),
  imageCount: z.number(),
  calibration: nodeCalibrationSchema.nullable(),
  error: errorShapeSchema.nullable(),
});
export type CalibratedNode = z.infer<typeof calibratedNodeSchema>;

/** A calibration as a job; what was found stays with the nodes. */
export interface CalibrationRun {
  id: string;
  testbedId: string;
  state: JobState;
  startedAtMs: number;
  finishedAtMs: number | null;
  nodes: CalibratedNode[];
}
