// Whether a new version of a policy may take the place of the one before: both on work that neither learned from, and both on decisions of
// runs, offline.
import type { SeenDecision } from '../experience/seen-decision.js';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../decisions/learned-scheduling.js';
import { FIRST_UNSEEN_EPISODE } from '../learning/unseen-episodes.js';
import type { SchedulingPolicy } from '../policies/policy.js';
import { createRandom } from '../../random/random.js';
import { meanInterval, meanOf } from '../../shared/mean-interval.js';
import type { VersionComparison } from '../../shared/on-the-job.js';
import { regretOf } from './reward.js';
import { drawTestbedEpisode, simulateOnTestbed } from './simulate-policy.js';
import type { TestbedConfig } from './testbed-config.js';

/** As JSON, of a network that is shared by the servers. */
export interface VersionsToCompare {
  before: string;
  after: string;
  /** Nodes by the record and as fast as was seen. */
  config: TestbedConfig;
  seed: number;
  decisions: readonly SeenDecision[];
  /** A clock of real ms. */
  nowMs: () => number;
}

const EPISODES = 12;
const BATCHES = 8;

/** A new version that fails is told so; one before it that fails throws. */
export async function compareVersions(versions: VersionsToCompare): Promise<VersionComparison> {
  const shadowed = shadow(versions);
  if (shadowed.failure !== null) return { loss: null, episodes: 0, ...shadowed };
  const losses = await measureLosses(versions);
  if (typeof losses === 'string') return { loss: null, episodes: 0, ...shadowed, failure: losses };
  return { loss: meanInterval(losses), episodes: losses.length, ...shadowed };
}

/** Stale views with refusals, as agents have them; in words what the new version failed with. */
async function measureLosses({ before, after, config, seed }: VersionsToCompare): Promise<number[] | string> {
  const unseen: TestbedConfig = { ...config, arrivals: 'mixed', view: 'offers', batches: BATCHES };
  const losses: number[] = [];
  for (let index = 0; index < EPISODES; index++) {
    const episode = drawTestbedEpisode(unseen, seed, FIRST_UNSEEN_EPISODE + index);
    const meanDelayOf = async (json: string): Promise<number> =>
      meanOf((await simulateOnTestbed(episode, () => open(json, config.nodes.length))).serviceDelaySec);
    const meanDelayBefore = await meanDelayOf(before);
    try {
      losses.push((await meanDelayOf(after)) / meanDelayBefore - 1);
    } catch (thrown) {
      return describeThrown(thrown);
    }
  }
  return losses;
}

/** The states of the runs, decided by both. */
function shadow({ before, after, decisions, nowMs }: VersionsToCompare): Omit<VersionComparison, 'loss' | 'episodes'> {
  const made: { before: number; after: number }[] = [];
  const spentMs: number[] = [];
  const policies = new Map<number, { before: SchedulingPolicy; after: SchedulingPolicy }>();
  const none = { regretBefore: null, regretAfter: null, regretDifference: null };
  for (const decision of decisions) {
    const servers = decision.serviceSec.length;
    const pair = policies.get(servers) ?? { before: open(before, servers), after: open(after, servers) };
    policies.set(servers, pair);
    const chosenBefore = choose(pair.before, decision);
    const startMs = nowMs();
    try {
      const chosen = choose(pair.after, decision);
      spentMs.push(nowMs() - startMs);
      made.push({ before: regretOfChoice(decision, chosenBefore), after: regretOfChoice(decision, chosen) });
    } catch (thrown) {
      return { decisions: made.length, decisionMs: slowest(spentMs), ...none, failure: describeThrown(thrown) };
    }
  }
  if (made.length === 0) return { decisions: 0, decisionMs: 0, ...none, failure: null };
  return {
    decisions: made.length,
    decisionMs: slowest(spentMs),
    regretBefore: meanOf(made.map((each) => each.before)),
    regretAfter: meanOf(made.map((each) => each.after)),
    regretDifference: meanInterval(made.map((each) => each.after - each.before)),
    failure: null,
  };
}

function regretOfChoice({ serviceSec, completionSec }: SeenDecision, server: number): number {
  return regretOf({ server, serviceSec, completionSec });
}

function choose(policy: SchedulingPolicy, { station, qualitySteps, backlogSec, serviceSec }: SeenDecision): number {
  const edgeServers = serviceSec.map((fixedSec, server) => ({
    ...{ fixedSec, secPerStep: 0, backlogSec: backlogSec[server]!, linkMbps: Infinity, isReachable: true },
  }));
  const [decision] = policy.decideBatch([{ id: 'seen', qualitySteps, inputBits: 0 }], { selfIndex: station, edgeServers }, createRandom(1));
  return decision!.edgeServerIndex;
}

function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function slowest(spentMs: readonly number[]): number {
  return spentMs.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(0.99 * spentMs.length) - 1)] ?? 0;
}

function open(json: string, servers: number): SchedulingPolicy {
  return createLearnedSchedulingPolicy(parseLearnedPolicy(json, servers));
}
