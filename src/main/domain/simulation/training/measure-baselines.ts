// What a learning curve is read against, on the first episodes of a training. Runs in the evaluation process.
import type { EpisodeArrivals } from '../../../../scheduling/environment/arrivals.js';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { runEpisode } from '../../../../scheduling/environment/run-episode.js';
import { limitMeanDelaySec } from '../../../../scheduling/metrics/delay-limit.js';
import type { HeuristicName } from '../../../../scheduling/heuristics/heuristics.js';
import { createSimulatorPolicy } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom, deriveSeed } from '../../../../random/random.js';
import type { TrainingBaselines } from '../../../../shared/training.js';
import type { BaselinesTask } from './evaluator-messages.js';

export async function measureBaselines({ environment: config, seed, episodes }: BaselinesTask): Promise<TrainingBaselines> {
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
