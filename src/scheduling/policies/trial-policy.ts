// Tries a policy before it decides on real tasks: that it decides each of them once, on a server that is there and can be reached, and how long it takes.
import { createRandom } from '../../random/random.js';
import type { EdgeServerView, SchedulableTask, SchedulingObservation, SchedulingPolicy } from './policy.js';

const TASKS: readonly SchedulableTask[] = Array.from({ length: 20 }, (_, index) => ({
  ...{ id: `trial-${index}`, qualitySteps: 1 + ((index * 7) % 50), inputBits: 500 },
}));
/** Real ms a decision: a hundredth of what an image of one step takes on the paper's device. */
const MAX_DECISION_MS = 50;

export interface PolicyTrial {
  /** Real ms a decision, of the fastest batch: others share the machine. */
  decisionMs: number;
}

/** @param nowMs a clock of real ms. Throws RangeError that says what the policy does wrong. */
export function tryPolicy(policy: SchedulingPolicy, edgeServerCount: number, nowMs: () => number): PolicyTrial {
  const random = createRandom(1);
  let decisionMs = Infinity;
  for (const observation of observations(edgeServerCount)) {
    const startMs = nowMs();
    const decisions = decide(policy, () => policy.decideBatch(TASKS, observation, random));
    decisionMs = Math.min(decisionMs, (nowMs() - startMs) / TASKS.length);
    const decided = new Set(decisions.map(({ taskId }) => taskId));
    if (decisions.length !== TASKS.length || TASKS.some(({ id }) => !decided.has(id))) {
      throw new RangeError(`The policy ${policy.name} does not decide each task of a batch once`);
    }
    const wrong = decisions.find(({ edgeServerIndex }) => observation.edgeServers[edgeServerIndex]?.isReachable !== true);
    if (wrong) throw new RangeError(`The policy ${policy.name} chooses edge server ${wrong.edgeServerIndex}, which is not to be had`);
  }
  if (decisionMs > MAX_DECISION_MS) {
    throw new RangeError(
      `The policy ${policy.name} takes ${Math.round(decisionMs)} ms a decision here; at most ${MAX_DECISION_MS} are taken`,
    );
  }
  return { decisionMs };
}

function decide<T>(policy: SchedulingPolicy, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new RangeError(`The policy ${policy.name} fails on a trial batch: ${reason}`, { cause: thrown });
  }
}

/** All idle; queues as different as can be; and all but one out of reach. */
function observations(count: number): SchedulingObservation[] {
  const server = (changes: Partial<EdgeServerView> = {}): EdgeServerView => ({
    ...{ fixedSec: 3.8, secPerStep: 1, backlogSec: 0, linkMbps: 1000, isReachable: true },
    ...changes,
  });
  const all = Array.from({ length: count }, (_, index) => index);
  return [
    { selfIndex: 0, edgeServers: all.map(() => server()) },
    { selfIndex: count - 1, edgeServers: all.map((index) => server({ backlogSec: 10 ** (index % 6) })) },
    { selfIndex: 0, edgeServers: all.map((index) => server({ isReachable: index === count - 1, backlogSec: 1e6 })) },
  ];
}
