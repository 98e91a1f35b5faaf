// Runs a heuristic in the simulator: one at each of the B stations, asked in the order of admission. Each is handed an object with the
// members of its kind of knowledge and no others, which answers for the tasks of its own station alone.
import type { Environment } from '../../environment/environment.js';
import { firstTaskOf } from '../../environment/arrivals.js';
import { type AnyHeuristicRow, type Decide, USUAL_SETTINGS } from '../../heuristics/heuristic.js';
import { type HeuristicAlias, heuristicOf } from '../../heuristics/heuristics.js';
import type { KnownServers } from '../../heuristics/knowledge.js';
import type { RandomSource } from '../../../random/random.js';
import type { EpisodeDecider, SimulatorPolicy } from '../../environment/simulator-policy.js';
import { StationSlot } from './station-slot.js';

/** A heuristic as a policy of the simulator. All stations draw from the one stream of the episode, in the order of admission. */
export function createSimulatorPolicy(name: HeuristicAlias): SimulatorPolicy {
  return simulateHeuristic(name, heuristicOf(name));
}

export function simulateHeuristic(name: string, row: AnyHeuristicRow): SimulatorPolicy {
  return { name, startEpisode: (environment, random) => startStations(row, environment, () => random) };
}

/** The same with a stream of numbers for each station, so that none learns anything from how much the others draw. */
export function startStations(row: AnyHeuristicRow, environment: Environment, randomOf: (station: number) => RandomSource): EpisodeDecider {
  const slot = new StationSlot(environment, { areQueuesTrue: row.knows === 'queues' || row.knows === 'slot' });
  const stations = Array.from({ length: environment.config.baseStations }, (_, station) => bindStation(row, slot, station));
  const randoms = stations.map((_, station) => randomOf(station));
  return {
    decideSlot(observation, choices) {
      slot.startSlot(observation, choices);
      const { arrivals } = observation;
      for (let station = 0; station < stations.length; station++) {
        const first = firstTaskOf(arrivals, observation.slot, station);
        const taskCount = firstTaskOf(arrivals, observation.slot, station + 1) - first;
        if (taskCount === 0) continue;
        slot.startStation(station, first, taskCount);
        stations[station]!(taskCount, randoms[station]!);
      }
      return undefined;
    },
  };
}

type DecideBatch = (taskCount: number, random: RandomSource) => void;

function bindStation(row: AnyHeuristicRow, slot: StationSlot, station: number): DecideBatch {
  const servers = { taskCount: 0, local: station, serverCount: slot.serverCount, reachable: slot.servers, isReachable: () => true };
  const speeds = { ...servers, speeds: slot.speeds };
  const queues = { ...speeds, work: slot.work, computeSec: slot.computeSec, delaySec: slot.delaySec, leastDelay: slot.leastDelay };
  switch (row.knows) {
    case 'servers':
      return bind(row.create(USUAL_SETTINGS), servers, slot);
    case 'speeds':
      return bind(row.create(USUAL_SETTINGS), speeds, slot);
    case 'reports':
      return bind(row.create(USUAL_SETTINGS), { ...queues, expect: slot.expect }, slot);
    case 'queues':
      return bind(row.create(USUAL_SETTINGS), queues, slot);
    case 'slot':
      return bind(row.create(USUAL_SETTINGS), { ...queues, slotWork: slot.slotWork }, slot);
  }
}

function bind<Known extends KnownServers>(
  decide: Decide<Known>,
  station: Known & { taskCount: number },
  { place }: StationSlot,
): DecideBatch {
  return (taskCount, random) => {
    station.taskCount = taskCount;
    decide(station, place, random);
  };
}
