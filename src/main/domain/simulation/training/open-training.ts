// The two worlds that a policy can learn in, behind one interface: what the loop of a training (train-episodes.ts) knows of them.
import { createRandom, deriveSeed } from '../../../../random/random.js';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { runEpisode } from '../../../../scheduling/environment/run-episode.js';
import type { SeenDecision } from '../../../../scheduling/experience/seen-decision.js';
import type { Graph } from '../../../../scheduling/graph/graph.js';
import type { GraphRunner } from '../../../../scheduling/learning/graph-runner.js';
import type { LearningCheckpoint } from '../../../../scheduling/learning/learning-checkpoint.js';
import { createLearningRun, type LearningRun } from '../../../../scheduling/learning/learning-run.js';
import { PRICE_METHOD } from '../../../../scheduling/learning/price-ts.js';
import { createSimulatorPolicy } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { createTestbedLearning } from '../../../../scheduling/testbed/learn-on-testbed.js';
import { drawTestbedEpisode, simulateOptTs } from '../../../../scheduling/testbed/simulate-policy.js';
import type { TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { TrainingPlan } from './trainer-messages.js';

type Delays = readonly number[] | Float64Array;

/** A training between two episodes. */
export interface OpenTraining extends Pick<LearningRun, 'takeMetrics' | 'takeCheckpoint'> {
  /** Learns; the service delays of the episode's tasks, seconds. */
  trainEpisode(episode: number): Promise<Delays>;
  /** The same of Opt-TS on the same arrivals. */
  simulateOptTs(episode: number): Promise<Delays>;
}

interface OpenOptions {
  openGraph: (graph: Graph) => Promise<GraphRunner>;
  checkpoint: LearningCheckpoint | undefined;
  /** Decisions of runs, where it learns from them too; in the testbed's environment only. */
  experience?: readonly SeenDecision[] | undefined;
}

/** In the slots of the paper's environments. */
export async function openSlotTraining({ spec, settings, environment: config }: TrainingPlan, options: OpenOptions): Promise<OpenTraining> {
  const { method, seed } = spec;
  const { openGraph, checkpoint } = options;
  const environment = createEnvironment(config as EnvironmentConfig, seed);
  const run = await createLearningRun({ method, settings, environment, seed, openGraph, ...(checkpoint && { checkpoint }) });
  const randomOf = (policy: string, episode: number) => createRandom(deriveSeed(seed, `${policy}, training episode ${episode}`));
  return {
    async trainEpisode(episode) {
      return (await run.trainEpisode(environment.makeArrivals(episode), randomOf(method, episode))).serviceDelaySec;
    },
    async simulateOptTs(episode) {
      const arrivals = environment.makeArrivals(episode);
      const policy = createSimulatorPolicy('opt-ts');
      return (await runEpisode({ environment, arrivals, policy, random: randomOf('opt-ts', episode) })).serviceDelaySec;
    },
    takeMetrics: () => run.takeMetrics(),
    takeCheckpoint: () => run.takeCheckpoint(),
  };
}

/** In the testbed's environment. */
export async function openTestbedTraining(plan: TrainingPlan, { openGraph, checkpoint, experience }: OpenOptions): Promise<OpenTraining> {
  const { spec, settings } = plan;
  const { method, seed } = spec;
  const config = plan.environment as TestbedConfig;
  if (method === PRICE_METHOD || checkpoint?.method === PRICE_METHOD)
    throw new Error('PRICE-TS does not learn in the testbed’s environment');
  const more = { ...(checkpoint && { checkpoint }), ...(experience && { experience }) };
  const run = await createTestbedLearning({ method, settings, config, seed, openGraph, ...more });
  return {
    trainEpisode: async (episode) => (await run.trainEpisode(drawTestbedEpisode(config, seed, episode))).serviceDelaySec,
    simulateOptTs: async (episode) => (await simulateOptTs(drawTestbedEpisode(config, seed, episode))).serviceDelaySec,
    takeMetrics: () => run.takeMetrics(),
    takeCheckpoint: () => run.takeCheckpoint(),
  };
}
