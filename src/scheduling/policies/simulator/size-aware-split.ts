import type { Environment } from '../../environment/environment.js';
import { createLeastDelay } from './least-delay.js';
import { createPerTaskPolicy } from './per-task-policy.js';
import type { SimulatorPolicy, SlotObservation } from './simulator-policy.js';

interface SizeAwareShares {
  /** Share of a slot's tasks that count as large, by work. */
  largeTasks: number;
  /** Share of all capacity that the large tasks get, the slowest servers first. */
  slowCapacity: number;
}

/** Two settings found by trial (docs/method.md), not from the paper: least mean delay, and as much of it as the tail hardly pays for. */
const SIZE_AWARE_SHARES = {
  'size-aware-split': { largeTasks: 0.3, slowCapacity: 0.45 },
  'size-aware-split-mild': { largeTasks: 0.15, slowCapacity: 0.3 },
} as const satisfies Record<string, SizeAwareShares>;

/**
 * Keeps large tasks out of the way of small ones: the largest by work go to the slower servers, the others to the faster rest; greedy with
 * full knowledge inside each group, as Opt-TS. The price is paid by the large tasks: the mean falls, the tail grows.
 */
export function createSizeAwareSplit(name: keyof typeof SIZE_AWARE_SHARES): SimulatorPolicy {
  const shares: SizeAwareShares = SIZE_AWARE_SHARES[name];
  return createPerTaskPolicy(name, (environment) => {
    const { slow, fast } = splitServers(environment, shares.slowCapacity);
    return (observation) => {
      const { arrivals, slot, backlogGigacycles } = observation;
      const findLeastDelay = createLeastDelay(environment, arrivals, slot);
      const loadGigacycles = backlogGigacycles.slice();
      const limitGigacycles = largestSmallWork(observation, shares.largeTasks);
      return (task, baseStation) => {
        const work = arrivals.workGigacycles[task]!;
        const server = findLeastDelay(task, baseStation, loadGigacycles, work > limitGigacycles ? slow : fast);
        loadGigacycles[server]! += work;
        return server;
      };
    };
  });
}

/** The slowest servers up to the share that comes nearest to the wanted one, and the rest; both are all servers where B is 1. */
function splitServers({ capacityGigacyclesPerSec: capacity }: Environment, slowShare: number): { slow: Int32Array; fast: Int32Array } {
  const bySpeed = Int32Array.from(capacity.keys()).sort((a, b) => capacity[a]! - capacity[b]!);
  if (bySpeed.length === 1) return { slow: bySpeed, fast: bySpeed };
  const wanted = slowShare * capacity.reduce((sum, rate) => sum + rate, 0);
  let slowCount = 1;
  let slowSum = capacity[bySpeed[0]!]!;
  while (slowCount < bySpeed.length - 1) {
    const next = slowSum + capacity[bySpeed[slowCount]!]!;
    if (Math.abs(next - wanted) >= Math.abs(slowSum - wanted)) break;
    slowSum = next;
    slowCount++;
  }
  return { slow: bySpeed.slice(0, slowCount), fast: bySpeed.slice(slowCount) };
}

/** Work of the largest task of the slot that still counts as small. */
function largestSmallWork({ arrivals, firstTask, endTask }: SlotObservation, largeShare: number): number {
  const sorted = arrivals.workGigacycles.slice(firstTask, endTask).sort();
  return sorted[Math.max(1, Math.round((1 - largeShare) * sorted.length)) - 1] ?? Infinity;
}
