// A trained policy as an agent takes it: read from what came over the wire, verified, and ready to decide.
import { parseTrainingSettings, type TrainingSettings } from '../learning/training-settings.js';
import type { SchedulingPolicy } from '../policies/policy.js';
import { learnedPolicySchema, type TestbedPolicyDescription } from './learned-policy-description.js';
import { countNetworkParameters, type NetworkShape } from './network-decider.js';
import { serverStateLength } from './server-state.js';
import { createSlotSchedulingPolicy, slotNetworkShape, type SlotPolicy } from './slot-decisions.js';
import { type DecisionMade, TestbedDecisions } from './testbed-decisions.js';

export interface TestbedPolicy extends Omit<TestbedPolicyDescription, 'settings'> {
  settings: TrainingSettings;
}

/** A description that has been verified. */
export type LearnedPolicy = SlotPolicy | TestbedPolicy;

/** Reads what came over the wire. Throws a RangeError that names the field where it is no policy for so many ESs. */
export function parseLearnedPolicy(json: string, edgeServers: number): LearnedPolicy {
  const parsed = learnedPolicySchema.safeParse(parseJson(json));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'policy'}: ${issue.message}`);
    throw new RangeError(`The learned policy cannot be read: ${problems.join('; ')}`);
  }
  const { settings, problems } = parseTrainingSettings(parsed.data.settings);
  if (settings === null) {
    const texts = problems.map(({ field, message }) => `${field}: ${message}`);
    throw new RangeError(`The learned policy has settings that this agent does not know: ${texts.join('; ')}`);
  }
  const policy: LearnedPolicy = { ...parsed.data, settings };
  const learnedWith = 'environment' in policy ? policy.servers : policy.baseStations;
  if (learnedWith !== edgeServers && settings.network !== 'shared') {
    throw new RangeError(`The learned policy chooses among ${learnedWith} edge servers, but the run has ${edgeServers}`);
  }
  const needed = countNetworkParameters(networkShapeOf(policy));
  if (policy.parameters.length !== needed) {
    throw new RangeError(`The learned policy has ${policy.parameters.length} parameters, but its network needs ${needed}`);
  }
  return policy;
}

/** @param onDecision of a policy of the testbed's environment: called with each decision as it was made */
export function createLearnedSchedulingPolicy(policy: LearnedPolicy, onDecision?: (decision: DecisionMade) => void): SchedulingPolicy {
  if (!('environment' in policy)) return createSlotSchedulingPolicy(policy);
  // Decimal digits come back as single precision, which is what the network learned in: else the last bits would differ from the simulator's.
  const parameters = Float32Array.from(policy.parameters);
  return new TestbedDecisions({ form: policy, parameters, ...(onDecision && { onDecision }) });
}

function networkShapeOf(policy: LearnedPolicy): NetworkShape {
  if (!('environment' in policy)) return slotNetworkShape(policy);
  const { method, settings, servers } = policy;
  return { method, settings, servers, stateSize: serverStateLength(servers) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
