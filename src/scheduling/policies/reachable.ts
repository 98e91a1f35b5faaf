import type { SchedulingObservation } from './policy.js';

/** Indices of the ESs that a policy may choose, ascending. Throws a RangeError when there is none. */
export function reachableIndices(observation: SchedulingObservation): number[] {
  const indices: number[] = [];
  observation.edgeServers.forEach((es, index) => {
    if (es.isReachable) indices.push(index);
  });
  if (indices.length === 0) throw new RangeError('No edge server is reachable.');
  return indices;
}
