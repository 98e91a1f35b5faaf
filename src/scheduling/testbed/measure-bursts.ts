// What a policy makes of bursts on a simulated testbed: efficiency, the lower bound of a burst over its total delay, as Table V's runs have it.
import { createRandom, deriveSeed } from '../../random/random.js';
import { lowerBound } from '../metrics/lower-bound.js';
import type { SchedulingPolicy } from '../policies/policy.js';
import { drawBurstOf } from './draw-batches.js';
import { simulateOnTestbed } from './simulate-policy.js';
import type { TestbedConfig } from './testbed-config.js';

export interface BurstFigures {
  /** Of each burst, then the mean. */
  efficiency: number;
  /** Of all tasks. */
  meanDelaySec: number;
  /** Of a burst, then the mean: the smallest delay that at least 95 % of its tasks do not exceed. */
  p95DelaySec: number;
}

export interface BurstsToMeasure {
  config: TestbedConfig;
  seed: number;
  /** |N|, all there at once, spread evenly over the stations. */
  taskCount: number;
  bursts: number;
}

/** The same bursts for whoever schedules. Only for speeds that do not change: the bound rests on them. */
export async function measureBursts(
  { config, seed, taskCount, bursts }: BurstsToMeasure,
  makeStation: (station: number) => SchedulingPolicy,
): Promise<BurstFigures> {
  const sums = { efficiency: 0, meanDelaySec: 0, p95DelaySec: 0 };
  const nodes = config.nodes.map((node) => ({ ...node, speedFactor: node.trueSpeed ?? 1 }));
  for (let index = 0; index < bursts; index++) {
    const burst = drawBurstOf(config, taskCount, createRandom(deriveSeed(seed, `burst ${index} of ${taskCount}`)));
    const { batchSec, serviceDelaySec } = await simulateOnTestbed({ config, seed, episode: index, batches: [burst] }, makeStation);
    const sorted = serviceDelaySec.toSorted((a, b) => a - b);
    sums.efficiency += (lowerBound({ tasks: burst, nodes })?.lowerBoundSec ?? NaN) / batchSec[0]!;
    sums.meanDelaySec += sorted.reduce((sum, sec) => sum + sec, 0) / sorted.length;
    sums.p95DelaySec += sorted[Math.ceil(0.95 * sorted.length) - 1]!;
  }
  return {
    efficiency: sums.efficiency / bursts,
    meanDelaySec: sums.meanDelaySec / bursts,
    p95DelaySec: sums.p95DelaySec / bursts,
  };
}
