// Two base stations, two slots, five tasks: small enough to work out by hand.
import type { EpisodeArrivals } from '../../../../src/scheduling/environment/arrivals.js';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import type { Environment } from '../../../../src/scheduling/environment/environment.js';
import type { EnvironmentConfig } from '../../../../src/scheduling/environment/environment-config.js';
import { PRESETS } from '../../../../src/scheduling/environment/presets.js';
import type { SimulatorPolicy, SlotObservation } from '../../../../src/scheduling/environment/simulator-policy.js';

/** The `paper` preset, small. */
export function smallConfig(changes: Partial<EnvironmentConfig> = {}): EnvironmentConfig {
  return { ...PRESETS.paper, baseStations: 3, slots: 4, tasksPerSlot: { min: 1, max: 6 }, ...changes };
}

/** f = 10 and 20 Gigacycles/s; uploads 0.1 s/Mbit and free at home, downloads 0.2 s/Mbit. */
export const handEnvironment: Environment = {
  ...createEnvironment(smallConfig({ baseStations: 2, slots: 2 }), 1),
  capacityGigacyclesPerSec: Float64Array.of(10, 20),
  makeArrivals: () => handArrivals,
};

/** Slot 0: tasks 0 and 1 at BS 0, task 2 at BS 1. Slot 1: task 3 at BS 0, task 4 at BS 1. */
export const handArrivals: EpisodeArrivals = {
  baseStations: 2,
  slots: 2,
  firstTask: Int32Array.of(0, 2, 3, 4, 5),
  sizeMbit: Float64Array.of(2, 4, 3, 2, 2),
  resultMbit: Float64Array.of(1, 0.5, 1, 1, 1),
  qualitySteps: Uint16Array.of(6, 3, 10, 2, 1),
  workGigacycles: Float64Array.of(12, 6, 20, 4, 2),
  links: { slotStride: 0, uploadSecPerMbit: Float64Array.of(0, 0.1, 0.1, 0), downloadSecPerMbit: Float64Array.of(0.2, 0.2, 0.2, 0.2) },
};

/** Sends each task where the list says, by its number in the episode. */
export function scriptedPolicy(servers: readonly number[]): SimulatorPolicy {
  return { ...perTaskPolicy((task) => servers[task] ?? -1), name: 'scripted' };
}

/** Sends each task where the function says, which is told all that the simulator tells a policy. */
export function perTaskPolicy(decide: (task: number, observation: SlotObservation) => number): SimulatorPolicy {
  return {
    name: 'per task',
    startEpisode: () => ({
      decideSlot(observation, choices) {
        const { firstTask, endTask } = observation;
        for (let task = firstTask; task < endTask; task++) choices[task - firstTask] = decide(task, observation);
        return undefined;
      },
    }),
  };
}
