// A trained policy in the simulator: decides and does not learn. It takes the steps of Algorithm 1 (algorithm-1.ts) that decide, lines 9, 10
// and 12, with the parameters as they are.

import { countTasksOf } from '../environment/arrivals.js';
import type { SimulatorPolicy } from '../environment/simulator-policy.js';
import type { LatentStore } from './latent-store.js';
import type { SlotDecisions } from './slot-decisions.js';

export interface LearnedPolicyOptions {
  name: string;
  /** The actor's parameters, [agents, parameters]. */
  actor: Float32Array;
  decisions: SlotDecisions;
  /** Kept from episode to episode; null for methods that start from no latents. */
  latentStore: LatentStore | null;
}

export function createLearnedPolicy({ name, actor, decisions, latentStore }: LearnedPolicyOptions): SimulatorPolicy {
  return {
    name,
    startEpisode: (_, random) => ({
      async decideSlot(observation, choices) {
        decisions.observe(observation, latentStore);
        const probabilities = await decisions.generate(actor, random);
        decisions.choose(probabilities, observation, choices, { random, explorationRate: 0 });
        latentStore?.writeSlot(observation.slot, probabilities, (agent) => countTasksOf(observation.arrivals, observation.slot, agent));
      },
    }),
  };
}
