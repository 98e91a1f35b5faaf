import { describe, expect, it } from 'vitest';
import { findNextTask, stateLength, writeState } from '../../../../src/scheduling/environment/state.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import type { SimulatorPolicy, SlotOutcome } from '../../../../src/scheduling/environment/simulator-policy.js';
import { createRandom } from '../../../../src/random/random.js';
import { handArrivals, handEnvironment, scriptedPolicy } from './small-environment.js';

const run = (policy: SimulatorPolicy) =>
  runEpisode({ environment: handEnvironment, arrivals: handArrivals, policy, random: createRandom(1) });
const choices = [0, 1, 0, 0, 1];

describe('an episode worked out by hand', () => {
  it('adds upload, computing, waiting and download (Eqs. 2 and 3)', async () => {
    const { serviceDelaySec } = await run(scriptedPolicy(choices));
    const expected = [
      0 + 12 / 10 + 0 + 0.2, //            task 0 stays at home, nothing waits
      0.4 + 6 / 20 + 0 + 0.1, //           task 1 goes to the other server
      0.3 + 20 / 10 + 12 / 10 + 0.2, //    task 2 comes to server 0 behind task 0, in the same slot
      0 + 4 / 10 + 22 / 10 + 0.2, //       task 3 finds what the first slot has left: 12 + 20 - 10
      0 + 2 / 20 + 0 + 0.2, //             task 4 finds server 1 idle: 6 - 20 is no debt
    ];
    expect(serviceDelaySec).toHaveLength(5);
    serviceDelaySec.forEach((sec, task) => expect(sec, `task ${task}`).toBeCloseTo(expected[task] ?? NaN, 12));
  });

  it('carries the backlog over and never below zero (Eq. 4)', async () => {
    expect([...(await run(scriptedPolicy(choices))).backlogGigacycles]).toEqual([16, 0]);
  });

  it('tells a learner the backlog before and after each slot (Eq. 7)', async () => {
    const outcomes: { slot: number; before: number[]; after: number[]; delays: number }[] = [];
    const learn = ({ slot, backlogGigacycles, nextBacklogGigacycles, serviceDelaySec }: SlotOutcome): undefined => {
      outcomes.push({ slot, before: [...backlogGigacycles], after: [...nextBacklogGigacycles], delays: serviceDelaySec.length });
    };
    const scripted = scriptedPolicy(choices);
    await run({ name: 'learner', startEpisode: (...args) => ({ ...scripted.startEpisode(...args), learn }) });
    expect(outcomes).toEqual([
      { slot: 0, before: [0, 0], after: [22, 0], delays: 3 },
      { slot: 1, before: [22, 0], after: [16, 0], delays: 2 },
    ]);
  });

  it('waits for a policy that decides later', async () => {
    const scripted = scriptedPolicy(choices);
    const later: SimulatorPolicy = {
      name: 'later',
      startEpisode: (...args) => {
        const decider = scripted.startEpisode(...args);
        return { decideSlot: (observation, target) => Promise.resolve().then(() => decider.decideSlot(observation, target)) };
      },
    };
    expect(await run(later)).toEqual(await run(scripted));
  });

  it('refuses a policy that leaves a task undecided, naming policy and task', async () => {
    await expect(run(scriptedPolicy([0, 1, 0, 0]))).rejects.toThrow(/scripted has task 4 .* left undecided/);
  });

  it('refuses a server that is not there', async () => {
    await expect(run(scriptedPolicy([0, 2, 0, 0, 0]))).rejects.toThrow(/task 1 .* edge server 2 of 2/);
  });
});

describe('the state', () => {
  it('is size, work and the backlogs (Eq. 6)', () => {
    const values = new Float32Array(stateLength(2) + 1).fill(-1);
    writeState(handArrivals, 3, Float64Array.of(22, 0), { values, offset: 1 });
    expect([...values]).toEqual([-1, 2, 4, 22, 0]);
  });

  it('is followed by the next task of the same station in the slot', () => {
    expect(findNextTask(handArrivals, { slot: 0, baseStation: 0, task: 0 })).toEqual({ task: 1, isInNextSlot: false });
  });

  it("is followed by the station's first task of the next slot after its last one", () => {
    expect(findNextTask(handArrivals, { slot: 0, baseStation: 1, task: 2 })).toEqual({ task: 4, isInNextSlot: true });
  });

  it('is the last one where no slot follows', () => {
    expect(findNextTask(handArrivals, { slot: 1, baseStation: 0, task: 3 })).toBeNull();
  });
});
