import { ORIN_TIME_MODEL, type VirtualNodeSettings } from '../../../../shared/testbed.js';

/** Says plainly that the device is simulated; everything else of a virtual node's facts is this machine's. */
export function describeVirtualDevice({ timeModel, speedFactor }: VirtualNodeSettings): string {
  const isOrin = timeModel.fixedSec === ORIN_TIME_MODEL.fixedSec && timeModel.secPerStep === ORIN_TIME_MODEL.secPerStep;
  const device = isOrin ? 'Jetson AGX Orin' : `device of ${timeModel.fixedSec} s + ${timeModel.secPerStep} s a step`;
  return `Virtual node (simulated ${device}, speed ${speedFactor})`;
}
