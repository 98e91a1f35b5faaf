// A measurement of image times in words.
import { JOB_STATUS, type Status } from '../../components/status.js';
import { formatQuantity, formatSeconds } from '../../../shared/format.js';
import type { CalibratedNode } from '../../../shared/calibration.js';
import type { JobState } from '../../../shared/job.js';

export const CALIBRATION_STATUS: Record<JobState, Status> = {
  ...JOB_STATUS,
  running: { tone: 'busy', label: 'Measuring' },
  succeeded: { tone: 'ok', label: 'Measured' },
};

/** How far a node is, and its last image. */
export function describeSamples({ samples, imageCount }: Pick<CalibratedNode, 'samples' | 'imageCount'>): string {
  const last = samples.at(-1);
  if (!last) return 'The first image warms up and does not count';
  return `${samples.length} of ${imageCount}: ${formatSeconds(last.computeSec * 1000, 2)} for ${formatQuantity(last.qualitySteps, 'step')}`;
}
