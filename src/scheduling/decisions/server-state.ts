// What a learned policy of the testbed's environment sees of a task and the edge servers (ESs): the same numbers in training and on a node.
// What a server is thought to take for the task is the caller's: as measured once, or as estimated while it runs.
//
//   [work of the task, feature of ES 1, .., feature of ES B]
//
// `completions`: by how much each ES would be done later than the first, in the task's mean time over the ESs, bounded. Free of units, of the
// speeds and of the number of the ESs, so that what is learned on one testbed holds on another. `backlogs`: Eq. 6's, in seconds, scaled.
import type { TrainingSettings } from '../learning/training-settings.js';
import { TASK_FEATURES } from '../learning/server-scorer.js';

export type StateRules = Pick<TrainingSettings, 'state' | 'completionBound' | 'observationScale'> & {
  /** Steps of the longest task that it learned from. */
  largestQualitySteps: number;
};

/** One task as the ESs stand, seconds; an entry an ES. */
export interface TaskOnServers {
  qualitySteps: number;
  backlogSec: ArrayLike<number>;
  /** Of this task, there. */
  serviceSec: ArrayLike<number>;
  /** From now until it is done there. */
  completionSec: ArrayLike<number>;
}

export function serverStateLength(servers: number): number {
  return TASK_FEATURES + servers;
}

/** Longer tasks than any that was learned from look like the longest. */
export function writeServerState(target: Float64Array, rules: StateRules, task: TaskOnServers): void {
  const servers = target.length - TASK_FEATURES;
  target[0] = Math.min(task.qualitySteps / rules.largestQualitySteps, 1);
  if (rules.state === 'backlogs') {
    for (let server = 0; server < servers; server++) {
      target[TASK_FEATURES + server] = task.backlogSec[server]! / rules.observationScale.backlogGigacycles;
    }
    return;
  }
  // A virtual node may take no time at all.
  const meanSec = Math.max(meanOf(task.serviceSec), Number.EPSILON);
  const firstSec = minOf(task.completionSec);
  for (let server = 0; server < servers; server++) {
    target[TASK_FEATURES + server] = Math.min((task.completionSec[server]! - firstSec) / meanSec, rules.completionBound);
  }
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

export function minOf(values: ArrayLike<number>): number {
  let least = Infinity;
  for (let index = 0; index < values.length; index++) least = Math.min(least, values[index]!);
  return least;
}
