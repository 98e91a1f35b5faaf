// Whether a node takes longer than is on record for it, which the schedulers and the estimate reckon with. Pure.
import type { TestbedNode } from '../../../shared/testbed.js';

/** An image that takes so many times as long as on record is worth a look; less is the weather of a run. */
const SLOW_FROM = 1.5;

/** `2.1× slower than calibrated`; null where it is about as fast as on record, or not known. `slowness` as in RunLive. */
export function describeStraggler(
  { virtual, calibration }: Pick<TestbedNode, 'virtual' | 'calibration'>,
  slowness: number | null,
): string | null {
  if (slowness === null || slowness < SLOW_FROM) return null;
  const record = virtual ? 'set' : calibration ? 'calibrated' : 'expected';
  return `${slowness.toFixed(1)}× slower than ${record}`;
}

/** What helps. */
export function adviseOnStraggler({ virtual }: Pick<TestbedNode, 'virtual'>): string {
  return virtual
    ? 'The median of its images in the run under way. This computer may be too busy for the time scale.'
    : 'The median of its images in the run under way. Look at its temperature and power mode; calibrate it again when the run has ended, or leave it out of the next.';
}
