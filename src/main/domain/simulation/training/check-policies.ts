import { checkPolicy } from '../../../../scheduling/environment/check-policy.js';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { PRESET_NAMES, PRESETS } from '../../../../scheduling/environment/presets.js';
import { heuristicOf } from '../../../../scheduling/heuristics/heuristics.js';
import { checkLocality } from '../../../../scheduling/policies/simulator/check-locality.js';
import { simulateHeuristic } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { findPolicies } from './policy-lookup.js';

export interface PolicyVerdict {
  policy: string;
  preset: string;
  /** Sentences; none when the policy keeps its promises. */
  problems: string[];
}

/** Holds heuristics to what every one promises, and to what its row says that it knows, in both presets. Throws `not-found` for an unknown name. */
export async function checkPolicies(names: readonly string[]): Promise<PolicyVerdict[]> {
  const verdicts: PolicyVerdict[] = [];
  for (const policy of findPolicies(names)) {
    const row = heuristicOf(policy);
    for (const preset of PRESET_NAMES) {
      const environment = createEnvironment(PRESETS[preset], 1);
      const problems = await checkPolicy(() => simulateHeuristic(policy, row), environment);
      verdicts.push({ policy, preset, problems: problems.length > 0 ? problems : checkLocality(row, environment) });
    }
  }
  return verdicts;
}
