import type { SchedulingPolicy } from './policy.js';

/** Every task stays on the ES of its own BS: no offloading, the paper's implicit lower baseline. */
export function createLocalOnlyPolicy(): SchedulingPolicy {
  return {
    name: 'local-only',
    usesBacklog: false,
    decideBatch(tasks, { selfIndex, edgeServers }) {
      if (!edgeServers[selfIndex]?.isReachable) throw new RangeError('The own edge server is not reachable.');
      return tasks.map((task) => ({ taskId: task.id, edgeServerIndex: selfIndex }));
    },
  };
}
