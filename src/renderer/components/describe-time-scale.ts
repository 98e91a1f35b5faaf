import { formatFactor } from '../../shared/format.js';

/** Words for the time scale of a testbed (model seconds per real second), or null where durations are plain real time. */
export function describeTimeScale(timeScale: number, isSimulated: boolean): { label: string; explanation: string } | null {
  if (timeScale === 1) {
    return isSimulated ? { label: 'simulated', explanation: 'Made by simulated nodes in real time, not by real devices.' } : null;
  }
  return {
    label: `${isSimulated ? 'simulated · ' : ''}time ${formatFactor(timeScale)}`,
    explanation: `Durations are model time: ${timeScale} model seconds pass in one real second.`,
  };
}
