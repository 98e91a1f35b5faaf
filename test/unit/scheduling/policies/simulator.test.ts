import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../../src/scheduling/environment/check-policy.js';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import { PRESET_NAMES, PRESETS } from '../../../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import { type HeuristicAlias, HEURISTIC_NAMES } from '../../../../src/scheduling/heuristics/heuristics.js';
import { createSimulatorPolicy } from '../../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import type { SimulatorPolicy } from '../../../../src/scheduling/environment/simulator-policy.js';
import { createRandom } from '../../../../src/random/random.js';
import { handArrivals, handEnvironment, perTaskPolicy, smallConfig } from '../environment/small-environment.js';

const small = createEnvironment(smallConfig(), 3);

async function decideByHand(name: HeuristicAlias): Promise<number[]> {
  const policy = createSimulatorPolicy(name);
  return [...(await runEpisode({ environment: handEnvironment, arrivals: handArrivals, policy, random: createRandom(1) })).choices];
}

/** Mean service delay over a few episodes of a preset. */
async function meanDelaySec(preset: (typeof PRESET_NAMES)[number], create: () => SimulatorPolicy): Promise<number> {
  const delays: number[] = [];
  for (let seed = 1; seed <= 4; seed++) {
    const environment = createEnvironment(PRESETS[preset], seed);
    const run = { environment, arrivals: environment.makeArrivals(0), policy: create(), random: createRandom(seed) };
    const { serviceDelaySec } = await runEpisode(run);
    delays.push(serviceDelaySec.reduce((sum, sec) => sum + sec, 0) / serviceDelaySec.length);
  }
  return delays.reduce((sum, sec) => sum + sec, 0) / delays.length;
}

describe('every policy', () => {
  it.each(HEURISTIC_NAMES)('%s keeps its promises', async (name) => {
    expect(await checkPolicy(() => createSimulatorPolicy(name), small)).toEqual([]);
  });

  it.each(HEURISTIC_NAMES)('%s has all tasks at home where there is one station', async (name) => {
    expect(await checkPolicy(() => createSimulatorPolicy(name), createEnvironment(smallConfig({ baseStations: 1 }), 1))).toEqual([]);
  });

  it.each(HEURISTIC_NAMES)('%s says its own name', (name) => {
    expect(createSimulatorPolicy(name).name).toBe(name);
  });
});

describe('decisions worked out by hand', () => {
  it('Opt-TS sees what all stations have sent in the slot', async () => {
    // Task 0: 1.4 s at home or 1.0 s away. Task 1: 0.7 s at home or 0.4 + 18/20 + 0.1 = 1.4 s. Task 2: 0.3 + 26/10 + 0.2 = 3.1 s away or
    // 32/20 + 0.2 = 1.8 s at home. Then q is 0 and 12: task 3 0.6 s at home, task 4 14/20 + 0.2 = 0.9 s at home or 0.2 + 6/10 + 0.2 = 1.0 s.
    expect(await decideByHand('opt-ts')).toEqual([1, 0, 1, 0, 1]);
  });

  it("shortest completion on the last slot's backlog does not see what another station has sent in the slot", async () => {
    // As above until task 4: it takes server 0 for idle, 0.2 + 2/10 + 0.2 = 0.6 s, and waits behind task 3.
    expect(await decideByHand('shortest-completion-last-slot')).toEqual([1, 0, 1, 0, 0]);
  });

  it('local keeps all at home', async () => {
    expect(await decideByHand('local')).toEqual([0, 0, 1, 0, 1]);
  });

  it('round-robin starts at home and continues in the next slot', async () => {
    expect(await decideByHand('round-robin')).toEqual([0, 1, 1, 0, 0]);
  });

  it('size-aware split sends the largest 30 % to the slow server', async () => {
    // The largest of three tasks, and of two: 70 % of them, rounded, are small.
    expect(await decideByHand('size-aware-split')).toEqual([1, 1, 0, 0, 1]);
  });
});

describe('own dispatches', () => {
  // Four equal tasks at station 0: 0.1 + 0.2 s of transmission and 3/40 s to compute away, 0.2 and 3/10 s at home.
  const environment = { ...handEnvironment, capacityGigacyclesPerSec: Float64Array.of(10, 40) };
  const arrivals = {
    ...handArrivals,
    slots: 1,
    firstTask: Int32Array.of(0, 4, 5),
    sizeMbit: new Float64Array(5).fill(1),
    resultMbit: new Float64Array(5).fill(1),
    workGigacycles: new Float64Array(5).fill(3),
  };
  const decide = async (name: HeuristicAlias): Promise<number[]> => {
    const policy = createSimulatorPolicy(name);
    return [...(await runEpisode({ environment, arrivals, policy, random: createRandom(1) })).choices.subarray(0, 4)];
  };

  it('ignored: all tasks go to the fast server', async () => {
    expect(await decide('shortest-completion-last-slot')).toEqual([1, 1, 1, 1]);
  });

  it('counted: the third task stays, 0.5 s against 0.3 + 9/40 s', async () => {
    expect(await decide('shortest-completion-own')).toEqual([1, 1, 0, 1]);
  });

  it('counted for both stations: the second task stays already', async () => {
    expect(await decide('shortest-completion-mean-field')).toEqual([1, 0, 1, 1]);
  });
});

describe('on average over both presets', () => {
  it.each(PRESET_NAMES)('%s: a size-aware split beats the greedy Opt-TS, and herding on old backlogs is far worse', async (preset) => {
    const optTs = await meanDelaySec(preset, () => createSimulatorPolicy('opt-ts'));
    const split = await meanDelaySec(preset, () => createSimulatorPolicy('size-aware-split'));
    const herding = await meanDelaySec(preset, () => createSimulatorPolicy('shortest-completion-last-slot'));
    expect(split).toBeLessThan(optTs);
    expect(herding).toBeGreaterThan(1.3 * optTs);
  });
});

describe('the checker', () => {
  const perTask = (decide: (task: number) => number) => () => perTaskPolicy(decide);

  it('catches a task that is left out', async () => {
    expect(
      await checkPolicy(
        perTask((task) => (task === 5 ? -1 : 0)),
        small,
      ),
    ).toEqual([expect.stringContaining('left undecided')]);
  });

  it('catches a server that is not there', async () => {
    expect(
      await checkPolicy(
        perTask(() => 3),
        small,
      ),
    ).toEqual([expect.stringContaining('edge server 3 of 3')]);
  });

  it('catches randomness without the seed', async () => {
    let calls = 0;
    expect(
      await checkPolicy(
        perTask(() => calls++ % 2),
        createEnvironment(smallConfig({ slots: 5 }), 2),
      ),
    ).toContain('The same seed gives different decisions.');
  });

  it('catches a look into the future', async () => {
    const clairvoyant = () =>
      perTaskPolicy((task, { arrivals }) => {
        const last = arrivals.workGigacycles.length - 1;
        return (arrivals.workGigacycles[last - task] ?? 0) > 1.6 ? 1 : 0;
      });
    expect(await checkPolicy(clairvoyant, small)).toEqual([expect.stringContaining('sees the future')]);
  });

  it('catches a write to the observation', async () => {
    const vandal = () =>
      perTaskPolicy((_task, { backlogGigacycles }) => {
        backlogGigacycles[0] = 5;
        return 0;
      });
    expect(await checkPolicy(vandal, small)).toContain('It wrote to its observation in slot 0.');
  });
});
