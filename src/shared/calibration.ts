// How long images take on a node, from a few that were measured there.
import type { AppErrorShape } from './errors.js';

/** What a measurement found; kept with the node, and believed instead of the paper's figures. */
export interface NodeCalibration {
  /** As in a TimeModel: everything but the denoising steps, and one of them, seconds. */
  fixedSec: number;
  secPerStep: number;
  /** Root mean square of what the two figures leave unexplained, seconds. */
  residualSec: number;
  imageCount: number;
  measuredAtMs: number;
}

/** One measured image. */
export interface CalibrationSample {
  qualitySteps: number;
  computeSec: number;
}

export interface CalibratedNode {
  nodeId: string;
  nodeName: string;
  state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  /** In the order they were made; the first image of all warms up and is not among them. */
  samples: CalibrationSample[];
  imageCount: number;
  calibration: NodeCalibration | null;
  error: AppErrorShape | null;
}

/** Lives as long as the program; what was found stays with the nodes. */
export interface CalibrationRun {
  id: string;
  testbedId: string;
  state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  startedAtMs: number;
  finishedAtMs: number | null;
  nodes: CalibratedNode[];
}
