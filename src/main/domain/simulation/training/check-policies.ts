import { checkPolicy } from '../../../../scheduling/environment/check-policy.js';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { PRESET_NAMES, PRESETS } from '../../../../scheduling/environment/presets.js';
import { SIMULATOR_POLICIES } from '../../../../scheduling/policies/simulator/simulator-policies.js';
import { findPolicies } from './policy-lookup.js';

export interface PolicyVerdict {
  policy: string;
  preset: string;
  /** Sentences; none when the policy keeps its promises. */
  problems: string[];
}

/** Holds policies to what every policy promises, in both presets. Throws `not-found` for an unknown name. */
export async function checkPolicies(names: readonly string[]): Promise<PolicyVerdict[]> {
  const verdicts: PolicyVerdict[] = [];
  for (const policy of findPolicies(names)) {
    for (const preset of PRESET_NAMES) {
      const problems = await checkPolicy(SIMULATOR_POLICIES[policy].create, createEnvironment(PRESETS[preset], 1));
      verdicts.push({ policy, preset, problems });
    }
  }
  return verdicts;
}
