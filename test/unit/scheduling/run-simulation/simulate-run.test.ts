import { describe, expect, it } from 'vitest';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { steadyPace } from '../../../../src/scheduling/simulated-node/node-pace.js';
import { simulateRun, type SimulatedArrival, type SimulatedNode } from '../../../../src/scheduling/run-simulation/simulate-run.js';
import { createRandom } from '../../../../src/random/random.js';
import type { StationHeuristicName } from '../../../../src/scheduling/heuristics/heuristics.js';
import type { SchedulingSettings } from '../../../../src/shared/scheduling-settings.js';

/** An image of z steps takes z seconds. */
const node = (changes: Partial<SimulatedNode> = {}): SimulatedNode => ({ fixedSec: 0, secPerStep: 1, linkMbps: null, ...changes });
const task = (ordinal: number, station: number, qualitySteps: number, arrivalSec = 0): SimulatedArrival => ({
  ...{ ordinal, station, qualitySteps, arrivalSec, inputBits: 0 },
});

function simulate(
  scheduler: StationHeuristicName,
  nodes: readonly SimulatedNode[],
  tasks: readonly SimulatedArrival[],
  settings: SchedulingSettings = {},
) {
  const stations = nodes.map((_, index) => ({ policy: createSchedulingPolicy(scheduler, settings), random: createRandom(index) }));
  return simulateRun({ tasks, nodes, stations, settings });
}

describe('a simulated run', () => {
  it('executes first come, first served, and tells a task’s parts', async () => {
    const tasks = [task(0, 0, 10), task(1, 0, 5), task(2, 0, 2, 12)];
    expect(await simulate('local-only', [node()], tasks)).toMatchObject([
      { server: 0, startSec: 0, endSec: 10, waitingSec: 0, computeSec: 10, serviceSec: 10 },
      { server: 0, startSec: 10, endSec: 15, waitingSec: 10, computeSec: 5, serviceSec: 15 },
      { server: 0, startSec: 15, endSec: 17, waitingSec: 3, computeSec: 2, serviceSec: 5 },
    ]);
  });

  it('executes the shortest of those that wait first where the run asks for it', async () => {
    const tasks = [task(0, 0, 10), task(1, 0, 7), task(2, 0, 3), task(3, 0, 1, 11)];
    const ended = await simulate('local-only', [node()], tasks, { queueOrder: 'shortest-first' });
    // At 10 the 3 steps are next, at 13 the one step that has come meanwhile.
    expect(ended.map(({ startSec }) => startSec)).toEqual([0, 14, 10, 13]);
  });

  it('lets a limited node hold so many tasks and no more, whatever the scheduler knows', async () => {
    const tasks = Array.from({ length: 8 }, (_, ordinal) => task(ordinal, 0, 4));
    for (const scheduler of ['round-robin', 'random', 'shortest-expected-completion'] as const) {
      const ended = await simulate(scheduler, [node(), node({ heldLimit: 2 })], tasks);
      // All come at once: the other node takes what the limited one refuses.
      expect(ended.filter(({ server }) => server === 1)).toHaveLength(2);
    }
  });

  it('places what waits at its station as soon as a node that is limited has room', async () => {
    const tasks = [task(0, 0, 4), task(1, 0, 4), task(2, 0, 4), task(3, 0, 1, 5)];
    const ended = await simulate('local-only', [node({ heldLimit: 1 }), node()], tasks);
    expect(ended.map(({ startSec, waitingSec }) => ({ startSec, waitingSec }))).toEqual([
      { startSec: 0, waitingSec: 0 },
      { startSec: 4, waitingSec: 0 },
      { startSec: 8, waitingSec: 0 },
      { startSec: 12, waitingSec: 0 },
    ]);
    expect(ended[2]?.serviceSec).toBe(12);
  });

  it('places in the order of the run', async () => {
    const tasks = [task(0, 0, 1), task(1, 0, 9), task(2, 0, 5)];
    const nodes = [node(), node()];
    const serversOf = async (settings: SchedulingSettings) =>
      (await simulate('round-robin', nodes, tasks, settings)).map(({ server }) => server);
    expect(await serversOf({ placingOrder: 'as-it-comes' })).toEqual([0, 1, 0]);
    expect(await serversOf({ placingOrder: 'longest-first' })).toEqual([0, 0, 1]);
  });

  it('lets stations see what others placed, by refusals, as agents do', async () => {
    // Each station would keep both of its tasks if it did not hear of the other's: node 1 is four times as fast.
    const nodes = [node({ secPerStep: 4 }), node()];
    const tasks = [task(0, 0, 10), task(1, 1, 10), task(2, 0, 10), task(3, 1, 10)];
    const ended = await simulate('shortest-expected-completion', nodes, tasks);
    expect(Math.max(...ended.map(({ endSec }) => endSec))).toBe(40);
    expect(
      ended
        .filter(({ server }) => server === 1)
        .map(({ endSec }) => endSec)
        .sort(),
    ).toEqual([10, 20, 30]);
  });

  it('takes longer on a node that is slower than its record, which no one knows until it was seen', async () => {
    const nodes = [node({ pace: steadyPace(0.25) }), node()];
    // One task a minute at station 0, whose own node looks as good as the other and wins ties.
    const tasks = Array.from({ length: 4 }, (_, index) => task(index, 0, 10, index * 60));
    const byRecord = await simulate('shortest-expected-completion', nodes, tasks);
    expect(byRecord.map(({ server, computeSec }) => [server, computeSec])).toEqual(Array.from({ length: 4 }, () => [0, 40]));
    const asSeen = await simulate('shortest-expected-completion', nodes, tasks, { speedWeight: 1 });
    expect(asSeen.map(({ server }) => server)).toEqual([0, 1, 1, 1]);
  });

  it('counts the upload to another node in the delay', async () => {
    const tasks = [
      { ...task(0, 0, 10), inputBits: 2e6 },
      { ...task(1, 0, 10), inputBits: 2e6 },
    ];
    const [first, second] = await simulate('round-robin', [node({ linkMbps: 1 }), node({ linkMbps: 10 })], tasks);
    expect(first).toMatchObject({ server: 0, uploadSec: 0, serviceSec: 10 });
    expect(second).toMatchObject({ server: 1, uploadSec: 2, serviceSec: 12 });
  });

  it('ends where its pause says so', async () => {
    const tasks = Array.from({ length: 600 }, (_, index) => task(index, 0, 1));
    const stations = [{ policy: createSchedulingPolicy('local-only'), random: createRandom(1) }];
    const pause = (): Promise<void> => Promise.reject(new Error('enough'));
    await expect(simulateRun({ tasks, nodes: [node()], stations, settings: {}, pause })).rejects.toThrow('enough');
  });
});
