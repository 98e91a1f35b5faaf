// What docs/beyond-the-paper.md says of order, speeds and consideration, held to what the simulation gives; simulated throughout. Bounds are
// what was measured there less its intervals, so that the page can't go stale unnoticed.
import { describe, expect, it } from 'vitest';
import { createRandom, deriveSeed } from '../../../src/random/random.js';
import { createSchedulingPolicy } from '../../../src/scheduling/policies/schedule-by-heuristic.js';
import { changingPace, type NodePace, steadyPace, throttlingPace } from '../../../src/scheduling/simulated-node/node-pace.js';
import { simulateRun } from '../../../src/scheduling/run-simulation/simulate-run.js';
import {
  compareFigures,
  figuresOf,
  planWork,
  simulatedNodes,
  type TwinNode,
  type WorkFigures,
} from '../../../src/main/domain/twin/simulate-work.js';
import { tuneConsideration } from '../../../src/main/domain/twin/tune-consideration.js';
import { simulateWhatIf } from '../../../src/main/domain/twin/what-if.js';
import type { SchedulingSettings } from '../../../src/shared/scheduling-settings.js';

const pause = (): Promise<void> => Promise.resolve();
const FIVE = [0, 1, 2, 3, 4];
const LIST = 'shortest-expected-completion';
/** Of the paper's device: 3.8 s and 1 s a step. */
const nodesOf = (speeds: readonly number[]): TwinNode[] =>
  speeds.map((speedFactor, index) => ({
    ...{ name: `ES ${index + 1}`, fixedSec: 3.8, secPerStep: 1, speedFactor, linkMbps: 1000, trueSpeed: 1 },
  }));
/** Poisson arrivals of this share of what nodes of these speeds can do at 1 to 50 steps. */
const stream = (load: number, speeds: readonly number[], seed: number, taskCount = 1000) => {
  const meanSec = 3.8 + 25.5;
  const ratePerSec = (load * speeds.reduce((sum, speed) => sum + speed, 0)) / meanSec;
  return { taskCount, qualitySteps: { min: 1, max: 50 }, arrivals: { kind: 'poisson' as const, ratePerSec }, seed };
};

describe('order', () => {
  it.each([{ speeds: [1, 1, 1, 1, 1] }, { speeds: [1, 1, 1, 0.7, 0.5] }])(
    'placed longest first and executed shortest first takes the total of the one and the mean of the other ($speeds)',
    async ({ speeds }) => {
      const rows = await simulateWhatIf({
        nodes: nodesOf(speeds),
        work: { taskCount: 100, qualitySteps: { min: 1, max: 50 }, arrivals: { kind: 'all-at-once' }, seed: 1 },
        schedulers: [
          { scheduler: LIST, placingOrder: 'as-it-comes' },
          { scheduler: LIST, placingOrder: 'longest-first', queueOrder: 'shortest-first' },
        ],
        ...{ changes: { addedSpeeds: [], speeds: {}, load: 1 }, repetitions: 20, pause },
      });
      expect(rows[0]?.figures.efficiency.mean).toBeLessThan(0.975);
      expect(rows[1]?.figures.efficiency.mean).toBeGreaterThan(0.992);
      const { mean, halfWidth95 } = rows[1]!.difference!.meanSec;
      expect(mean + halfWidth95!).toBeLessThan(-0.15);
      expect(rows[1]!.difference!.p95Sec.mean).toBeLessThan(0);
    },
  );
});

interface World {
  paceOf: (server: number) => NodePace;
  trueSpeeds: number[];
}

