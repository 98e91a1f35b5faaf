// The state (paper Eq. 6) as the networks see it: every number of order one. This matters more than the choice of the algorithm.

import type { EpisodeArrivals } from '../environment/arrivals.js';
import { writeState } from '../environment/state.js';

/** What each part of a state is divided by. */
export interface ObservationScale {
  /** 5, the largest task of Table III. */
  sizeMbit: number;
  /** 4, near the largest work of the public code's units (14 steps of up to 0.3 Gigacycles). */
  workGigacycles: number;
  /** 500, the backlog of a busy ES near the end of an overloaded minute. */
  backlogGigacycles: number;
}

export const DEFAULT_OBSERVATION_SCALE: ObservationScale = { sizeMbit: 5, workGigacycles: 4, backlogGigacycles: 500 };

export type WriteObservation = (arrivals: EpisodeArrivals, task: number, backlogGigacycles: Float64Array, offset: number) => void;

/** Gives the function that writes a scaled state into `target` at an offset. */
export function createObservationWriter(target: Float32Array, baseStations: number, scale: ObservationScale): WriteObservation {
  return (arrivals, task, backlogGigacycles, offset) => {
    writeState(arrivals, task, backlogGigacycles, { values: target, offset });
    target[offset]! /= scale.sizeMbit;
    target[offset + 1]! /= scale.workGigacycles;
    for (let server = 0; server < baseStations; server++) target[offset + 2 + server]! /= scale.backlogGigacycles;
  };
}
