import { expectedComputeSec, type SchedulingPolicy } from './policy.js';
import { reachableIndices } from './reachable.js';

/**
 * Draws each task's ES with a probability proportional to its speed: P(i) = w_i / sum_j w_j, w_i = 1 / (fixed_i + zMean x perStep_i), where
 * zMean is the mean number of denoising steps of the batch. Knows speeds, not backlogs; right on average over many tasks only.
 */
export function createCapacityProportionalPolicy(): SchedulingPolicy {
  return {
    name: 'capacity-proportional',
    usesBacklog: false,
    decideBatch(tasks, observation, random) {
      const reachable = reachableIndices(observation);
      const meanTask = { qualitySteps: tasks.reduce((sum, task) => sum + task.qualitySteps, 0) / Math.max(1, tasks.length) };
      const candidates = reachable.map((index) => {
        const es = observation.edgeServers[index];
        const meanSec = es ? expectedComputeSec(meanTask, es) : Infinity;
        // An ES that claims to need no time would take everything; a microsecond keeps the weight finite.
        return { index, weight: 1 / Math.max(meanSec, 1e-6) };
      });
      const totalWeight = candidates.reduce((sum, candidate) => sum + candidate.weight, 0);
      return tasks.map((task) => {
        let rest = random.nextFloat() * totalWeight;
        const chosen = candidates.find((candidate) => (rest -= candidate.weight) < 0) ?? candidates[candidates.length - 1];
        return { taskId: task.id, edgeServerIndex: chosen?.index ?? observation.selfIndex };
      });
    },
  };
}
