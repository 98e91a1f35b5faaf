// The queues of the edge servers over an episode (paper Eqs. 2-4), and nothing else: policies decide, arrivals are made before.
//
//   slot t:   decide all tasks of the slot on q(t-1)  ->  admit them in order  ->  q(t) = max(q(t-1) + admitted - f * slot, 0)
import type { SimulatorPolicy, SlotObservation } from '../policies/simulator/simulator-policy.js';
import type { RandomSource } from '../random.js';
import { countScheduledTasks, firstTaskOf } from './arrivals.js';
import type { EpisodeArrivals } from './arrivals.js';
import type { Environment } from './environment.js';

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

/** Marks a task that the policy has not decided. */
const UNDECIDED = -1;

/**
 * Runs one episode. A policy that leaves a task undecided or names a server that is not there is a fault of the program: RangeError.
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

interface Queues {
  /** q(t-1) until `endSlot`, then q(t). */
  readonly backlogGigacycles: Float64Array;
  admit(observation: SlotObservation, choices: Int32Array, serviceDelaySec: Float64Array, policyName: string): void;
  endSlot(): void;
}

function createQueues({ config, capacityGigacyclesPerSec: capacity }: Environment): Queues {
  const count = config.baseStations;
  const backlogGigacycles = new Float64Array(count);
  // q^bef of Eq. 3: what this slot has admitted so far.
  const admittedGigacycles = new Float64Array(count);
  const secPerGigacycle = capacity.map((rate) => 1 / rate);

  return {
    backlogGigacycles,
    admit({ slot, arrivals, firstTask }, choices, serviceDelaySec, policyName) {
      const { sizeMbit, resultMbit, workGigacycles, links } = arrivals;
      const { uploadSecPerMbit, downloadSecPerMbit, slotStride } = links;
      for (let b = 0; b < count; b++) {
        const linkRow = slot * slotStride + b * count;
        const end = firstTaskOf(arrivals, slot, b + 1);
        for (let task = firstTaskOf(arrivals, slot, b); task < end; task++) {
          const server = choices[task - firstTask]!;
          if (server < 0 || server >= count) throw new RangeError(describeBadChoice({ policyName, slot, b, task, server, count }));
          const link = linkRow + server;
          const work = workGigacycles[task]!;
          const admitted = admittedGigacycles[server]!;
          // Eq. 3 over f, and the computation of Eq. 2.
          const waitingAndComputeSec = (backlogGigacycles[server]! + admitted + work) * secPerGigacycle[server]!;
          const transmissionSec = sizeMbit[task]! * uploadSecPerMbit[link]! + resultMbit[task]! * downloadSecPerMbit[link]!;
          serviceDelaySec[task - firstTask] = waitingAndComputeSec + transmissionSec;
          admittedGigacycles[server] = admitted + work;
        }
      }
    },
    // Eq. 4.
    endSlot() {
      for (let server = 0; server < count; server++) {
        const left = backlogGigacycles[server]! + admittedGigacycles[server]! - capacity[server]! * config.slotSec;
        backlogGigacycles[server] = Math.max(left, 0);
      }
      admittedGigacycles.fill(0);
    },
  };
}

function describeBadChoice(at: { policyName: string; slot: number; b: number; task: number; server: number; count: number }): string {
  const what = at.server === UNDECIDED ? 'left undecided' : `sent to edge server ${at.server} of ${at.count}`;
  return `The policy ${at.policyName} has task ${at.task} (slot ${at.slot}, base station ${at.b}) ${what}.`;
}
