// The shape of all policies that take one task after the other: what they keep for an episode, for a slot, and what they decide for a task.
import { firstTaskOf } from '../../environment/arrivals.js';
import type { Environment } from '../../environment/environment.js';
import type { RandomSource } from '../../random.js';
import type { SimulatorPolicy, SlotObservation } from './simulator-policy.js';

/** The edge server of one task; asked once for each, in the order of admission: base station by base station. */
export type DecideTask = (task: number, baseStation: number) => number;
export type StartSlot = (observation: SlotObservation) => DecideTask;

export function createPerTaskPolicy(
  name: string,
  startEpisode: (environment: Environment, random: RandomSource) => StartSlot,
): SimulatorPolicy {
  return {
    name,
    startEpisode(environment, random) {
      const startSlot = startEpisode(environment, random);
      return {
        decideSlot(observation, choices) {
          const decide = startSlot(observation);
          const { arrivals, slot, firstTask } = observation;
          for (let b = 0; b < arrivals.baseStations; b++) {
            const end = firstTaskOf(arrivals, slot, b + 1);
            for (let task = firstTaskOf(arrivals, slot, b); task < end; task++) choices[task - firstTask] = decide(task, b);
          }
          return undefined;
        },
      };
    },
  };
}
