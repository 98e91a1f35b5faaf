// A trained policy as the agents of its testbed take it: one description a base station, the networks of a checkpoint taken apart.
import { PRICE_METHOD } from '../../../../scheduling/learning/price-ts.js';
import type { LearnedPolicyDescription, TestbedPolicyDescription } from '../../../../scheduling/decisions/learned-policy-description.js';
import type { TestbedPolicyForm } from '../../../../scheduling/decisions/testbed-decisions.js';
import { countAgents, testbedPolicyForm } from '../../../../scheduling/testbed/learn-on-testbed.js';
import { isTestbedConfig, type TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { AppError } from '../../../../shared/errors.js';
import type { TrainingCheckpoint } from './training-checkpoint.js';
import type { TrainingPlan } from './trainer-messages.js';

/** Enough to give every float32 back exactly. */
const FLOAT32_DIGITS = 9;

/** By ordinal, or one for all where the network is shared. Throws `conflict` for a training that was not made in the digital twin of a testbed, `unsupported` for one of PRICE-TS. */
export function describeSchedulingPolicies(plan: TrainingPlan, checkpoint: TrainingCheckpoint): LearnedPolicyDescription[] {
  const { twin } = plan.spec;
  const { settings, environment } = plan;
  const { learning } = checkpoint;
  if (!twin) {
    throw new AppError(
      'conflict',
      'The training was not made in the digital twin of a testbed, so it cannot schedule a run',
      'Start one in the digital twin of the testbed that the run is to use.',
    );
  }
  if (learning.method === PRICE_METHOD) {
    throw new AppError(
      'unsupported',
      'PRICE-TS has prices for the slots of an episode, which a run does not have',
      'Schedule the run by a policy of another method.',
    );
  }
  if (isTestbedConfig(environment)) return describeTestbedPolicies(plan, environment, checkpoint);
  const { method, state } = learning;
  return takeNetworksApart(state.actor, environment.baseStations).map((parameters) => ({
    method,
    baseStations: environment.baseStations,
    settings: { ...settings },
    work: twin.work,
    meanQualitySteps: twin.meanQualitySteps,
    parameters,
  }));
}

/** As `describeSchedulingPolicies`, of the testbed's environment. */
export function describeTestbedPolicies(
  plan: TrainingPlan,
  config: TestbedConfig,
  checkpoint: TrainingCheckpoint,
): TestbedPolicyDescription[] {
  const { learning } = checkpoint;
  if (learning.method === PRICE_METHOD) throw new Error('PRICE-TS does not learn in the testbed’s environment');
  const form = policyFormOf(plan, config);
  return takeNetworksApart(learning.state.actor, countAgents(form.settings, config)).map((parameters) => ({
    ...form,
    environment: 'testbed',
    settings: { ...form.settings },
    parameters,
  }));
}

export function policyFormOf({ spec, settings }: TrainingPlan, config: TestbedConfig): TestbedPolicyForm {
  if (spec.method === PRICE_METHOD) throw new Error('PRICE-TS does not learn in the testbed’s environment');
  return testbedPolicyForm({ method: spec.method, settings, config });
}

function takeNetworksApart(actor: Float32Array, agents: number): number[][] {
  const size = actor.length / agents;
  return Array.from({ length: agents }, (_, agent) =>
    Array.from(actor.subarray(agent * size, (agent + 1) * size), (value) => Number(value.toPrecision(FLOAT32_DIGITS))),
  );
}
