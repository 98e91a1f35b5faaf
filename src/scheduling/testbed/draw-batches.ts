// What comes to a testbed in an episode, made of the seed and the episode's number alone, before anyone decides.
import { createRandom, deriveSeed, type RandomSource } from '../../random/random.js';
import type { TestbedConfig } from './testbed-config.js';

export interface TestbedTask {
  /** BS that it comes to. */
  station: number;
  qualitySteps: number;
  /** Seconds after the batch began. */
  arrivalSec: number;
  /** Its place among those of its station in the batch, from 0 on. */
  place: number;
}

/** Tasks in the order in which they come; those of one instant station by station. */
export type TestbedBatch = readonly TestbedTask[];

/** A batch for each of the configuration's; the same for the same seed and episode. */
export function drawBatches(config: TestbedConfig, seed: number, episode: number): TestbedBatch[] {
  const random = createRandom(deriveSeed(seed, `batches of episode ${episode}`));
  return Array.from({ length: config.batches }, (_, batch) => {
    const isStream = config.arrivals === 'streams' || (config.arrivals === 'mixed' && batch % 2 === 1);
    const counts = config.nodes.map(() => random.nextInt(config.tasksPerStation.min, config.tasksPerStation.max));
    return isStream ? drawStream(config, counts, random) : drawBurst(config, counts, random);
  });
}

/** A burst of exactly so many tasks, spread over the stations as evenly as can be. */
export function drawBurstOf(config: TestbedConfig, taskCount: number, random: RandomSource): TestbedBatch {
  const stations = config.nodes.length;
  const counts = config.nodes.map((_, station) => Math.floor(taskCount / stations) + (station < taskCount % stations ? 1 : 0));
  return drawBurst(config, counts, random);
}

function drawBurst({ qualitySteps }: TestbedConfig, counts: readonly number[], random: RandomSource): TestbedBatch {
  return counts.flatMap((tasks, station) =>
    Array.from({ length: tasks }, (_, place) => ({
      station,
      qualitySteps: random.nextInt(qualitySteps.min, qualitySteps.max),
      arrivalSec: 0,
      place,
    })),
  );
}

/** Each task comes to a station drawn among those that have some left to come. */
function drawStream(config: TestbedConfig, counts: readonly number[], random: RandomSource): TestbedBatch {
  const { qualitySteps, streamLoad, nodes } = config;
  const meanSteps = (qualitySteps.min + qualitySteps.max) / 2;
  const tasksPerSec = nodes.reduce((sum, node) => sum + 1 / (node.fixedSec + meanSteps * node.secPerStep), 0);
  const meanGapSec = 1 / (tasksPerSec * streamLoad);
  const left = [...counts];
  const placed = counts.map(() => 0);
  const tasks: TestbedTask[] = [];
  let arrivalSec = 0;
  for (let total = left.reduce((sum, n) => sum + n, 0); total > 0; total--) {
    let drawn = random.nextInt(0, total - 1);
    const station = left.findIndex((n) => (drawn -= n) < 0);
    left[station]! -= 1;
    tasks.push({ station, qualitySteps: random.nextInt(qualitySteps.min, qualitySteps.max), arrivalSec, place: placed[station]!++ });
    arrivalSec += random.nextExponential(meanGapSec);
  }
  return tasks;
}
