// How long a run will still take, honestly: from the time models until results are there, from what was measured afterwards. Pure.

export interface RemainingInput {
  /** Expected compute seconds at speed 1 of every task not yet finished. */
  openWorkSec: number;
  /** The same of every accepted task. */
  doneWorkSec: number;
  doneCount: number;
  /** Sum of the speed factors of the nodes that answer now. */
  speedSum: number;
  /** How many nodes answer now. */
  nodeCount: number;
  elapsedSec: number;
  /** When the last task arrives, seconds after the start. */
  lastArrivalSec: number;
}

/** Model seconds until the last result; null when no node answers, for then no one knows. */
export function estimateRemainingSec(input: RemainingInput): number | null {
  const { openWorkSec, doneWorkSec, doneCount, speedSum, nodeCount, elapsedSec, lastArrivalSec } = input;
  if (openWorkSec <= 0) return 0;
  if (nodeCount === 0 || speedSum <= 0) return null;
  const modelRate = speedSum;
  // On average half a task per node is computed but not yet accepted; without it the first figures are far too low.
  const underWaySec = doneCount > 0 ? (0.5 * nodeCount * doneWorkSec) / doneCount : 0;
  const measuredRate = elapsedSec > 0 ? (doneWorkSec + Math.min(underWaySec, openWorkSec)) / elapsedSec : modelRate;
  // While tasks still arrive, nodes may idle for want of work: their measured rate says nothing about their speed.
  const isMeasured = doneCount >= 2 * nodeCount && elapsedSec > lastArrivalSec;
  const rate = isMeasured ? measuredRate : modelRate;
  return Math.max(lastArrivalSec - elapsedSec, openWorkSec / rate);
}
