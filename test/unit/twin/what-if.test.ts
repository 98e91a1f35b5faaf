import { describe, expect, it } from 'vitest';
import { chooseBest, tuneConsideration } from '../../../src/main/domain/twin/tune-consideration.js';
import { planWork, type TwinNode } from '../../../src/main/domain/twin/simulate-work.js';
import { changeNodes, describeChange, simulateWhatIf, withTrueSpeeds } from '../../../src/main/domain/twin/what-if.js';
import { formatRelative } from '../../../src/shared/describe-twin.js';
import type { SimulatedFigures, TestbedChanges } from '../../../src/shared/twin.js';

const pause = (): Promise<void> => Promise.resolve();
/** An image of z steps takes z seconds at speed 1. */
const nodesOf = (...speeds: number[]): TwinNode[] =>
  speeds.map((speedFactor, index) => ({
    ...{ name: `ES ${index + 1}`, fixedSec: 0, secPerStep: 1, speedFactor, linkMbps: null, trueSpeed: 1 },
  }));
const none: TestbedChanges = { addedSpeeds: [], speeds: {}, load: 1 };
const burst = { taskCount: 4, qualitySteps: { min: 10, max: 10 }, arrivals: { kind: 'all-at-once' as const }, seed: 1 };
const plain = [{ scheduler: 'shortest-expected-completion' as const }];

describe('what if', () => {
  it('holds every scheduler against the first on the same work', async () => {
    const rows = await simulateWhatIf({
      ...{
        nodes: nodesOf(1, 1),
        work: { ...burst, qualitySteps: { min: 1, max: 50 }, taskCount: 40 },
        changes: none,
        repetitions: 3,
        pause,
      },
      schedulers: [...plain, { scheduler: 'shortest-expected-completion', queueOrder: 'shortest-first' }],
    });
    expect(rows.map(({ schedulerName, difference }) => [schedulerName, difference === null])).toEqual([
      ['Shortest expected completion', true],
      ['Shortest expected completion (shortest executed first)', false],
    ]);
    expect(rows[1]?.difference?.meanSec.mean).toBeLessThan(-0.1);
    expect(rows[1]?.figures.totalSec.mean).toBeCloseTo(rows[0]!.figures.totalSec.mean, 6);
  });

  it('simulates the testbed as it is and as it would be, to the second by hand', async () => {
    const rows = await simulateWhatIf({
      ...{ nodes: nodesOf(1, 1), work: burst, schedulers: plain, repetitions: 1, pause },
      changes: { addedSpeeds: [1, 1], speeds: {}, load: 1 },
    });
    // 4 tasks of 10 s on 2 nodes, then on 4.
    expect(rows.map(({ isChanged, figures }) => [isChanged, figures.totalSec.mean, figures.meanSec.mean])).toEqual([
      [false, 20, 15],
      [true, 10, 10],
    ]);
    expect(rows[1]?.difference?.totalSec.mean).toBe(-0.5);
  });

  it('computes a part of the steps in image-to-image', () => {
    const stepsOf = (strength?: number) => planWork({ ...burst, strength }, 2).map(({ qualitySteps }) => qualitySteps);
    expect(stepsOf()).toEqual([10, 10, 10, 10]);
    expect(stepsOf(0.5)).toEqual([5, 5, 5, 5]);
  });

  it('raises the load of every kind of arrivals', async () => {
    const totalWith = async (arrivals: Parameters<typeof simulateWhatIf>[0]['work']['arrivals']) => {
      const rows = await simulateWhatIf({
        ...{ nodes: nodesOf(1, 1), work: { ...burst, taskCount: 100, arrivals }, schedulers: plain, repetitions: 1, pause },
        changes: { ...none, load: 4 },
      });
      return rows.map(({ figures }) => figures.meanSec.mean);
    };
    for (const arrivals of [
      { kind: 'all-at-once' as const },
      { kind: 'poisson' as const, ratePerSec: 0.1 },
      { kind: 'slot-uniform' as const, slotSec: 100, maxPerSlot: 10 },
    ]) {
      const [asIs, changed] = await totalWith(arrivals);
      expect(changed).toBeGreaterThan(asIs! * 1.5);
    }
  });

  it('judges by the true speeds, while schedulers go by the record', async () => {
    const nodes = withTrueSpeeds(nodesOf(1, 1), { 'ES 2': 0.5 });
    const [row] = await simulateWhatIf({ nodes, work: burst, schedulers: plain, changes: none, repetitions: 1, pause });
    // Two tasks each by the record; ES 2 takes 20 s for each. No scheduler could be done before 4 x 10 / 1.5 s, and tasks are whole: 30 s.
    expect(row?.figures.totalSec.mean).toBe(40);
    expect(row?.figures.efficiency.mean).toBeCloseTo(30 / 40, 6);
  });

  it('names what is changed, and refuses nodes that are not there and testbeds without any', () => {
    expect(describeChange(none)).toBeNull();
    expect(describeChange({ addedSpeeds: [0.5], speeds: { 'ES 1': 0, 'ES 2': 0.7 }, load: 2 })).toBe(
      'one node more, 0.5 times as fast as the first; without ES 1; ES 2 0.7 times as fast; 2 times the load',
    );
    expect(() => changeNodes(nodesOf(1, 1), { ...none, speeds: { 'ES 9': 0.5 } })).toThrow('There is no node “ES 9”');
    expect(() => changeNodes(nodesOf(1), { ...none, speeds: { 'ES 1': 0 } })).toThrow('No node would be left');
    expect(changeNodes(nodesOf(1, 1), { ...none, speeds: { 'ES 1': 0 } }).map(({ name }) => name)).toEqual(['ES 2']);
  });

  it('shows a difference with its sign', () => {
    expect(formatRelative({ mean: -0.112, halfWidth95: 0.013 })).toBe('-11.2 ± 1.3 %');
    expect(formatRelative({ mean: 0.02, halfWidth95: null })).toBe('+2.0 %');
  });
});

describe('the tuning of k', () => {
  const figures = (meanSec: number, p95Sec: number) =>
    ({ meanSec: { mean: meanSec, halfWidth95: 0 }, p95Sec: { mean: p95Sec, halfWidth95: 0 } }) as SimulatedFigures;

  it('takes the least mean among those whose tail is no worse, and none where all are', () => {
    const rows = [
      { k: 0, figures: figures(10, 20) },
      { k: 0.5, figures: figures(9, 19) },
      { k: 0.8, figures: figures(8, 21) },
    ];
    expect(chooseBest(rows)).toBe(0.5);
    expect(chooseBest([rows[0]!, rows[2]!])).toBe(0);
  });

  it('reports every k on the work that it was chosen on and on other work, and gives way in between', async () => {
    let pauses = 0;
    const seen: number[] = [];
    const { chosenOn, heldOut } = await tuneConsideration({
      ...{ nodes: nodesOf(1, 0.3), settings: {}, repetitions: 2, onValue: (done) => seen.push(done) },
      work: { testbedId: 't', ...burst, taskCount: 30, arrivals: { kind: 'poisson', ratePerSec: 0.1 } },
      pause: () => Promise.resolve(void pauses++),
    });
    expect(chosenOn.map(({ k }) => k)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(heldOut[0]?.figures.meanSec.mean).not.toBe(chosenOn[0]?.figures.meanSec.mean);
    expect(heldOut[0]?.difference.meanSec.mean).toBe(0);
    expect(seen.at(-1)).toBe(22);
    expect(pauses).toBeGreaterThanOrEqual(44);
  });
});
