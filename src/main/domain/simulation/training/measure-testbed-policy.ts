// A policy that learned in the testbed's environment, on batches that it never learned from, beside Opt-TS on the same ones. Runs in the
// evaluation process. It decides as on a node: the same description, the same function.
import { createRandom, deriveSeed } from '../../../../random/random.js';
import { FIRST_UNSEEN_EPISODE } from '../../../../scheduling/learning/unseen-episodes.js';
import { createNormalNoise } from '../../../../scheduling/learning/normal-noise.js';
import { PolicyFiguresCounter } from '../../../../scheduling/metrics/policy-figures.js';
import { TestbedDecisions } from '../../../../scheduling/decisions/testbed-decisions.js';
import type { TestbedTask } from '../../../../scheduling/testbed/draw-batches.js';
import type { TestbedRunResult } from '../../../../scheduling/testbed/run-batches.js';
import { drawTestbedEpisode, simulateOnTestbed, simulateOptTs } from '../../../../scheduling/testbed/simulate-policy.js';
import type { TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { PolicyDetail } from '../../../../shared/training.js';
import type { DetailTask } from './evaluator-messages.js';
import { createEntropyMeter } from './entropy-meter.js';
import { describeTestbedPolicies, policyFormOf } from './scheduling-policies.js';
import type { TrainingCheckpoint } from './training-checkpoint.js';
import type { TrainingPlan } from './trainer-messages.js';

interface Measured extends Pick<DetailTask, 'episodes' | 'choice'> {
  config: TestbedConfig;
  checkpoint: TrainingCheckpoint;
}

export async function measureTestbedPolicy(plan: TrainingPlan, { config, checkpoint, episodes, choice }: Measured): Promise<PolicyDetail> {
  const { seed, method } = plan.spec;
  const form = policyFormOf(plan, config);
  const described = describeTestbedPolicies(plan, config, checkpoint);
  const entropy = createEntropyMeter();
  const workOf = (qualitySteps: number): number => config.nodes[0]!.fixedSec + qualitySteps * config.nodes[0]!.secPerStep;
  const meanSteps = (config.qualitySteps.min + config.qualitySteps.max) / 2;
  const capacities = config.nodes.map((node) => workOf(meanSteps) / (node.fixedSec + meanSteps * node.secPerStep));
  const figures = new PolicyFiguresCounter({ capacities, largestWork: workOf(config.qualitySteps.max) });
  const normal = createNormalNoise();
  for (let index = FIRST_UNSEEN_EPISODE; index < FIRST_UNSEEN_EPISODE + episodes; index++) {
    const episode = drawTestbedEpisode(config, seed, index);
    const random = createRandom(deriveSeed(seed, `${method}, chains of episode ${index}`));
    const noise = ({ length }: { length: number }): Float32Array => {
      const values = new Float32Array(length);
      normal.fill(values, random);
      return values;
    };
    const learned = await simulateOnTestbed(episode, (station) => {
      const { parameters } = described[station] ?? described[0]!;
      return new TestbedDecisions({
        form,
        parameters,
        ...(choice === 'drawn' && { learning: { noise } }),
        onDecision: ({ probabilities }) => entropy.add(probabilities),
      });
    });
    const optTs = inOrderOf(learned.tasks, await simulateOptTs(episode));
    figures.add(
      learned.tasks.map(({ qualitySteps }) => workOf(qualitySteps)),
      learned,
      { serviceDelaySec: optTs },
    );
  }
  return { checkpointEpisodes: checkpoint.curve.length, entropyNats: entropy.mean(), ...figures.finish() };
}

/** The delays of another run of the same tasks, which were placed in another order. */
function inOrderOf(tasks: readonly TestbedTask[], other: TestbedRunResult): number[] {
  const delays = new Map(other.tasks.map((task, index) => [task, other.serviceDelaySec[index]!]));
  return tasks.map((task) => delays.get(task)!);
}
