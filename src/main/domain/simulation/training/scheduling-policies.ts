// A trained policy as the agents of its testbed take it: one description a base station, the networks of a checkpoint taken apart.
import { PRICE_METHOD } from '../../../../scheduling/learning/price-ts.js';
import type { LearnedPolicyDescription } from '../../../../scheduling/decisions/learned-policy-description.js';
import { AppError } from '../../../../shared/errors.js';
import type { TrainingCheckpoint } from './training-checkpoint.js';
import type { TrainingPlan } from './trainer-messages.js';

/** Enough to give every float32 back exactly. */
const FLOAT32_DIGITS = 9;

/** By ordinal. Throws `conflict` for a training that was not made in the digital twin of a testbed, `unsupported` for one of PRICE-TS. */
export function describeSchedulingPolicies(
  { spec: { twin }, settings, environment }: TrainingPlan,
  { learning }: TrainingCheckpoint,
): LearnedPolicyDescription[] {
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
  const agents = environment.baseStations;
  const { method, state } = learning;
  const { actor } = state;
  const size = actor.length / agents;
  return Array.from({ length: agents }, (_, agent) => ({
    method,
    baseStations: agents,
    settings: { ...settings },
    work: twin.work,
    meanQualitySteps: twin.meanQualitySteps,
    parameters: Array.from(actor.subarray(agent * size, (agent + 1) * size), (value) => Number(value.toPrecision(FLOAT32_DIGITS))),
  }));
}
