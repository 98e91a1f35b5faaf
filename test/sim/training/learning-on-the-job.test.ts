// A testbed whose nodes are no longer as fast as on record: what its runs have shown is learned from, and the new version is not worse; one that
// was spoiled is told apart.
import { expect, it } from 'vitest';
import { describeSchedulingPolicies } from '../../../src/main/domain/simulation/training/scheduling-policies.js';
import type { SeenDecision } from '../../../src/scheduling/experience/seen-decision.js';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../src/scheduling/decisions/learned-scheduling.js';
import { expectedComputeSec, type SchedulingObservation, type SchedulingPolicy } from '../../../src/scheduling/policies/policy.js';
import type { NetworkCheckpoint } from '../../../src/scheduling/learning/learning-checkpoint.js';
import { testbedTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import { compareVersions } from '../../../src/scheduling/testbed/compare-versions.js';
import { createTestbedLearning } from '../../../src/scheduling/testbed/learn-on-testbed.js';
import { runBatches } from '../../../src/scheduling/testbed/run-batches.js';
import { drawTestbedEpisode } from '../../../src/scheduling/testbed/simulate-policy.js';
import { TESTBED_DEFAULTS, type TestbedConfig } from '../../../src/scheduling/testbed/testbed-config.js';
import { reasonsAgainst } from '../../../src/shared/on-the-job.js';
import type { TrainingSpec } from '../../../src/shared/training.js';
import { createRandom } from '../../../src/random/random.js';
import { openInterpretedGraph } from '../../support/interpreted-graph.js';

const SEED = 1;
const times = { fixedSec: 3.8, secPerStep: 1 };
const asOnRecord: TestbedConfig = {
  ...TESTBED_DEFAULTS,
  nodes: [times, times, times],
  qualitySteps: { min: 10, max: 19 },
  batches: 20,
  tasksPerStation: { min: 1, max: 10 },
};
/** One node has become half as fast, which nothing on record says. */
const changed: TestbedConfig = { ...asOnRecord, nodes: [times, times, { ...times, trueSpeed: 0.5 }] };
// Fewer and quicker updates than on a testbed: the interpreter is slow.
const settings = { ...testbedTrainingSettings('lad-ts'), updatesPerSlot: 4, batchSize: 32, actorLearningRate: 1e-3, learningStarts: 100 };
const options = { method: 'lad-ts' as const, settings, seed: SEED, openGraph: openInterpretedGraph };

function policyOf(learning: NetworkCheckpoint, config: TestbedConfig): string {
  const spec = { method: 'lad-ts', seed: SEED, twin: { testbedId: 'testbed-1' } } as TrainingSpec;
  const [policy] = describeSchedulingPolicies({ spec, settings, environment: config }, { curve: [], learning });
  return JSON.stringify(policy);
}

/** Decisions of a policy on the testbed as it truly is, with what came of them. */
async function execute(json: string, config: TestbedConfig): Promise<SeenDecision[]> {
  const seen: SeenDecision[] = [];
  let observed: SchedulingObservation;
  const watched = (): SchedulingPolicy => {
    const policy = createLearnedSchedulingPolicy(parseLearnedPolicy(json, config.nodes.length));
    const { name, usesBacklog } = policy;
    return { name, usesBacklog, decideBatch: (tasks, observation, random) => policy.decideBatch(tasks, (observed = observation), random) };
  };
  await runBatches({
    config,
    batches: drawTestbedEpisode(config, SEED, 500).batches,
    stations: config.nodes.map(watched),
    random: createRandom(SEED),
    seed: SEED,
    onPlaced: ({ task: { station, qualitySteps }, server, completionSec }) => {
      const backlogSec = observed.edgeServers.map((es) => es.backlogSec);
      const serviceSec = observed.edgeServers.map((es) => expectedComputeSec({ qualitySteps }, es));
      seen.push({ station, qualitySteps, chosen: server, backlogSec, serviceSec, completionSec: [...completionSec] });
    },
  });
  return seen;
}

it('learns from runs of nodes that have slowed down, and does not get worse', async () => {
  const first = await createTestbedLearning({ ...options, config: asOnRecord });
  for (let episode = 0; episode < 3; episode++) await first.trainEpisode(drawTestbedEpisode(asOnRecord, SEED, episode));
  const checkpoint = first.takeCheckpoint() as NetworkCheckpoint;
  const before = policyOf(checkpoint, asOnRecord);

  const decisions = await execute(before, changed);
  // What the record does not say shows in what came of the decisions.
  expect(decisions.some(({ completionSec, backlogSec, serviceSec }) => completionSec[2]! > 1.5 * (backlogSec[2]! + serviceSec[2]!))).toBe(
    true,
  );

  const continued = await createTestbedLearning({ ...options, config: changed, checkpoint, experience: decisions });
  for (let episode = 3; episode < 5; episode++) await continued.trainEpisode(drawTestbedEpisode(changed, SEED, episode));
  const learned = continued.takeCheckpoint() as NetworkCheckpoint;
  expect(learned.updateCount).toBe(checkpoint.updateCount + 2 * changed.batches * settings.updatesPerSlot);
  const after = policyOf(learned, changed);
  expect(after).not.toBe(before);

  let clockMs = 0;
  const versions = { before, config: changed, seed: 7, decisions, nowMs: () => (clockMs += 0.1) };
  const comparison = await compareVersions({ ...versions, after });
  expect(reasonsAgainst(comparison)).toEqual([]);
  expect(comparison).toMatchObject({ episodes: 12, decisions: decisions.length, failure: null });

  // One that prefers what the other avoids.
  const parsed = JSON.parse(after) as { parameters: number[] };
  const spoiled = JSON.stringify({ ...parsed, parameters: parsed.parameters.map((value) => -value) });
  expect(reasonsAgainst(await compareVersions({ ...versions, after: spoiled })).length).toBeGreaterThan(0);
}, 240_000);

it('learns the same as before where there is nothing to learn from', async () => {
  const curveOf = async (experience?: SeenDecision[]) => {
    const learning = await createTestbedLearning({ ...options, config: { ...asOnRecord, batches: 6 }, ...(experience && { experience }) });
    await learning.trainEpisode(drawTestbedEpisode({ ...asOnRecord, batches: 6 }, SEED, 0));
    return (learning.takeCheckpoint() as NetworkCheckpoint).state;
  };
  expect(await curveOf([])).toEqual(await curveOf());
});
