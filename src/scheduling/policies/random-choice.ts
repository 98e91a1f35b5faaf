import type { SchedulingPolicy } from './policy.js';
import { reachableIndices } from './reachable.js';

/** Each task goes to a reachable ES drawn uniformly; knows neither speed nor backlog. */
export function createRandomPolicy(): SchedulingPolicy {
  return {
    name: 'random',
    usesBacklog: false,
    decideBatch(tasks, observation, random) {
      const reachable = reachableIndices(observation);
      return tasks.map((task) => ({
        taskId: task.id,
        edgeServerIndex: reachable[random.nextInt(0, reachable.length - 1)] ?? observation.selfIndex,
      }));
    },
  };
}
