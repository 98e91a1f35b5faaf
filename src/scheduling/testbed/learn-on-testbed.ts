// LAD-TS and the other methods with networks, learning in the testbed's environment: Algorithm 1 with the decisions one after the other, each
// on what stands in the queues at that moment, and several updates at the end of a batch.
//
// Deviations from Algorithm 1 as the paper's environments have it (../learning/algorithm-1.ts), each with its measured effect in
// docs/learned-runs.md; all but the first are settings:
// - states, lines 7-9: of the queues as they are and not as they were at the end of the last slot;
// - `state`, Eq. 6: relative completions; `reward`, Eq. 9: a bounded regret; `chainStart`, lines 9 and 12: nothing stored;
// - `network`: one for all BSs, whose experience is one; `updatesPerSlot`: ten a batch.
import { createRandom, deriveSeed, type RandomSource } from '../../random/random.js';
import type { Graph } from '../graph/graph.js';
import { countElements } from '../graph/graph.js';
import { type DecisionMade, TestbedDecisions, type TestbedPolicyForm } from '../decisions/testbed-decisions.js';
import { serverStateLength } from '../decisions/server-state.js';
import type { SeenDecision } from '../experience/seen-decision.js';
import type { GraphRunner } from '../learning/graph-runner.js';
import { createLearner, type LearningMethod } from '../learning/learner.js';
import { LearnerUpdates } from '../learning/learner-updates.js';
import { type LearningCheckpoint, learningCheckpointSchema, type NetworkCheckpoint } from '../learning/learning-checkpoint.js';
import { createNoisePool } from '../learning/normal-noise.js';
import { ReplayBuffer, type Transition } from '../learning/replay-buffer.js';
import type { TrainingSettings } from '../learning/training-settings.js';
import { createExperiencePool } from './experience-pool.js';
import { rewardOf } from './reward.js';
import { type Placement, runBatches, type TestbedRunResult } from './run-batches.js';
import { speedSeedOf, type TestbedEpisode } from './simulate-policy.js';
import type { TestbedConfig } from './testbed-config.js';

export interface TestbedLearningOptions {
  method: LearningMethod;
  settings: TrainingSettings;
  config: TestbedConfig;
  seed: number;
  openGraph: (graph: Graph) => Promise<GraphRunner>;
  /** Of a run with the same options and seed; it then continues as that one did. */
  checkpoint?: NetworkCheckpoint;
  /** Decisions of runs: every other update then learns from them. For a network that is shared by the servers. */
  experience?: readonly SeenDecision[];
}

export interface TestbedLearning {
  /** Of the learning's own configuration and seed. */
  trainEpisode(episode: TestbedEpisode): Promise<TestbedRunResult>;
  takeMetrics(): Record<string, number>;
  /** To be taken between two episodes. */
  takeCheckpoint(): LearningCheckpoint;
}

/** The form of the policies that learn by these settings. */
export function testbedPolicyForm({ method, settings, config }: Pick<TestbedLearningOptions, 'method' | 'settings' | 'config'>) {
  return { method, settings, servers: config.nodes.length, largestQualitySteps: config.qualitySteps.max } satisfies TestbedPolicyForm;
}

/** One network for all stations, or one for each. */
export function countAgents(settings: Pick<TrainingSettings, 'network'>, { nodes }: TestbedConfig): number {
  return settings.network === 'shared' ? 1 : nodes.length;
}

