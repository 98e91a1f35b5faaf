import type { SchedulingPolicy } from './policy.js';
import { reachableIndices } from './reachable.js';

/**
 * One ES after the other in ordinal order, skipping the unreachable. Each BS begins at its own index, so that B stations that receive
 * their tasks at once do not herd to the same ES. The turn goes on from batch to batch.
 */
export function createRoundRobinPolicy(): SchedulingPolicy {
  let next: number | null = null;
  return {
    name: 'round-robin',
    usesBacklog: false,
    decideBatch(tasks, observation) {
      const reachable = new Set(reachableIndices(observation));
      const count = observation.edgeServers.length;
      return tasks.map((task) => {
        let index = (next ?? observation.selfIndex) % count;
        while (!reachable.has(index)) index = (index + 1) % count;
        next = (index + 1) % count;
        return { taskId: task.id, edgeServerIndex: index };
      });
    },
  };
}
