// How the simulator asks for decisions: once a slot, for all tasks of all base stations. The testbed's interface (../policies/policy.ts) is another
// one, because there a station decides alone, in real time, on what it has heard.
import type { EpisodeArrivals } from './arrivals.js';
import type { Environment } from './environment.js';
import type { RandomSource } from '../../random/random.js';

/** What can be seen at the start of a slot. Read only. */
export interface SlotObservation {
  slot: number;
  /** The tasks of the slot are those from `firstTask` up to, not including, `endTask`. A policy must not look at later ones. */
  firstTask: number;
  endTask: number;
  arrivals: EpisodeArrivals;
  /** q at the end of the last slot, [B]; changes when the slot ends, so copy it to keep it. */
  backlogGigacycles: Float64Array;
}

/** What came of a slot's decisions. */
export interface SlotOutcome extends SlotObservation {
  /** As `decideSlot` filled it. */
  choices: Int32Array;
  /** The reward (Eq. 9) is its negative. One entry a task of the slot. */
  serviceDelaySec: Float64Array;
  /** q at the end of this slot, for the next state (Eq. 7). */
  nextBacklogGigacycles: Float64Array;
}

/** Decides one episode. */
export interface EpisodeDecider {
  /** Fills `choices` with an edge server for each task of the slot: `choices[0]` is for task `firstTask`. */
  decideSlot(observation: SlotObservation, choices: Int32Array): Promise<void> | undefined;
  /** Only where the policy learns. */
  learn?(outcome: SlotOutcome): Promise<void> | undefined;
}

export interface SimulatorPolicy {
  readonly name: string;
  /** Starts an episode with empty queues. What the policy has learned stays with it; everything else of the episode before is gone. */
  startEpisode(environment: Environment, random: RandomSource): EpisodeDecider;
}
