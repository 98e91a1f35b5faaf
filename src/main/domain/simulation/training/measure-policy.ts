// A trained policy on arrivals that it never learned from, beside Opt-TS. Runs in the evaluation process.
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { runEpisode } from '../../../../scheduling/environment/run-episode.js';
import type { Graph } from '../../../../scheduling/graph/graph.js';
import type { GraphRunner } from '../../../../scheduling/learning/graph-runner.js';
import { createTrainedPolicy } from '../../../../scheduling/learning/learning-run.js';
import { FIRST_UNSEEN_EPISODE } from '../../../../scheduling/learning/unseen-episodes.js';
import { PolicyFiguresCounter } from '../../../../scheduling/metrics/policy-figures.js';
import { createSimulatorPolicy } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { isTestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { createRandom, deriveSeed } from '../../../../random/random.js';
import { AppError } from '../../../../shared/errors.js';
import type { PolicyDetail } from '../../../../shared/training.js';
import type { DetailTask } from './evaluator-messages.js';
import { createEntropyMeter } from './entropy-meter.js';
import { measureTestbedPolicy } from './measure-testbed-policy.js';
import { readCheckpoint } from './training-checkpoint.js';

/**
 * The environment is the training's, of the same seed; the chains of a diffusion policy start from the checkpoint's latents and continue from
 * episode to episode. The same checkpoint gives the same figures. Throws `conflict` where there is no checkpoint.
 */
export async function measurePolicy(
  { training, episodes, choice }: DetailTask,
  openGraph: (graph: Graph) => Promise<GraphRunner>,
): Promise<PolicyDetail> {
  const { spec, settings, environment: config, folder } = training;
  const { method, seed } = spec;
  const checkpoint = await readCheckpoint(folder, method);
  if (checkpoint === null) throw new AppError('conflict', 'The training has no checkpoint yet', 'Wait for its first one.');
  if (isTestbedConfig(config)) return measureTestbedPolicy(training, { config, checkpoint, episodes, choice });
  const environment = createEnvironment(config, seed);
  const entropy = createEntropyMeter();
  const policy = await createTrainedPolicy({
    settings,
    environment,
    seed,
    openGraph,
    checkpoint: checkpoint.learning,
    choice,
    onDecision: (probabilities) => entropy.add(probabilities),
  });
  const figures = new PolicyFiguresCounter({
    capacities: environment.capacityGigacyclesPerSec,
    largestWork: config.densityGigacyclesPerStep.max * config.qualitySteps.max,
  });
  for (let episode = FIRST_UNSEEN_EPISODE; episode < FIRST_UNSEEN_EPISODE + episodes; episode++) {
    const arrivals = environment.makeArrivals(episode);
    const randomOf = (name: string) => createRandom(deriveSeed(seed, `${name}, episode ${episode}`));
    const learned = await runEpisode({ environment, arrivals, policy, random: randomOf(method) });
    const optTs = await runEpisode({ environment, arrivals, policy: createSimulatorPolicy('opt-ts'), random: randomOf('opt-ts') });
    figures.add(arrivals.workGigacycles, learned, optTs);
  }
  return { checkpointEpisodes: checkpoint.curve.length, entropyNats: entropy.mean(), ...figures.finish() };
}