/** Figures of list scheduling by the record, by what is seen, and by an oracle that has the true speeds on record. */
async function compareSpeeds(worldOf: (seed: number) => World, load: number, settings: SchedulingSettings) {
  const figures = { record: [] as WorkFigures[], seen: [] as WorkFigures[], oracle: [] as WorkFigures[] };
  for (let seed = 1; seed <= 12; seed++) {
    const tasks = planWork(stream(load, worldOf(seed).trueSpeeds, seed), FIVE.length);
    const run = async (record: readonly number[], paceOf: (server: number) => NodePace, used: SchedulingSettings) => {
      const nodes = nodesOf(record);
      const simulated = await simulateRun({
        ...{ tasks, settings: used },
        nodes: simulatedNodes(nodes).map((node, server) => ({ ...node, pace: paceOf(server) })),
        stations: nodes.map((_, station) => ({ policy: createSchedulingPolicy(LIST, used), random: createRandom(station) })),
      });
      return figuresOf(simulated, tasks, nodes);
    };
    const equal = FIVE.map(() => 1);
    figures.record.push(await run(equal, worldOf(seed).paceOf, {}));
    figures.seen.push(await run(equal, worldOf(seed).paceOf, settings));
    figures.oracle.push(await run(worldOf(seed).trueSpeeds, () => steadyPace(), {}));
  }
  return { toOracle: compareFigures(figures.seen, figures.oracle), toRecord: compareFigures(figures.seen, figures.record) };
}

describe('speeds as they are seen', () => {
  it('are within 2 % of an oracle where every record is wrong, and better than the record', async () => {
    const { toOracle, toRecord } = await compareSpeeds(
      (seed) => {
        const random = createRandom(deriveSeed(seed, 'speeds'));
        const trueSpeeds = FIVE.map(() => 0.45 + 0.8 * random.nextFloat());
        return { trueSpeeds, paceOf: (server) => steadyPace(trueSpeeds[server]) };
      },
      0.85,
      { speedWeight: 0.3 },
    );
    expect(toOracle.meanSec.mean + toOracle.meanSec.halfWidth95!).toBeLessThan(0.02);
    expect(toRecord.meanSec.mean + toRecord.meanSec.halfWidth95!).toBeLessThan(0);
    expect(toRecord.p95Sec.mean).toBeLessThan(-0.05);
  });

  it('are better than the record where two nodes throttle as they get hot', async () => {
    const { toRecord } = await compareSpeeds(
      () => ({
        trueSpeeds: FIVE.map(() => 0.8),
        paceOf: (server) =>
          server < 3 ? steadyPace() : throttlingPace({ throttledSpeed: 0.6, timeConstantSec: 300, hot: 0.7, cool: 0.5 }),
      }),
      0.85,
      { speedWeight: 0.3 },
    );
    expect(toRecord.meanSec.mean + toRecord.meanSec.halfWidth95!).toBeLessThan(-0.1);
    expect(toRecord.p95Sec.mean + toRecord.p95Sec.halfWidth95!).toBeLessThan(-0.1);
  });

  it('are better than the record where nodes lose speed for a while by another cause', async () => {
    const { toRecord } = await compareSpeeds(
      (seed) => ({
        trueSpeeds: FIVE.map(() => 1 / (0.75 + 0.25 * 2.5)),
        paceOf: (server) => {
          const random = createRandom(deriveSeed(seed, `spells ${server}`));
          return changingPace((spell, fromSec) => {
            const isSlow = spell % 2 === 1;
            return { untilSec: fromSec + random.nextExponential(isSlow ? 500 : 1500), speed: isSlow ? 0.4 : 1 };
          });
        },
      }),
      0.85,
      { speedWeight: 0.3 },
    );
    expect(toRecord.meanSec.mean + toRecord.meanSec.halfWidth95!).toBeLessThan(0);
    expect(toRecord.p95Sec.mean + toRecord.p95Sec.halfWidth95!).toBeLessThan(-0.1);
  });
});

describe('considerate completion on very unequal nodes', () => {
  it.each([
    { speeds: [1, 1, 1, 0.3, 0.3], load: 0.9 },
    { speeds: [1, 0.5, 0.25, 0.25, 0.1], load: 0.9 },
  ])('takes at least 8 % off the mean with p95 no worse, on work that k was not chosen on ($speeds)', async ({ speeds, load }) => {
    const { bestK, heldOut } = await tuneConsideration({
      ...{ nodes: nodesOf(speeds), work: { testbedId: 't', ...stream(load, speeds, 1) }, settings: {} },
      ...{ repetitions: 12, pause, onValue: () => undefined },
    });
    expect(bestK).toBeGreaterThan(0.4);
    const { difference } = heldOut.find(({ k }) => k === bestK)!;
    expect(difference.meanSec.mean + difference.meanSec.halfWidth95!).toBeLessThan(-0.08);
    expect(difference.p95Sec.mean - difference.p95Sec.halfWidth95!).toBeLessThan(0);
  });
});
