import { describe, expect, it } from 'vitest';
import { runEpisode } from '../../../src/scheduling/environment/run-episode.js';
import { PolicyFiguresCounter } from '../../../src/scheduling/metrics/policy-figures.js';
import { createRandom } from '../../../src/random/random.js';
import { handArrivals, handEnvironment, scriptedPolicy } from '../scheduling/environment/small-environment.js';

const environment = {
  ...handEnvironment,
  // At most 24 Gigacycles a task: six classes of 4.
  config: { ...handEnvironment.config, densityGigacyclesPerStep: { min: 1, max: 2.4 }, qualitySteps: { min: 1, max: 10 } },
};
const run = (servers: number[]) =>
  runEpisode({ environment, arrivals: handArrivals, policy: scriptedPolicy(servers), random: createRandom(1) });

async function countBoth() {
  const counter = new PolicyFiguresCounter({ capacities: environment.capacityGigacyclesPerSec, largestWork: 24 });
  const [policy, baseline] = [await run([0, 1, 0, 0, 1]), await run([0, 0, 0, 0, 0])];
  counter.add(handArrivals.workGigacycles, policy, baseline);
  return { policy, baseline, figures: counter.finish() };
}

const meanOf = (values: Iterable<number>): number => {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

describe('the figures of a policy', () => {
  it('say which share of tasks and of work each server got', async () => {
    const { figures } = await countBoth();
    expect(figures.perServer).toEqual([
      { server: 0, capacityGigacyclesPerSec: 10, share: 3 / 5, shareOfWork: 36 / 44 },
      { server: 1, capacityGigacyclesPerSec: 20, share: 2 / 5, shareOfWork: 8 / 44 },
    ]);
  });

  it('sort tasks by their work, classes without a task left out', async () => {
    const { figures, policy, baseline } = await countBoth();
    // Work 12, 6, 20, 4, 2: a task at an upper end belongs to the class below it.
    expect(figures.byWork.map(({ fromGigacycles, toGigacycles, count }) => [fromGigacycles, toGigacycles, count])).toEqual([
      [0, 4, 2],
      [4, 8, 1],
      [8, 12, 1],
      [16, 20, 1],
    ]);
    const smallest = figures.byWork[0]!;
    expect(smallest.meanDelaySec).toBeCloseTo(meanOf(policy.serviceDelaySec.slice(3)), 12);
    expect(smallest.p95DelaySec).toBe(Math.max(...policy.serviceDelaySec.slice(3)));
    expect(smallest.optTsMeanDelaySec).toBeCloseTo(meanOf(baseline.serviceDelaySec.slice(3)), 12);
  });

  it('give mean and p95 of both, and the ratio of the means', async () => {
    const { figures, policy, baseline } = await countBoth();
    expect(figures.meanDelaySec).toBeCloseTo(meanOf(policy.serviceDelaySec), 12);
    expect(figures.optTsMeanDelaySec).toBeCloseTo(meanOf(baseline.serviceDelaySec), 12);
    expect(figures.ratioToOptTs).toBeCloseTo(meanOf(policy.serviceDelaySec) / meanOf(baseline.serviceDelaySec), 12);
    expect(figures.p95DelaySec).toBe(Math.max(...policy.serviceDelaySec));
    expect(figures.optTsP95DelaySec).toBe(Math.max(...baseline.serviceDelaySec));
  });

  it('are means over the episodes added', async () => {
    const counter = new PolicyFiguresCounter({ capacities: environment.capacityGigacyclesPerSec, largestWork: 24 });
    const [near, far] = [await run([0, 1, 0, 0, 1]), await run([0, 0, 0, 0, 0])];
    counter.add(handArrivals.workGigacycles, near, near);
    counter.add(handArrivals.workGigacycles, far, near);
    const { episodes, meanDelaySec, byWork } = counter.finish();
    expect(episodes).toBe(2);
    expect(meanDelaySec).toBeCloseTo((meanOf(near.serviceDelaySec) + meanOf(far.serviceDelaySec)) / 2, 12);
    expect(byWork.map(({ count }) => count)).toEqual([4, 2, 2, 2]);
  });
});
