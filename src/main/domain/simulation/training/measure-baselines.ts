// What a learning curve is read against, on the first episodes of a training. Runs in the evaluation process.
import type { EpisodeArrivals } from '../../../../scheduling/environment/arrivals.js';
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { runEpisode } from '../../../../scheduling/environment/run-episode.js';
import { limitMeanDelaySec } from '../../../../scheduling/metrics/delay-limit.js';
import type { HeuristicName } from '../../../../scheduling/heuristics/heuristics.js';
import { createSchedulingPolicy } from '../../../../scheduling/policies/schedule-by-heuristic.js';
import { createSimulatorPolicy } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { limitSumOfDelaySec } from '../../../../scheduling/testbed/batch-limits.js';
import { drawTestbedEpisode, simulateOnTestbed, simulateOptTs } from '../../../../scheduling/testbed/simulate-policy.js';
import { isTestbedConfig, type TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { createRandom, deriveSeed } from '../../../../random/random.js';
import type { TrainingBaselines } from '../../../../shared/training.js';
import type { BaselinesTask } from './evaluator-messages.js';

export function measureBaselines(task: BaselinesTask): Promise<TrainingBaselines> {
  const { environment, seed, episodes } = task;
  return isTestbedConfig(environment) ? measureOnTestbed(environment, seed, episodes) : measureInSlots(environment, seed, episodes);
}

async function measureInSlots(config: EnvironmentConfig, seed: number, episodes: number): Promise<TrainingBaselines> {
  const environment = createEnvironment(config, seed);
  const sums = { optTsDelaySec: 0, capacityProportionalDelaySec: 0, limitDelaySec: 0 };
  const meanDelayOf = async (name: HeuristicName, arrivals: EpisodeArrivals, episode: number): Promise<number> => {
    const random = createRandom(deriveSeed(seed, `${name}, training episode ${episode}`));
    const { serviceDelaySec } = await runEpisode({ environment, arrivals, policy: createSimulatorPolicy(name), random });
    return serviceDelaySec.reduce((sum, sec) => sum + sec, 0) / serviceDelaySec.length;
  };
  for (let episode = 0; episode < episodes; episode++) {
    const arrivals = environment.makeArrivals(episode);
    sums.optTsDelaySec += await meanDelayOf('opt-ts', arrivals, episode);
    sums.capacityProportionalDelaySec += await meanDelayOf('capacity-proportional', arrivals, episode);
    sums.limitDelaySec += limitMeanDelaySec(environment, arrivals);
  }
  return {
    episodes,
    optTsDelaySec: sums.optTsDelaySec / episodes,
    capacityProportionalDelaySec: sums.capacityProportionalDelaySec / episodes,
    limitDelaySec: sums.limitDelaySec / episodes,
  };
}

async function measureOnTestbed(config: TestbedConfig, seed: number, episodes: number): Promise<TrainingBaselines> {
  const sums = { optTsDelaySec: 0, capacityProportionalDelaySec: 0, limitDelaySec: 0 };
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (let index = 0; index < episodes; index++) {
    const episode = drawTestbedEpisode(config, seed, index);
    const byCapacity = await simulateOnTestbed(episode, () => createSchedulingPolicy('capacity-proportional'));
    sums.optTsDelaySec += meanOf((await simulateOptTs(episode)).serviceDelaySec);
    sums.capacityProportionalDelaySec += meanOf(byCapacity.serviceDelaySec);
    const taskCount = episode.batches.reduce((sum, batch) => sum + batch.length, 0);
    sums.limitDelaySec += episode.batches.reduce((sum, batch) => sum + limitSumOfDelaySec(config, batch), 0) / taskCount;
  }
  const mean = (field: keyof typeof sums): number => sums[field] / episodes;
  return {
    episodes,
    optTsDelaySec: mean('optTsDelaySec'),
    capacityProportionalDelaySec: mean('capacityProportionalDelaySec'),
    limitDelaySec: mean('limitDelaySec'),
  };
}
