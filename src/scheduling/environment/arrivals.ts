// The tasks of one episode as columns, and the links that carry them. Nothing of it changes once made, so that all policies see the same.
//
//   slot t    |  BS 0: n = 0 1 2 ..  |  BS 1: n = 0 1 ..  | ... |  BS B-1  |  then slot t+1
//   task         ^ firstTask[t*B]       ^ firstTask[t*B+1]                   ^ firstTask[(t+1)*B]

/** Seconds a Mbit takes on each link: [slot][BS][ES] flattened; `slotStride` is 0 where links keep their rate. */
export interface EpisodeLinks {
  readonly slotStride: number;
  /** From the BS to the ES; 0 where the upload is free. */
  readonly uploadSecPerMbit: Float64Array;
  /** From the ES back to the BS. */
  readonly downloadSecPerMbit: Float64Array;
}

/** Parameters of tasks that do not depend on their arrival. */
export interface TaskParameters {
  readonly resultMbit: Float64Array;
  /** z_n. */
  readonly qualitySteps: Uint16Array;
  /** rho_n * z_n. */
  readonly workGigacycles: Float64Array;
}

/** The tasks of an episode, in the order in which they are admitted: by slot, BS, and index n. One column entry a task. */
export interface EpisodeArrivals extends TaskParameters {
  readonly baseStations: number;
  /** Slots whose tasks are scheduled. */
  readonly slots: number;
  /** The tasks of BS b in slot t are `firstTask[t * B + b]` up to, not including, `firstTask[t * B + b + 1]`. May continue for one slot more. */
  readonly firstTask: Int32Array;
  /** d_n. */
  readonly sizeMbit: Float64Array;
  readonly links: EpisodeLinks;
}

/** First task of a BS in a slot; with `baseStation` = B that of the next slot. */
export function firstTaskOf(arrivals: EpisodeArrivals, slot: number, baseStation: number): number {
  const first = arrivals.firstTask[slot * arrivals.baseStations + baseStation];
  if (first === undefined) throw new RangeError(`There is no slot ${slot} with a base station ${baseStation}.`);
  return first;
}

/** Tasks that are scheduled in the episode. */
export function countScheduledTasks(arrivals: EpisodeArrivals): number {
  return firstTaskOf(arrivals, arrivals.slots, 0);
}

/** N_b,t: tasks of a BS in a slot. */
export function countTasksOf(arrivals: EpisodeArrivals, slot: number, baseStation: number): number {
  return firstTaskOf(arrivals, slot, baseStation + 1) - firstTaskOf(arrivals, slot, baseStation);
}
