// The state that learners see (paper Eqs. 6 and 7), raw: scaling is the learner's business.
import { firstTaskOf } from './arrivals.js';
import type { EpisodeArrivals } from './arrivals.js';

/** Length of a state: size, work, and the backlog of each edge server. */
export function stateLength(baseStations: number): number {
  return 2 + baseStations;
}

/** Writes s = [d_n, rho_n * z_n, q] (Eq. 6; Mbit, Gigacycles) at `offset`. */
export function writeState(
  arrivals: EpisodeArrivals,
  task: number,
  backlogGigacycles: Float64Array,
  target: { values: Float32Array | Float64Array; offset: number },
): void {
  const { values, offset } = target;
  values[offset] = arrivals.sizeMbit[task] ?? NaN;
  values[offset + 1] = arrivals.workGigacycles[task] ?? NaN;
  values.set(backlogGigacycles, offset + 2);
}

/**
 * The task of the next state (Eq. 7): the next one of the same BS in the slot, which sees the same backlog, or else the first of that BS in
 * the next slot, which sees the UPDATED backlog (the reference reads a row that is still zero). Null where nothing follows.
 */
export function findNextTask(
  arrivals: EpisodeArrivals,
  at: { slot: number; baseStation: number; task: number },
): { task: number; isInNextSlot: boolean } | null {
  const { slot, baseStation, task } = at;
  if (task + 1 < firstTaskOf(arrivals, slot, baseStation + 1)) return { task: task + 1, isInNextSlot: false };
  const drawnSlots = (arrivals.firstTask.length - 1) / arrivals.baseStations;
  return slot + 1 < drawnSlots ? { task: firstTaskOf(arrivals, slot + 1, baseStation), isInNextSlot: true } : null;
}
