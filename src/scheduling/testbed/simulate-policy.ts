// An episode of any policy of agents on a simulated testbed: what the seed and the episode's number bring is the same for all of them.
import { createRandom, deriveSeed } from '../../random/random.js';
import type { SchedulingPolicy } from '../policies/policy.js';
import { createSchedulingPolicy } from '../policies/schedule-by-heuristic.js';
import { drawBatches, type TestbedBatch } from './draw-batches.js';
import { runBatches, type TestbedRunResult } from './run-batches.js';
import type { TestbedConfig } from './testbed-config.js';

export interface TestbedEpisode {
  config: TestbedConfig;
  seed: number;
  episode: number;
  batches: readonly TestbedBatch[];
}

export function drawTestbedEpisode(config: TestbedConfig, seed: number, episode: number): TestbedEpisode {
  return { config, seed, episode, batches: drawBatches(config, seed, episode) };
}

/** The nodes' true speeds in an episode come from it, whoever schedules. */
export function speedSeedOf({ seed, episode }: Pick<TestbedEpisode, 'seed' | 'episode'>): number {
  return deriveSeed(seed, `speeds of episode ${episode}`);
}

/** @param makeStation a fresh policy for each base station, by ordinal */
export function simulateOnTestbed(episode: TestbedEpisode, makeStation: (station: number) => SchedulingPolicy): Promise<TestbedRunResult> {
  const { config, batches, seed, episode: number } = episode;
  const stations = config.nodes.map((_, station) => makeStation(station));
  const random = createRandom(deriveSeed(seed, `${stations[0]?.name ?? ''}, episode ${number}`));
  return runBatches({ config, batches, stations, random, seed: speedSeedOf(episode) });
}

/** Opt-TS on a testbed: greedy for the task in hand, on the queues as they are and the nodes' times by the record. */
export function simulateOptTs(episode: TestbedEpisode): Promise<TestbedRunResult> {
  const seeing: TestbedEpisode = { ...episode, config: { ...episode.config, view: 'live' } };
  return simulateOnTestbed(seeing, () => createSchedulingPolicy('shortest-completion-own'));
}
