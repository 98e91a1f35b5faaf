import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/random/random.js';
import type { SchedulingObservation, SchedulingPolicy } from '../../../../src/scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { drawBatches, type TestbedTask } from '../../../../src/scheduling/testbed/draw-batches.js';
import { runBatches } from '../../../../src/scheduling/testbed/run-batches.js';
import { parseTestbedConfig, TESTBED_DEFAULTS, type TestbedConfig } from '../../../../src/scheduling/testbed/testbed-config.js';

const config = (change: Partial<TestbedConfig> = {}): TestbedConfig => ({
  ...TESTBED_DEFAULTS,
  nodes: [
    { fixedSec: 2, secPerStep: 1 },
    { fixedSec: 4, secPerStep: 2 },
  ],
  qualitySteps: { min: 3, max: 8 },
  ...change,
});

const task = (station: number, qualitySteps: number, place = 0, arrivalSec = 0): TestbedTask => ({
  station,
  qualitySteps,
  place,
  arrivalSec,
});

/** Sends all tasks to one server and remembers what it saw. */
function always(server: number, seen: SchedulingObservation[] = []): SchedulingPolicy {
  return {
    name: 'always',
    usesBacklog: true,
    decideBatch: (tasks, observation) => {
      seen.push(structuredClone(observation));
      return tasks.map(({ id }) => ({ taskId: id, edgeServerIndex: server }));
    },
  };
}

const run = (settings: TestbedConfig, batches: TestbedTask[][], stations: SchedulingPolicy[]) =>
  runBatches({ config: settings, batches, stations, random: createRandom(1), seed: 1 });

describe('a testbed in the simulator', () => {
  it('queues first come, first served, at the nodes’ times', async () => {
    const tasks = [task(0, 8), task(0, 3, 1), task(0, 5, 2, 12)];
    const { serviceDelaySec, batchSec } = await run(config(), [tasks, [task(0, 3)]], [always(0), always(1)]);
    // 10 s, then 5 s from 10 on, then 7 s from 15 on for what came at 12; the next batch finds the queue empty.
    expect(serviceDelaySec).toEqual([10, 15, 10, 5]);
    expect(batchSec).toEqual([22, 5]);
  });

  it('shows every decision the queues as they are', async () => {
    const seen: SchedulingObservation[] = [];
    await run(config(), [[task(0, 8), task(0, 3, 1), task(0, 5, 2, 12)]], [always(0, seen), always(1)]);
    expect(seen.map(({ edgeServers }) => edgeServers[0]!.backlogSec)).toEqual([0, 10, 3]);
  });

  it('leaves a station that asks once and is never refused with what it believes', async () => {
    const seen: SchedulingObservation[] = [];
    const tasks = [task(0, 8), task(0, 8, 1), task(1, 8), task(1, 8, 1)];
    const { refusals } = await run(config({ view: 'blind' }), [tasks], [always(0, seen), always(0, seen)]);
    expect(seen).toHaveLength(2);
    expect(seen.map(({ edgeServers }) => edgeServers[0]!.backlogSec)).toEqual([0, 0]);
    expect(refusals).toBe(0);
  });

  it('has a server refuse an offer that was made on a backlog that has grown', async () => {
    const tasks = [task(0, 8), task(0, 8, 1), task(1, 8), task(1, 8, 1)];
    const { refusals, serviceDelaySec } = await run(config({ view: 'offers' }), [tasks], [always(0), always(0)]);
    expect(refusals).toBeGreaterThan(0);
    expect(serviceDelaySec.toSorted((a, b) => a - b)).toEqual([10, 20, 30, 40]);
  });

  it('repairs what stations do not know by refusals', async () => {
    const delays: Record<string, number> = {};
    for (const view of ['live', 'offers', 'blind'] as const) {
      const settings = config({ view, nodes: Array.from({ length: 5 }, () => ({ fixedSec: 2, secPerStep: 1 })), batches: 20 });
      const stations = settings.nodes.map(() => createSchedulingPolicy('shortest-completion-own'));
      const { batchSec } = await run(settings, drawBatches(settings, 1, 0) as TestbedTask[][], stations);
      delays[view] = batchSec.reduce((sum, sec) => sum + sec, 0);
    }
    expect(delays['offers']! / delays['live']!).toBeLessThan(1.02);
    expect(delays['blind']! / delays['live']!).toBeGreaterThan(1.03);
  });

  it('computes at the true speed and reports by the record', async () => {
    const seen: SchedulingObservation[] = [];
    const settings = config({ speeds: { kind: 'misrecorded', factor: { min: 0.5, max: 0.5 } } });
    const { serviceDelaySec } = await run(settings, [[task(0, 8), task(0, 8, 1, 15)]], [always(0, seen), always(0)]);
    expect(serviceDelaySec).toEqual([20, 25]);
    // It has computed for longer than it should have: nothing is left to do, as far as anyone knows.
    expect(seen[1]!.edgeServers[0]!.backlogSec).toBe(0);
  });

  it.each([
    { kind: 'drifting', factor: { min: 0.5, max: 1 }, everySec: 7 },
    { kind: 'throttling', factor: 0.6, warmingSec: 60 },
  ] as const)('slows nodes down that are $kind, and no more than it says', async (speeds) => {
    const tasks = Array.from({ length: 20 }, (_, place) => task(0, 8, place));
    const { batchSec } = await run(config({ speeds }), [tasks], [always(0), always(0)]);
    expect(batchSec[0]).toBeGreaterThan(1.1 * 200);
    expect(batchSec[0]).toBeLessThan(2 * 200);
  });
});

describe('what comes to a testbed', () => {
  it('is the same for the same seed and episode, and for no other', () => {
    const settings = config({ arrivals: 'mixed' });
    expect(drawBatches(settings, 1, 2)).toEqual(drawBatches(settings, 1, 2));
    expect(drawBatches(settings, 1, 3)).not.toEqual(drawBatches(settings, 1, 2));
    expect(drawBatches(settings, 2, 2)).not.toEqual(drawBatches(settings, 1, 2));
  });

  it('comes at once in bursts, and in streams at the load', () => {
    expect(
      drawBatches(config(), 1, 0)
        .flat()
        .every(({ arrivalSec }) => arrivalSec === 0),
    ).toBe(true);
    const settings = config({ arrivals: 'streams', streamLoad: 0.5, tasksPerStation: { min: 2000, max: 2000 }, batches: 1 });
    const [stream] = drawBatches(settings, 1, 0);
    // The mean image takes 7.5 s and 15 s: 0.2 images a second, of which half come.
    expect(stream!.at(-1)!.arrivalSec / 4000).toBeCloseTo(10, 0);
  });
});

describe('a configuration of the testbed’s environment', () => {
  it('is refused field by field', () => {
    const { problems } = parseTestbedConfig({
      ...config(),
      qualitySteps: { min: 9, max: 8 },
      batches: 0,
      nodes: [{ fixedSec: 1, secPerStep: 1 }],
    });
    expect(problems.map(({ field }) => field)).toEqual(['nodes', 'qualitySteps', 'batches']);
  });
});
