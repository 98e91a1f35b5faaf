// What the machine that simulates (or controls) a run adds to its delays. A simulated second is a real millisecond at ×1,000: whatever the
// program takes then counts a thousandfold, and above a limit the figures are the machine's and not the scheduler's.
import type { HostDelay, MachineShare, TaskDelays } from '../../shared/run.js';
import { formatFactor } from '../../shared/format.js';

/** Share of the mean service delay above which a run is invalid. A convention: what other figures promise (98.5 % efficiency) is finer. */
export const MACHINE_SHARE_LIMIT = 0.05;

export function computeMachineShare(delays: readonly TaskDelays[], timeScale: number, hostDelay: HostDelay | null): MachineShare {
  const serviceMs = delays.reduce((sum, delay) => sum + delay.serviceMs, 0);
  const controlMs = delays.reduce((sum, delay) => sum + delay.controlMs, 0);
  const hostDelayMs = hostDelay?.meanMs ?? null;
  const isMeasurable = delays.length > 0 && serviceMs > 0;
  return {
    controlShare: isMeasurable ? controlMs / serviceMs : null,
    hostDelayMs,
    hostDelayShare: isMeasurable && hostDelayMs !== null ? (hostDelayMs * timeScale * delays.length) / serviceMs : null,
  };
}

/** One sentence for each of the two shares that is above the limit. */
export function describeMachineShare({ controlShare, hostDelayMs, hostDelayShare }: MachineShare, timeScale: number): string[] {
  const sentences: string[] = [];
  const limit = `limit ${formatShare(MACHINE_SHARE_LIMIT)}`;
  const cause =
    timeScale === 1
      ? 'the programs and their calls took too much'
      : `this machine is too slow for this batch, since time scale ${formatFactor(timeScale)} multiplies the time that it takes`;
  if (controlShare !== null && controlShare > MACHINE_SHARE_LIMIT) {
    sentences.push(`Control is ${formatShare(controlShare)} of the mean service delay (${limit}): ${cause}.`);
  }
  if (hostDelayMs !== null && hostDelayShare !== null && hostDelayShare > MACHINE_SHARE_LIMIT) {
    const scaled = timeScale === 1 ? '' : ` times time scale ${formatFactor(timeScale)}`;
    const share = `${formatShare(hostDelayShare)} of the mean service delay (${limit})`;
    sentences.push(`This machine was ${hostDelayMs.toFixed(1)} ms late on average${scaled}: ${share}.`);
  }
  return sentences;
}

/** Results below which a live share says nothing yet, for each node: the first tasks have no wait to be a share of. */
const RESULTS_PER_NODE = 2;
const MIN_RESULTS = 10;

/** What to report while the run can still be stopped; empty while too little is known. */
export function warnOfMachineShare(
  share: MachineShare,
  { timeScale, resultCount, nodeCount }: { timeScale: number; resultCount: number; nodeCount: number },
): string[] {
  if (resultCount < Math.max(MIN_RESULTS, RESULTS_PER_NODE * nodeCount)) return [];
  const remedy = timeScale === 1 ? '' : ' Stop it and take a testbed of a lower time scale.';
  return describeMachineShare(share, timeScale).map((sentence) => `So far: ${sentence} The run will be invalid.${remedy}`);
}

export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
