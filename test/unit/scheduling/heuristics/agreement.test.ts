// The same heuristic on the same inputs: once as the simulator runs B of it, once as each agent of a testbed runs its own.
import { describe, expect, it } from 'vitest';
import { firstTaskOf } from '../../../../src/scheduling/environment/arrivals.js';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import { STATION_HEURISTIC_NAMES, type StationHeuristicName } from '../../../../src/scheduling/heuristics/heuristics.js';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { createSimulatorPolicy } from '../../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom, type RandomSource } from '../../../../src/random/random.js';
import { smallConfig } from '../environment/small-environment.js';

// Powers of two, so that both ways of counting round alike; links without end, which both worlds have in common.
const capacities = [8, 16, 4, 16];
const config = smallConfig({ baseStations: capacities.length, slots: 12, tasksPerSlot: { min: 1, max: 15 }, knownCapacities: capacities });

function drawEpisode(seed: number) {
  const drawn = createEnvironment(config, seed);
  const arrivals = drawn.makeArrivals(0);
  const { qualitySteps, links } = arrivals;
  const noSeconds = new Float64Array(links.uploadSecPerMbit.length);
  const draw = createRandom(seed);
  return {
    environment: drawn,
    // A Gigacycle a step.
    arrivals: {
      ...arrivals,
      workGigacycles: Float64Array.from(qualitySteps),
      links: { ...links, uploadSecPerMbit: noSeconds, downloadSecPerMbit: noSeconds },
    },
    backlogs: Array.from({ length: arrivals.slots }, () => capacities.map((rate) => (draw.nextInt(0, 40) * rate) / 8)),
  };
}

type Episode = ReturnType<typeof drawEpisode>;

function simulate(name: StationHeuristicName, { environment, arrivals, backlogs }: Episode, random: RandomSource): number[] {
  const decider = createSimulatorPolicy(name).startEpisode(environment, random);
  return backlogs.flatMap((backlog, slot) => {
    const [firstTask, endTask] = [firstTaskOf(arrivals, slot, 0), firstTaskOf(arrivals, slot + 1, 0)];
    const choices = new Int32Array(endTask - firstTask);
    void decider.decideSlot({ slot, firstTask, endTask, arrivals, backlogGigacycles: Float64Array.from(backlog) }, choices);
    return [...choices];
  });
}

function scheduleOnTestbed(name: StationHeuristicName, { arrivals, backlogs }: Episode, random: RandomSource): number[] {
  const stations = capacities.map(() => createSchedulingPolicy(name));
  const choices: number[] = [];
  backlogs.forEach((backlog, slot) => {
    stations.forEach((policy, selfIndex) => {
      const [first, end] = [firstTaskOf(arrivals, slot, selfIndex), firstTaskOf(arrivals, slot, selfIndex + 1)];
      const tasks = Array.from(arrivals.qualitySteps.subarray(first, end), (steps, index) => {
        return { id: String(first + index), qualitySteps: steps, inputBits: 800 };
      });
      const edgeServers = capacities.map((rate, server) => {
        return { fixedSec: 0, secPerStep: 1 / rate, backlogSec: backlog[server]! / rate, linkMbps: Infinity, isReachable: true };
      });
      for (const { taskId, edgeServerIndex } of policy.decideBatch(tasks, { selfIndex, edgeServers }, random)) {
        choices[Number(taskId)] = edgeServerIndex;
      }
    });
  });
  return choices;
}

describe('simulator and testbed decide alike', () => {
  it.each(STATION_HEURISTIC_NAMES)('%s', (name) => {
    for (let seed = 1; seed <= 5; seed++) {
      const episode = drawEpisode(seed);
      const simulated = simulate(name, episode, createRandom(seed));
      expect(scheduleOnTestbed(name, episode, createRandom(seed))).toEqual(simulated);
      expect(simulated.length).toBeGreaterThan(200);
    }
  });
});
