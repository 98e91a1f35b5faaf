// Algorithm 1 of the paper, "Online distributed LAD-TS", in its order and by its symbols. LAD-TS and the baselines with networks learn by it:
// they differ in the actor (ladn.ts, d2sac-ts.ts, sac-ts.ts, dqn-ts.ts) and in the update (soft-actor-critic.ts, dqn-ts.ts).
//
//   X_b      latents, what chains start from: latent-store.ts          s, x_I, a      slot-decisions.ts
//   R_b      experience: replay-buffer.ts                              r, q           Eqs. (2)-(4), (9): environment/queues.ts
//   theta_b  the actor's parameters; omega_b those of the critics, with a tilde those of the targets; alpha_b the temperature: `state`
//
// The BSs b are an axis of every tensor, and so are the tasks n of a slot: a state holds q of the last slot only (Eq. 6), so that "in
// parallel" (line 7) and "foreach task" (line 8) are one batch. Deviations from the paper's text, each as its public code does:
// - line 9: latents are kept by slot too, X_b[t][n], unless `latentIndex` says otherwise;
// - line 10: the action is drawn from the probabilities, where Eq. (8) takes the most probable;
// - line 12: the probabilities are kept, where the paper keeps x_0, which grows without bound;
// - lines 15-18: once a slot (`updatesPerSlot`), not once a task; and all BSs together, when the one with the fewest tuples has enough.
//
// Everything random in an episode comes from the episode's own source: a training stopped between two episodes and resumed from its
// checkpoint gives the same curve.

import { countScheduledTasks, countTasksOf, type EpisodeArrivals, firstTaskOf } from '../environment/arrivals.js';
import type { Environment } from '../environment/environment.js';
import { createQueues, UNDECIDED } from '../environment/queues.js';
import type { EpisodeResult } from '../environment/run-episode.js';
import type { SlotObservation } from '../environment/simulator-policy.js';
import type { RandomSource } from '../../random/random.js';
import { createExperience } from './experience.js';
import type { GraphRunner } from './graph-runner.js';
import type { LatentStore } from './latent-store.js';
import type { Learner, LearnerState } from './learner.js';
import { LearnerUpdates } from './learner-updates.js';
import type { NetworkCheckpoint } from './learning-checkpoint.js';
import type { NoisePool } from './normal-noise.js';
import { ReplayBuffer } from './replay-buffer.js';
import { SlotDecisions } from './slot-decisions.js';
import type { TrainingSettings } from './training-settings.js';

export interface Algorithm1Options {
  /** In errors. */
  name: string;
  environment: Environment;
  settings: Pick<
    TrainingSettings,
    'replayCapacity' | 'learningStarts' | 'updatesPerSlot' | 'rewardScale' | 'explorationRate' | 'observationScale'
  >;
  /** The update's graph, and the actor's for the decisions of a slot. */
  graphs: { update: GraphRunner; policy: GraphRunner };
  learner: Pick<Learner, 'stateNames'>;
  /** X, standard normal (line 1) or as a checkpoint left it; null for methods whose chains start from nothing stored. */
  latentStore: LatentStore | null;
  /** Parameters and their moments: drawn (line 2), or a checkpoint's. */
  state: LearnerState;
  /** Of the chains, and of D2SAC-TS's starts. */
  noise: NoisePool;
  /** What the training had learned from. */
  checkpoint?: Pick<NetworkCheckpoint, 'replay' | 'updateCount'>;
}

export interface Algorithm1 {
  /** Lines 5-19: one episode, learning. `random` is for this episode alone. */
  trainEpisode(arrivals: EpisodeArrivals, random: RandomSource): Promise<EpisodeResult>;
  readonly updates: LearnerUpdates;
  readonly replay: ReplayBuffer;
}

