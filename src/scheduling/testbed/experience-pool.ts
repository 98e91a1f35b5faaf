// Decisions of runs as transitions that a shared network learns from, beside those that it makes itself in the environment.
import { type StateRules, writeServerState } from '../decisions/server-state.js';
import type { SeenDecision } from '../experience/seen-decision.js';
import { ReplayBuffer, type ReplaySizes } from '../learning/replay-buffer.js';
import type { TrainingSettings } from '../learning/training-settings.js';
import { rewardOf } from './reward.js';

export type ExperienceRules = StateRules & Pick<TrainingSettings, 'reward' | 'rewardScale' | 'regretBound'>;

/** Of those with as many edge servers; null where there is none. Each counts alone: what came after it at its station is not valued. */
export function createExperiencePool(
  decisions: readonly SeenDecision[],
  { servers, stateSize }: Pick<ReplaySizes, 'servers' | 'stateSize'>,
  rules: ExperienceRules,
): ReplayBuffer | null {
  const fitting = decisions.filter(({ serviceSec }) => serviceSec.length === servers);
  if (fitting.length === 0) return null;
  const pool = new ReplayBuffer({ agents: 1, capacity: fitting.length, stateSize, servers });
  const latent = new Array<number>(servers).fill(1 / servers);
  for (const decision of fitting) {
    const state = stateOf(decision, rules, stateSize);
    const reward = rewardOf({ server: decision.chosen, ...decision }, rules);
    pool.add(0, { state, latent, action: decision.chosen, reward, nextState: state, nextLatent: latent, done: true });
  }
  return pool;
}

function stateOf({ qualitySteps, backlogSec, serviceSec }: SeenDecision, rules: StateRules, stateSize: number): Float64Array {
  const state = new Float64Array(stateSize);
  const completionSec = serviceSec.map((sec, server) => sec + backlogSec[server]!);
  writeServerState(state, rules, { qualitySteps, backlogSec, serviceSec, completionSec });
  return state;
}
