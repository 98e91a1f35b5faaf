// A learned policy in the simulator (paper Algorithm 1): decides each slot, stores what came of it, learns at the slot's end. Everything
// random comes from the episode's own source, so that a run stopped between two episodes and resumed from a checkpoint gives the same curve.
//
// Deviation from the paper's text, as its public code does: one update a slot and agent, where Algorithm 1 prints one a task. All agents
// learn together, so learning starts when the agent with the fewest transitions has enough.

import { firstTaskOf } from '../environment/arrivals.js';
import type { Environment } from '../environment/environment.js';
import { findNextTask } from '../environment/state.js';
import type { EpisodeDecider, SimulatorPolicy, SlotOutcome } from '../policies/simulator/simulator-policy.js';
import type { RandomSource } from '../random.js';
import type { LatentStore } from './latent-store.js';
import type { LearnerUpdates } from './learner-updates.js';
import { createObservationWriter, type ObservationScale } from './observation.js';
import type { ReplayBuffer } from './replay-buffer.js';
import type { SlotDecisions } from './slot-decisions.js';

/** How a policy learns while it decides. */
export interface LearningOptions {
  updates: LearnerUpdates;
  replay: ReplayBuffer;
  /** Stored transitions of every agent above which it learns; 300 (Algorithm 1 line 15). */
  learningStarts: number;
  /** Updates at the end of a slot; 1, as the paper's public code. */
  updatesPerSlot: number;
  /** The reward is the negative delay in seconds times this; 1 (Eq. 9). */
  rewardScale: number;
  /** Share of decisions drawn uniformly; 0 but for DQN-TS, whose policy is greedy. */
  explorationRate: number;
}

export interface LearnedPolicyOptions {
  name: string;
  decisions: SlotDecisions;
  latents: LatentStore;
  scale: ObservationScale;
  /** The actor's parameters to decide with, [agents, parameters]: those of a trained policy, or the newest of `learning`. */
  readActor: () => Float32Array;
  /** Absent where the policy only decides. */
  learning?: LearningOptions;
}

export function createLearnedPolicy(options: LearnedPolicyOptions): SimulatorPolicy {
  return { name: options.name, startEpisode: (environment, random) => startEpisode(options, environment, random) };
}

function startEpisode(options: LearnedPolicyOptions, environment: Environment, random: RandomSource): EpisodeDecider {
  const { decisions, readActor, learning } = options;
  const explorationRate = learning?.explorationRate ?? 0;
  const decider: EpisodeDecider = {
    decideSlot: (observation, choices) => decisions.decide(observation, choices, { actor: readActor(), random, explorationRate }),
  };
  if (learning === undefined) return decider;
  const recordSlot = createRecorder(options, learning, environment);
  return {
    ...decider,
    async learn(outcome) {
      recordSlot(outcome);
      if (learning.replay.leastCount <= learning.learningStarts) return;
      for (let update = 0; update < learning.updatesPerSlot; update++) await learning.updates.run(random);
    },
  };
}

/** Stores the transitions of a slot: next states by Eq. (7), each with the latent that its chain starts from. */
function createRecorder(
  { decisions, latents, scale }: LearnedPolicyOptions,
  { replay, rewardScale }: LearningOptions,
  { config }: Environment,
): (outcome: SlotOutcome) => void {
  const servers = config.baseStations;
  const nextState = new Float32Array(2 + servers);
  const writeNextState = createObservationWriter(nextState, servers, scale);
  const nextSlotLatents = decisions.latents === null ? null : new Float32Array(decisions.latents.length);
  const { states, latents: slotLatents } = decisions;
  const latentOf = (from: Float32Array | null, row: number): Float32Array | undefined => from?.subarray(row * servers, (row + 1) * servers);
  return ({ slot, arrivals, firstTask, choices, serviceDelaySec, nextBacklogGigacycles }) => {
    if (nextSlotLatents !== null) latents.readSlot(slot + 1, nextSlotLatents);
    for (let agent = 0; agent < servers; agent++) {
      const first = firstTaskOf(arrivals, slot, agent);
      const end = firstTaskOf(arrivals, slot, agent + 1);
      for (let task = first; task < end; task++) {
        const row = decisions.rowOf(agent, task - first);
        const stateAt = (at: number): Float32Array => states.subarray(at * nextState.length, (at + 1) * nextState.length);
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
