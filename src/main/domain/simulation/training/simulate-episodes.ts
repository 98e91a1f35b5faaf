// Episodes of a policy that does not learn, on the very arrivals that a training of the same seed sees. Runs in the training process.
import { setImmediate } from 'node:timers/promises';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { type EpisodeResult, runEpisode } from '../../../../scheduling/environment/run-episode.js';
import { createSimulatorPolicy } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom, deriveSeed } from '../../../../random/random.js';
import { createEpisodeMetrics } from './episode-metrics.js';
import type { TrainEpisodesOptions } from './train-episodes.js';
import type { SimulationTask, TrainerOutcome } from './trainer-messages.js';

/** A pause ends it; it starts again the next time. */
export async function simulateEpisodes(
  { policy: name, environment: config, episodes, seed }: SimulationTask,
  { isPausing, cpuNowMs, onProgress }: Omit<TrainEpisodesOptions, 'openGraph'>,
): Promise<TrainerOutcome> {
  const environment = createEnvironment(config, seed);
  onProgress([], 0);
  for (let index = 0; index < episodes; index++) {
    // Lets a message of the parent in.
    await setImmediate();
    if (isPausing()) return 'paused';
    const arrivals = environment.makeArrivals(index);
    const randomOf = (policy: string) => createRandom(deriveSeed(seed, `${policy}, training episode ${index}`));
    const baselineSec = meanDelayOf(
      await runEpisode({ environment, arrivals, policy: createSimulatorPolicy('opt-ts'), random: randomOf('opt-ts') }),
    );
    const startedMs = cpuNowMs();
    const run = await runEpisode({ environment, arrivals, policy: createSimulatorPolicy(name), random: randomOf(name) });
    const cpuMs = cpuNowMs() - startedMs;
    onProgress([createEpisodeMetrics({ episode: index + 1, meanDelaySec: meanDelayOf(run), optTsDelaySec: baselineSec, cpuMs }, {})], 0);
  }
  return 'succeeded';
}

function meanDelayOf({ serviceDelaySec }: EpisodeResult): number {
  return serviceDelaySec.reduce((sum, value) => sum + value, 0) / serviceDelaySec.length;
}
