import { assertNever } from '../../shared/errors.js';
import type { PlainSchedulerName } from '../../shared/run.js';
import { createCapacityProportionalPolicy } from './capacity-proportional.js';
import { createLocalOnlyPolicy } from './local-only.js';
import type { SchedulingPolicy } from './policy.js';
import { createRandomPolicy } from './random-choice.js';
import { createRoundRobinPolicy } from './round-robin.js';
import { createShortestExpectedCompletionPolicy } from './shortest-expected-completion.js';

/** A fresh policy for one BS and one run; policies may keep a turn between batches, so they are not shared. */
export function createPolicy(name: PlainSchedulerName): SchedulingPolicy {
  switch (name) {
    case 'local-only':
      return createLocalOnlyPolicy();
    case 'random':
      return createRandomPolicy();
    case 'round-robin':
      return createRoundRobinPolicy();
    case 'capacity-proportional':
      return createCapacityProportionalPolicy();
    case 'shortest-expected-completion':
      return createShortestExpectedCompletionPolicy();
    default:
      return assertNever(name);
  }
}