/** @throws Error where the checkpoint is of another method or of other sizes */
export async function createTestbedLearning(options: TestbedLearningOptions): Promise<TestbedLearning> {
  const { method, settings, config, seed, openGraph, checkpoint, experience: seen } = options;
  if (checkpoint !== undefined && checkpoint.method !== method)
    throw new Error(`A checkpoint of ${checkpoint.method} is none of ${method}`);
  const servers = config.nodes.length;
  const agents = countAgents(settings, config);
  const sizes = { agents, servers, stateSize: serverStateLength(servers) };
  const randomFor = (part: string) => createRandom(deriveSeed(seed, `${part} of the learning`));
  const learner = createLearner(method, { ...settings, ...sizes });
  const update = await openGraph(learner.buildUpdate());
  const poolLength = 10 * Math.max(...Object.values(update.inputShapes).map(countElements));
  const noise = createNoisePool(poolLength, randomFor('noise'));
  const updates = new LearnerUpdates({
    stateNames: learner.stateNames,
    state: checkpoint?.state ?? learner.initialize(randomFor('parameters')),
    updateCount: checkpoint?.updateCount ?? 0,
    update,
    noise,
  });
  const replay = new ReplayBuffer({ ...sizes, capacity: settings.replayCapacity });
  // What was learned on another number of servers holds here; the transitions that it was learned from have other sizes.
  if (checkpoint !== undefined && (seen === undefined || replay.fits(checkpoint.replay))) replay.restore(checkpoint.replay);
  const pool = seen && createExperiencePool(seen, sizes, { ...settings, largestQualitySteps: config.qualitySteps.max });
  const batch = replay.createBatch(updates.batchSize);
  let random: RandomSource = randomFor('start');
  const parametersOf = (station: number): Float32Array => {
    const { actor } = updates.state;
    const size = actor.length / agents;
    const agent = agents === 1 ? 0 : station;
    return actor.subarray(agent * size, (agent + 1) * size);
  };
  const experience = new StationExperience(replay, settings, agents);
  const form = testbedPolicyForm(options);
  // With one network for all stations they are one policy, which is asked by each in turn; but for latents, which are a station's own.
  const stations = config.nodes.map(
    (_, station) =>
      new TestbedDecisions({
        form,
        parameters: parametersOf(station),
        learning: {
          noise: ({ length }) => noise.take(length, random),
          ...(settings.explorationRate > 0 && { explorationRate: settings.explorationRate }),
        },
        onDecision: (decision) => experience.decided(station, decision),
      }),
  );

  const learn = async (): Promise<void> => {
    if (replay.minCount <= settings.learningStarts) return;
    for (let count = 0; count < settings.updatesPerSlot; count++) {
      (pool && count % 2 === 1 ? pool : replay).sample(batch, random);
      await updates.run(batch, random);
    }
    stations.forEach((policy, station) => policy.setParameters(parametersOf(station)));
  };

  return {
    async trainEpisode(episode) {
      random = createRandom(deriveSeed(seed, `${method}, training episode ${episode.episode}`));
      // So that a training that is resumed continues as one that was not stopped.
      for (const station of stations) station.forgetLatents();
      const result = await runBatches({
        config,
        batches: episode.batches,
        stations,
        random,
        seed: speedSeedOf(episode),
        onPlaced: (placement) => experience.placed(placement),
        onBatchEnd: learn,
      });
      experience.endEpisode();
      return result;
    },
    takeMetrics: () => updates.takeMetrics(),
    takeCheckpoint: () =>
      learningCheckpointSchema.parse({
        method,
        state: updates.state,
        updateCount: updates.updateCount,
        replay: replay.takeSnapshot(),
        // Those of the testbed are of an episode: nothing of them is kept.
        ...(method === 'lad-ts' && { latents: new Float32Array(0) }),
      }),
  };
}

/** Lines 11, 13 and 14: a station's decision waits for what it was rewarded with and for its next one. */
class StationExperience {
  readonly #pending = new Map<number, Omit<Transition, 'nextState' | 'done'> & { state: Float64Array }>();

  constructor(
    private readonly replay: ReplayBuffer,
    private readonly settings: Pick<TrainingSettings, 'reward' | 'rewardScale' | 'regretBound'>,
    private readonly agents: number,
  ) {}

  decided(station: number, { state, latents, chosen }: DecisionMade): void {
    const before = this.#pending.get(station);
    if (before) this.#store(station, { ...before, nextState: state, ...(latents && { nextLatent: latents }), done: false });
    this.#pending.set(station, { state: state.slice(), ...(latents && { latent: latents.slice() }), action: chosen, reward: 0 });
  }

  placed({ task: { station }, ...placement }: Placement): void {
    this.#pending.get(station)!.reward = rewardOf(placement, this.settings);
  }

  endEpisode(): void {
    for (const [station, last] of this.#pending) this.#store(station, { ...last, nextState: last.state, done: true });
    this.#pending.clear();
  }

  #store(station: number, transition: Transition): void {
    this.replay.add(this.agents === 1 ? 0 : station, transition);
  }
}
