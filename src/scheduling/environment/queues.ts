// The queues of the edge servers over an episode (paper Eqs. 2-4), and nothing else: policies decide, arrivals are made before.
//
//   slot t:   decide all tasks of the slot on q(t-1)  ->  admit them in order  ->  q(t) = max(q(t-1) + admitted - f * slot, 0)
import type { SlotObservation } from './simulator-policy.js';
import { firstTaskOf } from './arrivals.js';
import type { Environment } from './environment.js';

/** What a task's choice holds until it is decided. */
export const UNDECIDED = -1;

export interface Queues {
  /** q(t-1) until `endSlot`, then q(t); Gigacycles, [B]. The same array all the time. */
  readonly backlogGigacycles: Float64Array;
  /**
   * Admits the tasks of a slot in the order of the BSs and fills in their service delays (Eq. 2).
   * @throws RangeError for a task that is undecided or was sent to a server that is not there: an internal error
   */
  admit(observation: SlotObservation, choices: Int32Array, serviceDelaySec: Float64Array, policyName: string): void;
  /** Eq. 4. */
  endSlot(): void;
}

/** Empty queues: q_0 = 0. */
export function createQueues({ config, capacityGigacyclesPerSec: capacity }: Environment): Queues {
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
