import { describe, expect, it } from 'vitest';
import type { EpisodeArrivals } from '../../../src/scheduling/environment/arrivals.js';
import { createEnvironment, type Environment } from '../../../src/scheduling/environment/environment.js';
import { runEpisode } from '../../../src/scheduling/environment/run-episode.js';
import { limitMeanDelaySec } from '../../../src/scheduling/metrics/delay-limit.js';
import { createRandom } from '../../../src/random/random.js';
import { handArrivals, handEnvironment, scriptedPolicy, smallConfig } from '../scheduling/environment/small-environment.js';

/** One station, links that cost nothing: what is left is the queue. */
function buildQueue(capacity: number, workBySlot: readonly (readonly number[])[]): { environment: Environment; arrivals: EpisodeArrivals } {
  const work = workBySlot.flat();
  const firstTask = [0];
  for (const tasks of workBySlot) firstTask.push(firstTask.at(-1)! + tasks.length);
  const arrivals: EpisodeArrivals = {
    baseStations: 1,
    slots: workBySlot.length,
    firstTask: Int32Array.from(firstTask),
    sizeMbit: new Float64Array(work.length),
    resultMbit: new Float64Array(work.length),
    qualitySteps: new Uint16Array(work.length),
    workGigacycles: Float64Array.from(work),
    links: { slotStride: 0, uploadSecPerMbit: Float64Array.of(0), downloadSecPerMbit: Float64Array.of(0) },
  };
  const config = smallConfig({ baseStations: 1, slots: workBySlot.length });
  return { environment: { config, capacityGigacyclesPerSec: Float64Array.of(capacity), makeArrivals: () => arrivals }, arrivals };
}

/** The least mean delay over every way to send every task somewhere. */
async function findMinByTrial(environment: Environment, arrivals: EpisodeArrivals): Promise<number> {
  const tasks = arrivals.workGigacycles.length;
  const servers = arrivals.baseStations;
  let smallest = Infinity;
  for (let code = 0; code < servers ** tasks; code++) {
    const choices = Array.from({ length: tasks }, (_, task) => Math.floor(code / servers ** task) % servers);
    const run = await runEpisode({ environment, arrivals, policy: scriptedPolicy(choices), random: createRandom(1) });
    smallest = Math.min(smallest, run.serviceDelaySec.reduce((sum, sec) => sum + sec, 0) / tasks);
  }
  return smallest;
}

describe('the limit of the mean delay', () => {
  it('takes the tasks of a slot from the smallest to the largest', () => {
    const { environment, arrivals } = buildQueue(10, [[30, 10, 20]]);
    // Done after 1, 3 and 6 s.
    expect(limitMeanDelaySec(environment, arrivals)).toBeCloseTo((1 + 3 + 6) / 3, 12);
  });

  it('interrupts a large task for a small one that comes later', () => {
    const { environment, arrivals } = buildQueue(10, [[40], [10]]);
    // The small one from 1 to 2 s, the large one before and after: done at 5 s.
    expect(limitMeanDelaySec(environment, arrivals)).toBeCloseTo((5 + (2 - 1)) / 2, 12);
  });

  it('continues with a task of which less is left than the newcomer brings', () => {
    const { environment, arrivals } = buildQueue(10, [[15], [10]]);
    expect(limitMeanDelaySec(environment, arrivals)).toBeCloseTo((1.5 + (2.5 - 1)) / 2, 12);
  });

  it('works as fast as all servers together and pays for the cheapest links', () => {
    // 30 Gigacycles/s: slot 0 ends 6 and 12 and leaves 8 of 20; slot 1 ends 2, 4 and the 8.
    const flowSec = 6 / 30 + 18 / 30 + 2 / 30 + 6 / 30 + (1 + 14 / 30);
    // Home uploads are free, downloads take 0.2 s/Mbit everywhere.
    const transmissionSec = 0.2 * (1 + 0.5 + 1 + 1 + 1);
    expect(limitMeanDelaySec(handEnvironment, handArrivals)).toBeCloseTo((flowSec + transmissionSec) / 5, 12);
  });

  it.each([1, 2, 3, 4, 5, 6])('is not above the best of all ways to send every task (seed %i)', async (seed) => {
    const environment = createEnvironment(smallConfig({ baseStations: 2, slots: 3, tasksPerSlot: { min: 1, max: 2 } }), seed);
    // Slow servers, so that tasks wait.
    const slow: Environment = { ...environment, capacityGigacyclesPerSec: Float64Array.of(0.7, 1.3) };
    const arrivals = environment.makeArrivals(0);
    const smallest = await findMinByTrial(slow, arrivals);
    const limit = limitMeanDelaySec(slow, arrivals);
    expect(limit).toBeLessThanOrEqual(smallest);
    expect(limit).toBeGreaterThan(0.3 * smallest);
  });
});
