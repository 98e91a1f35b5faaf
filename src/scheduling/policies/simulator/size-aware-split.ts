import type { Environment } from '../../environment/environment.js';
import { createLeastDelay } from './least-delay.js';
import { createPerTaskPolicy } from './per-task-policy.js';
import type { SimulatorPolicy, SlotObservation } from './simulator-policy.js';

/** Share of a slot's tasks that count as large, by work. */
const LARGE_TASKS_SHARE = 0.3;
/** Share of all capacity that the large tasks get, the slowest servers first. */
const SLOW_CAPACITY_SHARE = 0.45;

/**
 * Keeps large tasks out of the way of small ones: the largest 30 % by work go to the slower servers that make up 45 % of the capacity, the
 * others to the faster rest; greedy with full knowledge inside each group, as Opt-TS. Both shares are settings found by trial
 * (docs/method.md), not from the paper. The price is paid by the large tasks: the mean falls, the tail grows.
 */
export function createSizeAwareSplit(): SimulatorPolicy {
  return createPerTaskPolicy('size-aware-split', (environment) => {
    const { slow, fast } = splitServers(environment);
    return (observation) => {
      const { arrivals, slot, backlogGigacycles } = observation;
      const findLeastDelay = createLeastDelay(environment, arrivals, slot);
      const loadGigacycles = backlogGigacycles.slice();
      const limitGigacycles = largestSmallWork(observation);
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
function splitServers({ capacityGigacyclesPerSec: capacity }: Environment): { slow: Int32Array; fast: Int32Array } {
  const bySpeed = Int32Array.from(capacity.keys()).sort((a, b) => capacity[a]! - capacity[b]!);
  if (bySpeed.length === 1) return { slow: bySpeed, fast: bySpeed };
  const wanted = SLOW_CAPACITY_SHARE * capacity.reduce((sum, rate) => sum + rate, 0);
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
function largestSmallWork({ arrivals, firstTask, endTask }: SlotObservation): number {
  const sorted = arrivals.workGigacycles.slice(firstTask, endTask).sort();
  return sorted[Math.max(1, Math.round((1 - LARGE_TASKS_SHARE) * sorted.length)) - 1] ?? Infinity;
}
