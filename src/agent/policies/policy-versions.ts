// The learned policy of this node: which version it is, that it was tried before it decides, and what is done when it fails all the same. A
// version is taken up between two batches and never within one; one that is refused leaves the earlier one where it is.
import { createHash } from 'node:crypto';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../scheduling/decisions/learned-scheduling.js';
import { type Decision, decideEach, type SchedulingPolicy } from '../../scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../scheduling/policies/schedule-by-heuristic.js';
import { tryPolicy } from '../../scheduling/policies/trial-policy.js';
import { describeThrown } from '../log.js';

/** What becomes of decisions where a policy fails and none worked before it. */
const LAST_RESORT = 'shortest-expected-completion';
/** Of the hash, as it is shown. */
const VERSION_LENGTH = 12;
const KEPT_VERSIONS = 3;

export interface PolicyInUse {
  runId: string;
  /** `lad-ts`, or what took over. */
  method: string;
  /** The first digits of the SHA-256 of what was deployed. */
  version: string;
  /** Real ms a decision when it was tried. */
  decisionMs: number;
  /** Why another decides in its place; empty where it decides itself. */
  problem: string;
}

interface Version {
  version: string;
  json: string;
  edgeServerCount: number;
}

export class PolicyVersions {
  readonly #nowMs: () => number;
  #inUse: PolicyInUse | null = null;
  /** Those that decided last without failing, the newest first: one to return to from another. */
  #proven: Version[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Of the run that was configured last with a learned policy; null before that. */
  get inUse(): PolicyInUse | null {
    return this.#inUse;
  }

  /** Takes a policy up for a run. Throws RangeError where it can't be read or fails its trial: the earlier one then stays. */
  deploy(runId: string, json: string, edgeServerCount: number): SchedulingPolicy {
    const deployed: Version = { json, edgeServerCount, version: versionOf(json) };
    const { decisionMs } = tryPolicy(open(deployed), edgeServerCount, this.#nowMs);
    const policy = open(deployed);
    this.#inUse = { runId, method: policy.name, version: deployed.version, decisionMs, problem: '' };
    return this.#guard(policy, deployed, runId);
  }

  /** The policy itself until it throws; from then on the version before it, or list scheduling. */
  #guard(policy: SchedulingPolicy, deployed: Version, runId: string): SchedulingPolicy {
    let decider = policy;
    const noteProven = (): void => this.#noteProven(deployed);
    const rollBack = (thrown: unknown): SchedulingPolicy => this.#rollBack(deployed, runId, thrown);
    const decideInTurn = function* (...[tasks, observation, random]: Parameters<SchedulingPolicy['decideBatch']>): Generator<Decision> {
      const decided = new Set<string>();
      try {
        for (const decision of decideEach(decider, tasks, observation, random)) {
          if (decider === policy) noteProven();
          decided.add(decision.taskId);
          yield decision;
        }
      } catch (thrown) {
        // Nothing is reachable: no fault of the policy, and no one else could decide.
        if (thrown instanceof RangeError || decider !== policy) throw thrown;
        decider = rollBack(thrown);
        const left = tasks.filter(({ id }) => !decided.has(id));
        yield* decider.decideBatch(left, observation, random);
      }
    };
    return {
      ...{ name: policy.name, usesBacklog: policy.usesBacklog, decideInTurn },
      decideBatch: (tasks, observation, random) => [...decideInTurn(tasks, observation, random)],
    };
  }

  #noteProven(deployed: Version): void {
    if (this.#proven[0]?.version === deployed.version) return;
    this.#proven = [deployed, ...this.#proven.filter(({ version }) => version !== deployed.version)].slice(0, KEPT_VERSIONS);
  }

  #rollBack({ version, edgeServerCount }: Version, runId: string, thrown: unknown): SchedulingPolicy {
    const before = this.#proven.find((proven) => proven.version !== version && proven.edgeServerCount === edgeServerCount);
    const policy = before ? open(before) : createSchedulingPolicy(LAST_RESORT);
    const successor = before ? `version ${before.version}` : LAST_RESORT;
    const problem = `Policy ${version} was rolled back, and ${successor} decides: ${describeThrown(thrown)}`;
    this.#inUse = { runId, method: policy.name, version: before?.version ?? '', decisionMs: 0, problem };
    return policy;
  }
}

/** The same for the same policy on every machine. */
export function versionOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, VERSION_LENGTH);
}

function open({ json, edgeServerCount }: Version): SchedulingPolicy {
  return createLearnedSchedulingPolicy(parseLearnedPolicy(json, edgeServerCount));
}
