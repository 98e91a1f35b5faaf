import type { Heuristic } from './heuristic.js';
import type { KnownSpeeds } from './knowledge.js';

interface SizeAwareShares {
  /** Share of a slot's tasks that count as large, by work. */
  largeTasks: number;
  /** Share of all capacity that the large tasks get, the slowest servers first. */
  slowCapacity: number;
}

/**
 * Keeps large tasks out of the way of small ones: the largest by work go to the slower servers, the others to the faster rest; greedy with
 * full knowledge inside each group, as Opt-TS. The price is paid by the large tasks: the mean falls, the tail grows.
 */
export function createSizeAwareSplit({ largeTasks, slowCapacity }: SizeAwareShares): Heuristic<'slot'> {
  return () => {
    let groups: { slow: number[]; fast: number[] } | null = null;
    return (station, place) => {
      groups ??= splitServers(station, slowCapacity);
      const limit = largestSmallWork(station.slotWork(), largeTasks);
      for (let task = 0; task < station.taskCount; task++) {
        place(task, station.leastDelay(task, station.work(task) > limit ? groups.slow : groups.fast));
      }
    };
  };
}

/** The slowest servers up to the share that comes nearest to the desired one, and the rest; both are all servers where there is one. */
function splitServers({ reachable, speeds }: KnownSpeeds, slowShare: number): { slow: number[]; fast: number[] } {
  const bySpeed = [...reachable].sort((a, b) => speeds[a]! - speeds[b]!);
  if (bySpeed.length === 1) return { slow: bySpeed, fast: bySpeed };
  const desired = slowShare * reachable.reduce((sum, server) => sum + speeds[server]!, 0);
  let slowCount = 1;
  let slowSum = speeds[bySpeed[0]!]!;
  while (slowCount < bySpeed.length - 1) {
    const next = slowSum + speeds[bySpeed[slowCount]!]!;
    if (Math.abs(next - desired) >= Math.abs(slowSum - desired)) break;
    slowSum = next;
    slowCount++;
  }
  return { slow: bySpeed.slice(0, slowCount), fast: bySpeed.slice(slowCount) };
}

/** Work of the largest task of the slot that still counts as small. */
function largestSmallWork(ascending: ArrayLike<number>, largeShare: number): number {
  return ascending[Math.max(1, Math.round((1 - largeShare) * ascending.length)) - 1] ?? Infinity;
}
