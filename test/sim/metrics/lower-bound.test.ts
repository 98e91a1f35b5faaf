import { describe, expect, it } from 'vitest';
import { type BoundNode, type BoundTask, lowerBound } from '../../../src/scheduling/metrics/lower-bound.js';
import { createRandom, type RandomSource } from '../../../src/random/random.js';
import { ORIN_TIME_MODEL } from '../../../src/shared/testbed.js';

const orin = (speedFactor = 1): BoundNode => ({ ...ORIN_TIME_MODEL, speedFactor });
const atOnce = (count: number, qualitySteps = 10): BoundTask[] => Array.from({ length: count }, () => ({ arrivalSec: 0, qualitySteps }));

/** A schedule of some rule, run to its end: seconds from the first arrival to the last completion. */
function simulate(
  tasks: readonly BoundTask[],
  nodes: readonly BoundNode[],
  rule: 'earliest-end' | 'earliest-start' | 'random',
  random: RandomSource,
): number {
  const freeSec = nodes.map(() => 0);
  let lastSec = 0;
  for (const task of [...tasks].sort((a, b) => a.arrivalSec - b.arrivalSec)) {
    const candidates = nodes.map((node, index) => {
      const startSec = Math.max(task.arrivalSec, freeSec[index] ?? 0);
      const endSec = startSec + (node.fixedSec + task.qualitySteps * node.secPerStep) / node.speedFactor;
      return { index, endSec, score: rule === 'earliest-end' ? endSec : rule === 'earliest-start' ? startSec : random.nextFloat() };
    });
    const chosen = candidates.reduce((best, candidate) => (candidate.score < best.score ? candidate : best));
    freeSec[chosen.index] = chosen.endSec;
    lastSec = Math.max(lastSec, chosen.endSec);
  }
  return lastSec - Math.min(...tasks.map((task) => task.arrivalSec));
}

function drawCase(random: RandomSource, areProportional: boolean): { tasks: BoundTask[]; nodes: BoundNode[] } {
  const isBatch = random.nextFloat() < 0.5;
  const maxSteps = random.nextFloat() < 0.3 ? 10 : 19;
  return {
    tasks: Array.from({ length: random.nextInt(1, 40) }, () => ({
      arrivalSec: isBatch ? 0 : random.nextFloat() * 60,
      qualitySteps: random.nextInt(10, maxSteps),
    })),
    nodes: Array.from({ length: random.nextInt(1, 6) }, () =>
      areProportional
        ? orin(0.2 + random.nextFloat() * 3)
        : { fixedSec: random.nextFloat() * 10, secPerStep: 0.1 + random.nextFloat(), speedFactor: 0.2 + random.nextFloat() * 3 },
    ),
  };
}

describe('lowerBound', () => {
  it.each([
    [1, 13.8],
    [5, 13.8],
    [6, 27.6],
    [100, 276],
    [101, 289.8],
  ])('is exact for %i equal tasks on five equal nodes', (count, expected) => {
    expect(lowerBound({ tasks: atOnce(count), nodes: [orin(), orin(), orin(), orin(), orin()] })?.lowerBoundSec).toBeCloseTo(expected, 9);
  });

  it('is the optimum for equal tasks on unequal nodes', () => {
    const nodes = [orin(1), orin(0.5), orin(2)];
    const bound = lowerBound({ tasks: atOnce(17), nodes });
    expect(bound?.lowerBoundSec).toBeCloseTo(simulate(atOnce(17), nodes, 'earliest-end', createRandom(1)), 9);
    expect(bound?.rule).toMatch(/^Equal tasks/);
  });

  it('spreads unequal work over the sum of speeds', () => {
    const tasks = [...atOnce(50, 10), ...atOnce(50, 19)];
    const bound = lowerBound({ tasks, nodes: [orin(1), orin(3)] });
    expect(bound).toMatchObject({ lowerBoundSec: expect.closeTo((50 * 13.8 + 50 * 22.8) / 4, 9) as number });
    expect(bound?.rule).toMatch(/^All work: sum of work/);
  });

  it('does not go below the longest task on the fastest node', () => {
    const bound = lowerBound({
      tasks: [
        { arrivalSec: 0, qualitySteps: 1 },
        { arrivalSec: 0, qualitySteps: 100 },
      ],
      nodes: [orin(1), orin(2)],
    });
    expect(bound?.lowerBoundSec).toBeCloseTo(103.8 / 2, 9);
    expect(bound?.rule).toMatch(/^Longest task/);
  });

  it('counts from the first arrival, and a late burst from its own', () => {
    const tasks = [{ arrivalSec: 10, qualitySteps: 10 }, ...atOnce(4).map((task) => ({ ...task, arrivalSec: 1010 }))];
    expect(lowerBound({ tasks, nodes: [orin(), orin()] })?.lowerBoundSec).toBeCloseTo(1000 + 2 * 13.8, 9);
  });

  it('says when the nodes differ in shape', () => {
    const nodes = [
      { fixedSec: 0, secPerStep: 1, speedFactor: 1 },
      { fixedSec: 10, secPerStep: 0.1, speedFactor: 1 },
    ];
    expect(lowerBound({ tasks: [...atOnce(20, 5), ...atOnce(20, 50)], nodes })?.rule).toMatch(/weaker/);
  });

  it('has nothing to say without tasks or nodes', () => {
    expect(lowerBound({ tasks: [], nodes: [orin()] })).toBeNull();
    expect(lowerBound({ tasks: atOnce(1), nodes: [] })).toBeNull();
  });

  it.each([
    ['proportional', true],
    ['differently shaped', false],
  ])('never exceeds the makespan of a simulated schedule on %s nodes', (_, areProportional) => {
    const random = createRandom(areProportional ? 11 : 12);
    for (let round = 0; round < 500; round++) {
      const { tasks, nodes } = drawCase(random, areProportional);
      const boundSec = lowerBound({ tasks, nodes })?.lowerBoundSec ?? NaN;
      for (const rule of ['earliest-end', 'earliest-start', 'random'] as const) {
        expect(boundSec).toBeLessThanOrEqual(simulate(tasks, nodes, rule, random) * (1 + 1e-12));
      }
    }
  });

  it('takes 100,000 tasks on 32 nodes', () => {
    const nodes = Array.from({ length: 32 }, (_, index) => orin(1 + index / 32));
    expect(lowerBound({ tasks: atOnce(100_000, 14), nodes })?.lowerBoundSec).toBeGreaterThan(0);
  });
});

describe('the bound on nodes with jitter', () => {
  it('is what the luckiest draws would give, so that no run beats it', () => {
    const node = { ...ORIN_TIME_MODEL, speedFactor: 1 };
    const tasks = Array.from({ length: 10 }, () => ({ arrivalSec: 0, qualitySteps: 10 }));
    const exact = lowerBound({ tasks, nodes: [node] })?.lowerBoundSec ?? NaN;
    expect(lowerBound({ tasks, nodes: [{ ...node, jitterFraction: 0.2 }] })?.lowerBoundSec).toBeCloseTo(0.8 * exact, 9);
  });
});
