// Lines 13 and 14 of Algorithm 1 for all tasks of a slot: their next states by Eq. (7), each with the latent that its chain starts from.

import { firstTaskOf } from '../environment/arrivals.js';
import { findNextTask } from '../environment/state.js';
import type { SlotOutcome } from '../environment/simulator-policy.js';
import type { LatentStore } from './latent-store.js';
import { createObservationWriter, type ObservationScale } from './observation.js';
import type { ReplayBuffer } from './replay-buffer.js';
import type { SlotDecisions } from './slot-decisions.js';

export interface ExperienceOptions {
  decisions: SlotDecisions;
  /** X; null for methods that start from no latents. */
  latentStore: LatentStore | null;
  /** R. */
  replay: ReplayBuffer;
  scale: ObservationScale;
  /** The reward is the negative delay in seconds times this; 1 (Eq. 9). */
  rewardScale: number;
  /** B. */
  servers: number;
}

export type StoreTransitions = (outcome: SlotOutcome) => void;

/** The function that stores what came of a slot's decisions. It copies; nothing of the outcome is kept. */
export function createExperience(options: ExperienceOptions): StoreTransitions {
  const { decisions, latentStore, replay, scale, rewardScale, servers } = options;
  const { states, latents: slotLatents } = decisions;
  const nextState = new Float32Array(2 + servers);
  const writeNextState = createObservationWriter(nextState, servers, scale);
  const nextSlotLatents = slotLatents === null ? null : new Float32Array(slotLatents.length);
  const stateAt = (row: number): Float32Array => states.subarray(row * nextState.length, (row + 1) * nextState.length);
  const latentOf = (from: Float32Array | null, row: number): Float32Array | undefined => from?.subarray(row * servers, (row + 1) * servers);
  return ({ slot, arrivals, firstTask, choices, serviceDelaySec, nextBacklogGigacycles }) => {
    if (nextSlotLatents !== null) latentStore?.readSlot(slot + 1, nextSlotLatents);
    for (let agent = 0; agent < servers; agent++) {
      const first = firstTaskOf(arrivals, slot, agent);
      const end = firstTaskOf(arrivals, slot, agent + 1);
      for (let task = first; task < end; task++) {
        const row = decisions.rowOf(agent, task - first);
        const next = findNextTask(arrivals, { slot, baseStation: agent, task });
        if (next?.isInNextSlot === true) writeNextState(arrivals, next.task, nextBacklogGigacycles, 0);
        const isInSlot = next?.isInNextSlot === false;
        replay.add(agent, {
          state: stateAt(row),
          latent: latentOf(slotLatents, row),
          action: choices[task - firstTask]!,
          reward: -serviceDelaySec[task - firstTask]! * rewardScale,
          nextState: isInSlot ? stateAt(row + 1) : nextState,
          nextLatent: isInSlot ? latentOf(slotLatents, row + 1) : latentOf(nextSlotLatents, decisions.rowOf(agent, 0)),
          done: next === null,
        });
      }
    }
  };
}