export function createAlgorithm1(options: Algorithm1Options): Algorithm1 {
  const { name, environment, settings, graphs, learner, noise, checkpoint } = options;
  const { learningStarts, updatesPerSlot, rewardScale, explorationRate, observationScale: scale } = settings;
  const servers = environment.config.baseStations;

  // Line 1: X_b is standard normal.
  const X = options.latentStore;
  // Line 2: LADNs, CNs and TNs with random parameters.
  const updates = new LearnerUpdates({
    stateNames: learner.stateNames,
    state: options.state,
    updateCount: checkpoint?.updateCount ?? 0,
    update: graphs.update,
    noise,
  });
  const decisions = new SlotDecisions({ policy: graphs.policy, scale, noise, choice: 'drawn' });
  // Line 3: R_b is empty. The queues are of an episode: line 5.
  const R = new ReplayBuffer({ agents: servers, servers, stateSize: 2 + servers, capacity: settings.replayCapacity });
  if (checkpoint !== undefined) R.restore(checkpoint.replay);
  const batch = R.createBatch(updates.batchSize);
  const storeTransitions = createExperience({ decisions, latentStore: X, replay: R, scale, rewardScale, servers });

  // Line 4, for each episode, is the caller's: between two of them it takes its checkpoints.
  async function trainEpisode(arrivals: EpisodeArrivals, random: RandomSource): Promise<EpisodeResult> {
    const taskCount = countScheduledTasks(arrivals);
    const serviceDelaySec = new Float64Array(taskCount);
    const choices = new Int32Array(taskCount).fill(UNDECIDED);

    // Line 5: reset the environment, q_0 = 0.
    const queues = createQueues(environment);

    // Line 6: for each time slot t.
    for (let slot = 0; slot < arrivals.slots; slot++) {
      // Lines 7 and 8: all BSs b, and all tasks n that arrive at them in this slot, at once.
      const firstTask = firstTaskOf(arrivals, slot, 0);
      const endTask = firstTaskOf(arrivals, slot + 1, 0);
      const observation: SlotObservation = { slot, firstTask, endTask, arrivals, backlogGigacycles: queues.backlogGigacycles };
      const slotChoices = choices.subarray(firstTask, endTask);
      const slotDelaySec = serviceDelaySec.subarray(firstTask, endTask);

      // Line 9: observe s (Eq. 6) and x_I <- X_b[n].
      decisions.observe(observation, X);

      // Line 10: the actor gives x_0 and its probabilities (Theorem 2), and from them the action (Eq. 8). It is the s-LADN: line 18.
      const probabilities = await decisions.generate(updates.state.actor, random);
      decisions.choose(probabilities, observation, slotChoices, { random, explorationRate });

      // Line 11: the service delay (Eqs. 2, 3), whose negative is the reward r (Eq. 9).
      queues.admit(observation, slotChoices, slotDelaySec, name);

      // Line 12: X_b[n] <- what the actor gave.
      X?.writeSlot(slot, probabilities, (agent) => countTasksOf(arrivals, slot, agent));

      // Line 19: q_t (Eq. 4). Before line 13, whose next states (Eq. 7) hold it; the queues overwrite what this slot's states were made of.
      const backlogGigacycles = queues.backlogGigacycles.slice();
      queues.endSlot();

      // Lines 13 and 14: observe s_next and x_I,next; store (s, x_I, a, r, s_next, x_I,next) in R_b.
      const nextBacklogGigacycles = queues.backlogGigacycles;
      storeTransitions({
        ...observation,
        backlogGigacycles,
        choices: slotChoices,
        serviceDelaySec: slotDelaySec,
        nextBacklogGigacycles,
      });

      // Line 15: when |R_b| > 300.
      if (R.minCount <= learningStarts) continue;
      for (let update = 0; update < updatesPerSlot; update++) {
        // Line 16: sample K tuples from R_b.
        R.sample(batch, random);
        // Line 17: omega_b, theta_b, alpha_b and the targets by Eqs. (14)-(17), in this order: soft-actor-critic.ts.
        await updates.run(batch, random);
        // Line 18: the s-LADN is a copy of theta_b: the next slot's line 10 reads it from the state.
      }
    }
    return { serviceDelaySec, choices, backlogGigacycles: queues.backlogGigacycles };
  }

  return { trainEpisode, updates, replay: R };
}
