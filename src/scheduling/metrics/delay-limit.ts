// What no policy can beat in the simulator: a lower bound on the mean service delay (Eq. 2) of an episode's tasks.
//
// Two parts, each a minimum by itself, so their sum is a bound too:
//   queues:        the servers, each taking its tasks in turn, are outdone by ONE machine with the capacity of all of them that may interrupt
//                  a task at any time: it can imitate them, giving each task in work the share of its server. On one such machine the
//                  shortest remaining work first gives the least mean of completion minus release (Schrage, 1968).
//   transmission:  each task over the links that cost it least.
//
// It is loose where a single server is much slower than all together: no task can really be computed at that speed.

import { firstTaskOf } from '../environment/arrivals.js';
import type { EpisodeArrivals } from '../environment/arrivals.js';
import type { Environment } from '../environment/environment.js';

/** Seconds, over the tasks that the episode schedules. Tasks are released at the start of their slot, as Eq. 3 has it. */
export function limitMeanDelaySec(environment: Environment, arrivals: EpisodeArrivals): number {
  const taskCount = firstTaskOf(arrivals, arrivals.slots, 0);
  return (sumOfFlowSec(environment, arrivals) + sumOfMinTransmissionSec(arrivals)) / taskCount;
}

/** Shortest remaining work first on one machine: the sum over tasks of completion minus release. */
function sumOfFlowSec({ config, capacityGigacyclesPerSec }: Environment, arrivals: EpisodeArrivals): number {
  const { slots, workGigacycles } = arrivals;
  const capacity = capacityGigacyclesPerSec.reduce((sum, rate) => sum + rate, 0);
  const firstOf = (slot: number): number => firstTaskOf(arrivals, slot, 0);
  const waiting = createSmallestFirst(firstOf(slots));
  let sumSec = 0;
  for (let slot = 0; slot < slots; slot++) {
    const releaseSec = slot * config.slotSec;
    for (let task = firstOf(slot); task < firstOf(slot + 1); task++) {
      waiting.add(workGigacycles[task]!);
      sumSec -= releaseSec;
    }
    // What the machine can do until the next release; after the last one it ends what is left.
    const budget = slot + 1 < slots ? capacity * config.slotSec : Infinity;
    let done = 0;
    while (waiting.size > 0 && done + waiting.smallest() <= budget) {
      done += waiting.takeSmallest();
      sumSec += releaseSec + done / capacity;
    }
    if (waiting.size > 0 && done < budget) waiting.add(waiting.takeSmallest() - (budget - done));
  }
  return sumSec;
}

function sumOfMinTransmissionSec(arrivals: EpisodeArrivals): number {
  const { baseStations, slots, sizeMbit, resultMbit, links } = arrivals;
  let sumSec = 0;
  for (let slot = 0; slot < slots; slot++) {
    for (let baseStation = 0; baseStation < baseStations; baseStation++) {
      const linkRow = slot * links.slotStride + baseStation * baseStations;
      const end = firstTaskOf(arrivals, slot, baseStation + 1);
      for (let task = firstTaskOf(arrivals, slot, baseStation); task < end; task++) {
        let minSec = Infinity;
        for (let link = linkRow; link < linkRow + baseStations; link++) {
          const sec = sizeMbit[task]! * links.uploadSecPerMbit[link]! + resultMbit[task]! * links.downloadSecPerMbit[link]!;
          minSec = Math.min(minSec, sec);
        }
        sumSec += minSec;
      }
    }
  }
  return sumSec;
}

/** A binary heap of numbers. */
export function createSmallestFirst(capacity: number) {
  const heap = new Float64Array(capacity);
  let size = 0;
  const moveDown = (value: number): void => {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= value) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = value;
  };
  return {
    get size(): number {
      return size;
    },
    smallest: (): number => heap[0]!,
    add(value: number): void {
      let index = size++;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (heap[parent]! <= value) break;
        heap[index] = heap[parent]!;
        index = parent;
      }
      heap[index] = value;
    },
    takeSmallest(): number {
      const smallest = heap[0]!;
      size--;
      if (size > 0) moveDown(heap[size]!);
      return smallest;
    },
  };
}
