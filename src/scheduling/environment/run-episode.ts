// One episode of a policy in the simulator. The learned policies have a loop of their own, Algorithm 1 (../learning/algorithm-1.ts).
import type { SimulatorPolicy, SlotObservation } from './simulator-policy.js';
import type { RandomSource } from '../../random/random.js';
import { countScheduledTasks, firstTaskOf } from './arrivals.js';
import type { EpisodeArrivals } from './arrivals.js';
import type { Environment } from './environment.js';
import { createQueues, UNDECIDED } from './queues.js';

export interface EpisodeRun {
  environment: Environment;
  arrivals: EpisodeArrivals;
  policy: SimulatorPolicy;
  /** For the policy's own draws. */
  random: RandomSource;
}

export interface EpisodeResult {
  /** Eq. 2, for each task in the order of the arrivals. */
  serviceDelaySec: Float64Array;
  /** The edge server that got each task. */
  choices: Int32Array;
  /** q at the end of the last slot, [B]. */
  backlogGigacycles: Float64Array;
}

/**
 * Runs one episode. A policy that leaves a task undecided or names a server that is not there is an internal error: RangeError.
 * Waits for a policy only where it returns a promise, so that plain policies cost no turn of the event loop.
 */
export async function runEpisode({ environment, arrivals, policy, random }: EpisodeRun): Promise<EpisodeResult> {
  const taskCount = countScheduledTasks(arrivals);
  const serviceDelaySec = new Float64Array(taskCount);
  const choices = new Int32Array(taskCount).fill(UNDECIDED);
  const queues = createQueues(environment);
  const decider = policy.startEpisode(environment, random);
  for (let slot = 0; slot < arrivals.slots; slot++) {
    const firstTask = firstTaskOf(arrivals, slot, 0);
    const endTask = firstTaskOf(arrivals, slot + 1, 0);
    const observation: SlotObservation = { slot, firstTask, endTask, arrivals, backlogGigacycles: queues.backlogGigacycles };
    const slotChoices = choices.subarray(firstTask, endTask);
    const deciding = decider.decideSlot(observation, slotChoices);
    if (deciding) await deciding;
    const slotDelaySec = serviceDelaySec.subarray(firstTask, endTask);
    queues.admit(observation, slotChoices, slotDelaySec, policy.name);
    if (!decider.learn) {
      queues.endSlot();
      continue;
    }
    const backlogGigacycles = queues.backlogGigacycles.slice();
    queues.endSlot();
    const nextBacklogGigacycles = queues.backlogGigacycles;
    const outcome = { ...observation, backlogGigacycles, choices: slotChoices, serviceDelaySec: slotDelaySec, nextBacklogGigacycles };
    const learning = decider.learn(outcome);
    if (learning) await learning;
  }
  return { serviceDelaySec, choices, backlogGigacycles: queues.backlogGigacycles };
}
