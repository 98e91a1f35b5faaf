import { formatDuration } from '../../../shared/format.js';
import { parseNumberList } from '../../forms/parse-number-list.js';
import { computeSec, ORIN_TIME_MODEL } from '../../../shared/testbed.js';

/** The virtual testbed form as typed: numbers are null while their text is none. */
export interface VirtualForm {
  name: string;
  nodeCount: number | null;
  timeScale: number | null;
  speedFactors: string;
  linkMbps: number | null;
  jitterPercent: number | null;
  fixedSec: number | null;
  secPerStep: number | null;
}

/** Twenty times faster than the devices: a first batch of 100 takes about 20 s and the program's own overhead still stays small. */
const DEFAULT_TIME_SCALE = 20;
/** Mean of the reference's 10 to 19 denoising steps. */
const MEAN_STEPS = 14.5;

export function emptyVirtualForm(): VirtualForm {
  return {
    name: 'Virtual testbed',
    nodeCount: 5,
    timeScale: DEFAULT_TIME_SCALE,
    speedFactors: '1',
    linkMbps: 1000,
    jitterPercent: 0,
    fixedSec: ORIN_TIME_MODEL.fixedSec,
    secPerStep: ORIN_TIME_MODEL.secPerStep,
  };
}

/** The form as the API takes it, unchecked. */
export function toVirtualInput(form: VirtualForm): unknown {
  return {
    name: form.name,
    nodeCount: form.nodeCount,
    timeScale: form.timeScale,
    speedFactors: parseNumberList(form.speedFactors),
    linkMbps: form.linkMbps,
    jitterFraction: form.jitterPercent === null ? null : form.jitterPercent / 100,
    timeModel: { fixedSec: form.fixedSec, secPerStep: form.secPerStep },
  };
}

/** What the chosen figures mean for one image and for a batch of 100, or null while a figure is missing or can't be. */
export function explainVirtualForm(form: VirtualForm): string | null {
  const { nodeCount, timeScale, fixedSec, secPerStep } = form;
  if (!isPositive(nodeCount) || !isPositive(timeScale) || fixedSec === null || secPerStep === null) return null;
  if (fixedSec < 0 || secPerStep < 0) return null;
  const imageMs = computeSec({ fixedSec, secPerStep }, MEAN_STEPS) * 1000;
  const batchMs = (imageMs * 100) / nodeCount;
  const image = `An image of ${MEAN_STEPS} steps takes ${formatDuration(imageMs)} on a node of speed 1`;
  if (timeScale === 1) return `${image}; 100 images take at least about ${formatDuration(batchMs)}.`;
  return `${image} and passes in ${formatDuration(imageMs / timeScale)} of real time; 100 images take about ${formatDuration(batchMs / timeScale)} of real time.`;
}

function isPositive(value: number | null): value is number {
  return value !== null && value > 0;
}
