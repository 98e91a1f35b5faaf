// What a placement is rewarded with: in training, and for a decision of a run.
import { meanOf, minOf } from '../decisions/server-state.js';
import type { TrainingSettings } from '../learning/training-settings.js';

/** Of each edge server (ES), seconds: what the task computes there, and until it would be done. */
export interface PlacedOn {
  server: number;
  serviceSec: readonly number[];
  completionSec: readonly number[];
}

/** In the task's mean times over the ESs: of its own delay, or of what it lost against the best ES, bounded. */
export function rewardOf(
  placement: PlacedOn,
  { reward, rewardScale, regretBound }: Pick<TrainingSettings, 'reward' | 'rewardScale' | 'regretBound'>,
): number {
  const { server, serviceSec, completionSec } = placement;
  if (reward === 'delay') return (-rewardScale * completionSec[server]!) / meanTimeOf(serviceSec);
  return -rewardScale * Math.min(regretOf(placement), regretBound);
}

/** What a placement lost against the best ES, in the task's mean times. */
export function regretOf({ server, serviceSec, completionSec }: PlacedOn): number {
  return (completionSec[server]! - minOf(completionSec)) / meanTimeOf(serviceSec);
}

function meanTimeOf(serviceSec: readonly number[]): number {
  return Math.max(meanOf(serviceSec), Number.EPSILON);
}
