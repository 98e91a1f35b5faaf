// The learned policies that a question to the twin names, fetched before it is simulated and made fresh for each simulation.
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../scheduling/decisions/learned-scheduling.js';
import { AppError } from '../../../shared/errors.js';
import { nameSeriesScheduler, type SeriesScheduler } from '../../../shared/series.js';
import type { LearnedPolicyOf } from './simulate-work.js';

/**
 * @param policiesOf a training's policies as JSON by ordinal, or one for all nodes
 * @returns what makes them. It throws `invalid-input` for a twin of another number of nodes than a policy of one network a station learned with.
 */
export async function openLearnedPolicies(
  schedulers: readonly SeriesScheduler[],
  policiesOf: (scheduler: SeriesScheduler) => Promise<readonly string[]>,
): Promise<LearnedPolicyOf> {
  const learned = schedulers.filter(({ scheduler }) => scheduler === 'learned');
  const known = new Map<string, readonly string[]>();
  for (const scheduler of learned) known.set(scheduler.trainingId ?? '', await policiesOf(scheduler));
  return (scheduler, station, nodes) => {
    const policies = known.get(scheduler.trainingId ?? '') ?? [];
    const json = policies.length === 1 ? policies[0] : policies[station];
    try {
      if (json === undefined) throw new RangeError(`it has ${policies.length} networks, and the testbed ${nodes} nodes`);
      return createLearnedSchedulingPolicy(parseLearnedPolicy(json, nodes));
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      throw new AppError(
        'invalid-input',
        `${nameSeriesScheduler(scheduler)} does not fit a testbed of ${nodes} nodes: ${thrown.message}`,
        'One whose network is shared by the servers fits any: train one with network=shared.',
        { cause: thrown },
      );
    }
  };
}
